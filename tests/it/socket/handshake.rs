use crate::support::House;
use crate::support::raw::handshake;

async fn head(house: &House, headers: &[(&str, &str)]) -> String {
    handshake(house.gateway.addr(), "/ws", headers).await.1.to_lowercase()
}

#[tokio::test]
async fn the_accept_key_is_the_one_of_the_rfc() {
    let house = House::open().await;
    let head = head(&house, &[]).await;
    assert!(head.starts_with("http/1.1 101 "), "{head}");
    assert!(head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="), "{head}");
    assert!(!head.contains("sec-websocket-extensions") && !head.contains("sec-websocket-protocol"), "{head}");
}

#[tokio::test]
async fn the_protocol_is_selected_only_where_it_is_offered() {
    let house = House::open().await;
    let offered = head(&house, &[("Sec-WebSocket-Protocol", "chat, roomgate.v1")]).await;
    assert!(offered.contains("sec-websocket-protocol: roomgate.v1\r\n"), "{offered}");
    let other = head(&house, &[("Sec-WebSocket-Protocol", "chat")]).await;
    assert!(other.starts_with("http/1.1 101 ") && !other.contains("sec-websocket-protocol"), "{other}");
}

#[tokio::test]
async fn bad_handshakes_are_refused_with_a_reason() {
    let house = House::open().await;
    let cases: [(&[(&str, &str)], &str); 8] = [
        (&[("Sec-WebSocket-Version", "8")], "426"),
        (&[("Sec-WebSocket-Key", "")], "400"),
        (&[("Sec-WebSocket-Key", "short==")], "400"),
        (&[("Sec-WebSocket-Key", "!!!!!!!!!!!!!!!!!!!!!!==")], "400"),
        (&[("X", "y"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Version", "8")], "426"),
        (&[("Upgrade", "h2c")], "426"),
        (&[("Connection", "close")], "426"),
        (&[("Origin", "http://evil.example")], "403"),
    ];
    for (headers, status) in cases {
        let head = head(&house, headers).await;
        assert!(head.starts_with(&format!("http/1.1 {status} ")), "{headers:?}: {head}");
    }
}

#[tokio::test]
async fn a_name_that_somebody_points_at_this_machine_is_not_our_own_origin() {
    let house = House::open().await;
    let rebound = [("Host", "evil.example:8080"), ("Origin", "http://evil.example:8080")];
    assert!(head(&house, &rebound).await.starts_with("http/1.1 403 "));
}

#[tokio::test]
async fn pages_of_our_own_origin_and_of_listed_ones_may_connect() {
    let house = House::with(|settings| settings.socket.allowed_origins = vec!["https://app.example".into()]).await;
    let own = format!("http://{}", house.gateway.addr());
    for origin in [own.as_str(), "https://app.example"] {
        let head = head(&house, &[("Origin", origin)]).await;
        assert!(head.starts_with("http/1.1 101 "), "{origin}: {head}");
    }
}
