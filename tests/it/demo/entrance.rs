//! Who is let in, and from where.

use roomgate::base::{Clock, limits};
use serde_json::json;

use crate::support::{House, SOON};

#[tokio::test]
async fn it_gives_tokens_for_its_own_accounts_only() {
    let house = House::with_demo().await;
    house.account("boss").await;
    let http = house.http();
    let enter =
        async |name: &str| http.send("POST", "/demo/enter", &[], format!(r#"{{"name":"{name}"}}"#).as_bytes()).await;
    let entered = enter("Alice").await.done();
    assert_eq!(
        (&entered["accid"], &entered["nick"], &entered["roomid"]),
        (&"alice".into(), &"Alice".into(), &"1".into())
    );
    house.log_in("alice", entered["token"].as_str().unwrap()).await;
    for taken in ["boss", "demo"] {
        assert_eq!(enter(taken).await.refused(), (403, 403), "{taken}");
    }
    assert_eq!(enter("").await.refused(), (400, 414));
}

#[tokio::test]
async fn it_makes_so_many_accounts_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let start = async || House::with_demo_in(folder.path(), Clock::system(), |_| ()).await;
    start().await.gateway.stop(SOON).await;
    // It has made demo and alice; one more is to come.
    let many = format!(
        "INSERT INTO user (accid, token, name, icon, sign, email, birth, mobile, gender, ex)
        WITH RECURSIVE number (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM number WHERE n < {})
        SELECT 'guest' || n, zeroblob(32), '', '', '', '', '', '', 0, '{{\"roomgate\":\"demo\"}}' FROM number",
        limits::DEMO_ACCOUNTS - 3
    );
    rusqlite::Connection::open(folder.path().join("roomgate.db")).unwrap().execute_batch(&many).unwrap();
    let house = start().await;
    house.guest("Ann").await;
    let enter = async |name: &str| {
        let entering = json!({ "name": name }).to_string();
        house.http().send("POST", "/demo/enter", &[], entering.as_bytes()).await
    };
    assert_eq!(enter("Bob").await.refused(), (400, 419));
    for known in ["Ann", "guest7", "alice"] {
        enter(known).await.done();
    }
}

#[tokio::test]
async fn pages_of_other_sites_may_do_nothing() {
    let house = House::with_demo().await;
    let ann = house.guest("Ann").await;
    let [account, token] = ann.headers();
    for path in ["/demo/enter", "/demo/rooms", "/demo/files?name=a.png", "/demo/server", "/demo/slow", "/demo/cut"] {
        let foreign = [("Origin", "http://evil.example"), account, token];
        assert_eq!(house.http().send("POST", path, &foreign, br#"{"name":"x"}"#).await.refused(), (403, 403), "{path}");
    }
    let own = format!("http://{}", house.gateway.addr());
    let own = [("Origin", own.as_str()), account, token];
    house.http().send("POST", "/demo/rooms", &own, br#"{"name":"x"}"#).await.done();
}

#[tokio::test]
async fn behind_a_proxy_it_is_not_there_unless_asked_for() {
    const PATHS: [&str; 4] = ["/", "/client/index.js", "/demo/rooms", "/demo/suggest"];
    let proxied = [("X-Forwarded-For", "192.0.2.1")];
    let auto = House::with(|settings| settings.demo = None).await;
    for path in PATHS {
        assert_eq!(auto.http().send("GET", path, &[], b"").await.status, 200, "{path}");
        assert_eq!(auto.http().send("GET", path, &proxied, b"").await.status, 404, "{path}");
        let rebound = format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
        assert_eq!(auto.http().raw(rebound.as_bytes()).await.status, 404, "{path}");
    }
    for host in ["", "Host: 127.0.0.1\r\n"] {
        let silent = format!("GET /demo/rooms HTTP/1.0\r\n{host}\r\n");
        assert_eq!(auto.http().raw(silent.as_bytes()).await.status, 404, "nginx as it comes: {host}");
    }
    let ann = auto.guest("Ann").await;
    let url = ann.puts("a.png", b"a picture").await["url"].as_str().unwrap().to_owned();
    assert_eq!(auto.http().send("GET", &url, &proxied, b"").await.status, 404);
    let asked = House::with_demo().await;
    assert_eq!(asked.http().send("GET", "/demo/rooms", &proxied, b"").await.status, 200);
}

#[tokio::test]
async fn switched_off_it_is_not_there() {
    let off = House::open().await;
    for path in
        ["/", "/app.js", "/client/index.js", "/demo/suggest", "/demo/rooms", "/demo/inside?roomid=1", "/demo/files/a/b"]
    {
        assert_eq!(off.http().send("GET", path, &[], b"").await.status, 404, "{path}");
    }
    for path in ["/demo/enter", "/demo/rooms", "/demo/files?name=a", "/demo/server", "/demo/slow", "/demo/cut"] {
        assert_eq!(off.http().send("POST", path, &[], br#"{"name":"x"}"#).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn whoever_acts_must_prove_who_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::with_demo_in(folder.path(), Clock::system(), |_| ()).await;
    let boss = house.account("boss").await;
    let (ann, bob) = (house.guest("Ann").await, house.guest("Bob").await);
    let wrong: [&[(&str, &str)]; 5] = [
        &[],
        &[("X-Demo-Account", "ann")],
        &[("X-Demo-Account", "ann"), ("X-Demo-Token", &bob.token)],
        &[("X-Demo-Account", "nobody"), ("X-Demo-Token", &ann.token)],
        // An account of the application, although its token is right.
        &[("X-Demo-Account", "boss"), ("X-Demo-Token", &boss)],
    ];
    for path in ["/demo/rooms", "/demo/files?name=a.png", "/demo/server", "/demo/slow", "/demo/cut"] {
        for headers in wrong {
            let status = house.http().send("POST", path, headers, br#"{"name":"x"}"#).await.status;
            assert!([400, 403].contains(&status), "{path} {headers:?}: {status}");
        }
    }
    assert_eq!(std::fs::read_dir(folder.path().join("demo-files")).unwrap().count(), 0);
    house.call("user/block", &[("accid", "ann")]).await;
    assert_eq!(ann.posts("/demo/rooms", &json!({ "name": "x" })).await.refused(), (403, 422));
    house.gateway.stop(SOON).await;
}
