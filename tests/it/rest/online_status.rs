//! `userOnlineStatus`: who has a session, and what sessions.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{House, SOON};

async fn status(house: &House, accids: &str) -> Value {
    house.call("user/userOnlineStatus", &[("accids", accids)]).await["data"].clone()
}

#[tokio::test]
async fn only_who_is_online_is_named_and_who_is_unknown_is_told() {
    let house = House::open().await;
    house.account("offline").await;
    let answer = status(&house, r#"["offline", "nobody"]"#).await;
    assert_eq!(answer, json!({"invalidAccids": ["nobody"], "status": {}, "onlineStatusList": []}));
    let ann = house.member("ann").await;
    let answer = status(&house, r#"["nobody", "Ann", 7, "offline"]"#).await;
    assert_eq!(answer["invalidAccids"], json!(["nobody", "7"]));
    assert_eq!(answer["status"].as_object().unwrap().keys().collect::<Vec<_>>(), ["ann"]);
    ann.client.close().await;
    let deadline = std::time::Instant::now() + SOON;
    while status(&house, r#"["ann"]"#).await != json!({"invalidAccids": [], "status": {}, "onlineStatusList": []}) {
        assert!(std::time::Instant::now() < deadline, "it is online for ever");
    }
}

#[tokio::test]
async fn every_session_says_what_it_came_from_and_when() {
    let house = House::with_patience(|_| ()).await;
    let token = house.account("ann").await;
    let mut sessions = Vec::new();
    let mut expected = Vec::new();
    for (kind, number) in [("Web", 16), ("Android", 1), ("iOS", 2), ("PC", 4), ("Mac", 64)] {
        let mut client = house.visitor().await;
        let login = json!({"appKey": "key", "accid": "ann", "token": token, "clientType": kind});
        client.request("login", login).await.unwrap();
        sessions.push(client);
        expected.push(json!({"clientType": number, "loginTime": house.clock.wall()}));
        house.clock.advance(Duration::from_secs(1));
    }
    let answer = status(&house, r#"["ann"]"#).await;
    assert_eq!(answer["status"], json!({ "ann": expected }), "what the Java SDK reads");
    assert_eq!(
        answer["onlineStatusList"],
        json!([{"accid": "ann", "statusList": expected}]),
        "what the one for Go reads"
    );
}

#[tokio::test]
async fn it_asks_for_1_to_200_accounts() {
    let house = House::open().await;
    let many = |count: usize| json!((0..count).map(|n| n.to_string()).collect::<Vec<_>>()).to_string();
    let (most, more) = (many(200), many(201));
    for bad in ["", "[]", "ann", "{}", r#"["a b"]"#, &more] {
        let (code, desc) = house.refusal("user/userOnlineStatus", &[("accids", bad)]).await;
        assert_eq!((code, desc.starts_with("accids: expected")), (414, true), "{desc}");
    }
    assert_eq!(status(&house, &most).await["invalidAccids"].as_array().map(Vec::len), Some(200));
}
