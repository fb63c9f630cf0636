//! Before a member enters a room, and before it logs in with `authType` 2.

use serde_json::{Value, json};

use super::{house_with, refusing, says};
use crate::support::peer::{Heard, Peer, Say};
use crate::support::{House, code};

async fn house(script: impl Fn(usize, &Heard) -> Say + Send + Sync + 'static) -> (House, Peer) {
    house_with(script, |settings| settings.callback.joins = true).await
}

#[tokio::test]
async fn it_hears_who_wants_in_and_may_give_other_looks() {
    let (house, server) =
        house(|_, _| says(&json!({"errCode": 0, "modifyResponse": {"nick": "Annie", "avatar": "http://a"}}))).await;
    let room = house.room().await;
    let token = house.account("ann").await;
    let mut client = house.visitor().await;
    let login = json!({"appKey": "key", "accid": "ann", "token": token, "clientType": "iOS", "deviceId": "d1", "loginExt": "l"});
    client.request("login", login).await.unwrap();
    let joined =
        client.request("join", json!({"roomid": room.to_string(), "nick": "A", "notifyExt": "n"})).await.unwrap();
    assert_eq!((&joined["member"]["nick"], &joined["member"]["avator"]), (&json!("Annie"), &json!("http://a")));
    let body = server.heard()[0].json();
    assert_eq!(body["eventType"], 37);
    let names = [
        "roomid",
        "fromAccount",
        "nick",
        "notifyExt",
        "fromClientType",
        "fromDeviceId",
        "loginExt",
        "loginAuthType",
        "token",
    ];
    let seen = names.map(|name| body[name].as_str().unwrap_or("-").to_owned());
    assert_eq!(seen, [&room.to_string(), "ann", "A", "n", "IOS", "d1", "l", "0", &token]);
}

#[tokio::test]
async fn whom_it_refuses_does_not_get_in() {
    let (house, _server) = house(|_, _| says(&json!({"errCode": 1, "responseCode": 20001}))).await;
    let room = house.room().await;
    let mut ann = house.member("ann").await;
    assert_eq!(code(ann.client.join(room).await), Some(20001));
    assert_eq!(house.look_at(room).await["onlineusercount"], 0);
}

#[tokio::test]
async fn nobody_is_asked_about_whom_the_room_refuses() {
    let (house, server) = house(|_, _| says(&json!({"errCode": 0}))).await;
    let room = house.room().await;
    let mut ann = house.member("ann").await;
    house.assigns(room, "ann", -1, true).await;
    assert_eq!(code(ann.client.join(room).await), Some(13003));
    assert!(server.heard().is_empty());
}

async fn log_in(house: &House, accid: &str) -> Result<Value, roomgate::client::ClientError> {
    let mut client = house.visitor().await;
    client.request("login", json!({"appKey": "key", "accid": accid, "authType": 2, "loginExt": "ticket"})).await
}

#[tokio::test]
async fn a_login_of_kind_2_is_decided_by_it_alone() {
    let (house, server) = house_with(
        |_, heard| says(&json!({"errCode": u8::from(heard.json()["loginExt"] != "ticket" || heard.json()["fromAccount"] == "eve")})),
        |_| (),
    )
    .await;
    house.account("ann").await;
    house.account("eve").await;
    log_in(&house, "ann").await.unwrap();
    assert_eq!(code(log_in(&house, "eve").await), Some(403));
    assert_eq!(code(log_in(&house, "nobody").await), Some(302));
    let body = server.heard()[0].json();
    assert_eq!((&body["loginAuthType"], &body["roomid"]), (&json!("2"), &Value::Null));
}

#[tokio::test]
async fn where_it_does_not_answer_kind_2_never_gets_in() {
    for refuse in [false, true] {
        let (house, _server) = house_with(
            |_, _| Say::Status(500),
            |settings| {
                if refuse {
                    refusing(settings);
                }
            },
        )
        .await;
        house.account("ann").await;
        assert_eq!(code(log_in(&house, "ann").await), Some(403));
    }
    let house = House::open().await;
    house.account("ann").await;
    let refusal = log_in(&house, "ann").await.unwrap_err();
    assert!(refusal.to_string().contains("callback.url"), "{refusal}");
}
