use crate::support::House;

/// A signed `user/create` with this type and body, sent with a length.
async fn create(house: &House, kind: Option<&str>, body: &[u8]) -> (u64, String) {
    let headers: Vec<_> = kind.map(|kind| ("Content-Type", kind)).into_iter().collect();
    let answer = house.http().signed("user/create", &headers, body).await;
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    (body["code"].as_u64().unwrap(), body["desc"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn content_types_that_clients_send_are_taken() {
    let house = House::open().await;
    let kinds = [
        None,
        Some("application/x-www-form-urlencoded"),
        Some("application/x-www-form-urlencoded;charset=UTF-8"),
        Some("application/x-www-form-urlencoded; charset=utf-8;"),
        Some("application/x-www-form-urlencoded;"),
    ];
    for (number, kind) in kinds.into_iter().enumerate() {
        assert_eq!(create(&house, kind, format!("accid=a{number}").as_bytes()).await.0, 200, "{kind:?}");
    }
    let (code, desc) = create(&house, Some("application/json"), b"{}").await;
    assert_eq!((code, desc.starts_with("Content-Type: expected")), (414, true), "{desc}");
}

#[tokio::test]
async fn a_chunked_body_is_taken() {
    let house = House::open().await;
    let chunks = b"5\r\naccid\r\n4\r\n=ann\r\n0\r\n\r\n";
    let answer = house.http().signed("user/create", &[("Transfer-Encoding", "chunked")], chunks).await;
    assert!(answer.body.contains(r#""accid":"ann""#), "{answer:?}");
}

#[tokio::test]
async fn parameters_may_stand_in_the_query() {
    let house = House::open().await;
    let signed = house.gateway.app().sign(&house.clock);
    let path = "/nimserver/user/create.action?accid=query&name=N";
    let answer = house.http().send("POST", path, &signed.pairs(), b"accid=body").await;
    assert!(answer.body.contains(r#""accid":"body","name":"N""#), "the body comes first: {}", answer.body);
}

#[tokio::test]
async fn text_survives_its_encoding() {
    let house = House::open().await;
    let body = b"accid=ann&name=a+b%2Bc*~%E8%AF%AD%26%3D";
    assert_eq!(create(&house, None, body).await.0, 200);
    let found = house.call("user/getUinfos", &[("accids", r#"["ann"]"#)]).await;
    assert_eq!(found["uinfos"][0]["name"], "a b+c*~语&=");
}

#[tokio::test]
async fn invalid_utf8_and_nul_in_ids_are_refused() {
    let house = House::open().await;
    for body in [&b"accid=%ff"[..], b"accid=\xff", b"accid=a%00", b"accid=ann&name=%c3%28"] {
        let (code, desc) = create(&house, None, body).await;
        assert_eq!(code, 414, "{desc}");
    }
}
