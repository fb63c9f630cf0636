//! Web pages reach loopback, and must not reach what operators do there.

use super::tell;
use crate::support::peer::Peer;
use crate::support::{House, Http};

#[tokio::test]
async fn a_page_is_refused_and_so_is_a_name_that_was_made_to_lead_here() {
    let peer = Peer::good().await;
    let house = House::with(tell(&peer)).await;
    let internal = Http::to(house.gateway.internal_addr());
    for path in ["/webhook/test", "/webhook/retry?state=dead", "/webhook/events/a-1/retry"] {
        for origin in ["http://evil.example", "null", "http://127.0.0.1:9090"] {
            let answer = internal.send("POST", path, &[("Origin", origin)], b"").await;
            assert_eq!(answer.status, 403, "{path} {origin}");
            assert!(answer.body.contains("Origin"), "{answer:?}");
        }
    }
    for (host, expected) in [("evil.example", 403), ("evil.example:9090", 403), ("gateway:9090", 200), ("[::1]", 200)] {
        let request = format!("GET /webhook/events HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_eq!(internal.raw(request.as_bytes()).await.status, expected, "{host}");
    }
    assert_eq!(peer.heard().len(), 0);
    assert_eq!(house.http().send("GET", "/webhook/events", &[], b"").await.status, 404, "not on the public listener");
}
