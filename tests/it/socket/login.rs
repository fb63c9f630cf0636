use roomgate::client::Event;
use serde_json::json;

use crate::support::{House, code};

#[tokio::test]
async fn the_reply_tells_session_user_and_limits() {
    let house = House::open().await;
    house
        .call("user/create", &[("accid", "ann"), ("name", "Ann"), ("icon", "http://i"), ("ex", "e"), ("token", "t")])
        .await;
    let reply = house.visitor().await.login("key", "Ann", "t").await.unwrap();
    assert_eq!(reply["user"], json!({"accid": "ann", "name": "Ann", "icon": "http://i", "ex": "e"}));
    assert_eq!(reply["resumed"], false);
    assert!(reply["session"].as_str().is_some_and(|session| session.len() == 32), "{reply}");
    assert_eq!(reply["limits"]["recipients"], 100);
}

#[tokio::test]
async fn a_wrong_login_is_answered_and_closed() {
    let house = House::open().await;
    let token = house.account("ann").await;
    for (key, accid, token, expected) in [
        ("key", "ann", "wrong", 302),
        ("key", "nobody", &*token, 302),
        ("other", "ann", &token, 403),
        ("key", "a b", &token, 414),
    ] {
        let mut visitor = house.visitor().await;
        assert_eq!(code(visitor.login(key, accid, token).await), Some(expected));
        assert!(matches!(visitor.next().await, Some(Event::Closed { code: Some(4001), .. })));
    }
}

#[tokio::test]
async fn nothing_goes_before_login_and_one_login_is_enough() {
    let house = House::open().await;
    let room = house.room().await;
    let mut visitor = house.visitor().await;
    assert_eq!(code(visitor.join(room).await), Some(403));
    let token = house.account("ann").await;
    visitor.login("key", "ann", &token).await.unwrap();
    assert_eq!(code(visitor.login("key", "ann", &token).await), Some(417));
    visitor.join(room).await.unwrap();
}

#[tokio::test]
async fn the_tenth_frame_before_login_is_the_last() {
    let house = House::open().await;
    let mut visitor = house.visitor().await;
    for number in 1..=10 {
        assert_eq!(code(visitor.ping().await), Some(403), "{number}");
    }
    assert!(matches!(visitor.next().await, Some(Event::Closed { code: Some(4100), .. })));
}

#[tokio::test]
async fn a_login_of_the_same_device_takes_the_place() {
    let house = House::open().await;
    let room = house.room().await;
    let token = house.account("ann").await;
    let login = json!({"appKey": "key", "accid": "ann", "token": token, "deviceId": "phone"});
    let mut first = house.visitor().await;
    first.request("login", login.clone()).await.unwrap();
    first.join(room).await.unwrap();
    let mut second = house.visitor().await;
    second.request("login", login).await.unwrap();
    let mut events = Vec::new();
    while let Some(event) = first.next().await {
        events.push(event);
    }
    let [.., kicked, closed] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(*kicked, Event::Kicked { room, reason: 3, notify_ext: None });
    assert!(matches!(closed, Event::Closed { code: Some(4003), .. }), "{closed:?}");
    second.ping().await.unwrap();
}

#[tokio::test]
async fn the_oldest_session_gives_way_to_one_too_many() {
    let house = House::with(|settings| settings.limits.sessions_per_account = 2).await;
    let mut first = house.member("ann").await;
    let mut second = house.log_in("ann", &first.token).await;
    let mut third = house.log_in("ann", &first.token).await;
    first.is_closed_with(4003).await;
    second.client.ping().await.unwrap();
    third.client.ping().await.unwrap();
}
