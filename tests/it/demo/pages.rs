//! What the demo serves as it was built.

use crate::support::House;

#[tokio::test]
async fn pages_and_the_client_have_their_types_and_a_strict_policy() {
    let house = House::with_demo().await;
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/app.js", "text/javascript; charset=utf-8"),
        ("/base/style.css", "text/css; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml"),
        ("/client/index.js", "text/javascript; charset=utf-8"),
    ] {
        let file = house.http().send("GET", path, &[], b"").await;
        assert_eq!((file.status, file.header("content-type")), (200, Some(kind)), "{path}");
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
        let policy = file.header("content-security-policy").unwrap();
        for rule in ["default-src 'none'", "img-src 'self' data: blob:;", "media-src 'self';", "script-src 'self';"] {
            assert!(policy.contains(rule), "{policy}");
        }
    }
    for path in ["/client/", "/client/../app.js", "/client/nothing.js", "/../Cargo.toml", "/nothing"] {
        assert_eq!(house.http().send("GET", path, &[], b"").await.status, 404, "{path}");
    }
    assert_eq!(house.http().send("POST", "/", &[], b"").await.status, 404);
}
