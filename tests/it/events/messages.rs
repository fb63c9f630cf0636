//! Event 4: messages.

use roomgate::base::RoomId;
use roomgate::client::Outgoing;
use serde_json::{Value, json};

use super::{events, house, members};
use crate::support::House;
use crate::support::peer::Peer;

/// The application server says something in ann's name.
async fn says(house: &House, room: RoomId, text: &str, more: &[(&str, &str)]) -> Value {
    let room = room.to_string();
    let id = format!("id of {text}");
    let usual = [("roomid", &*room), ("fromAccid", "ann"), ("msgType", "0"), ("attach", text), ("msgId", &id)];
    let usual = usual.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let params: Vec<(&str, &str)> = usual.chain(more.iter().copied()).collect();
    house.call("chatroom/sendMsg", &params).await
}

#[tokio::test]
async fn a_message_to_the_room_is_told_with_all_that_is_documented() {
    let (house, receiver) = house().await;
    let room = house.room().await;
    house.account("ann").await;
    let more = [("ext", "{}"), ("subType", "7"), ("resendFlag", "1"), ("msgId", "m-1")];
    let sent = says(&house, room, "hello", &more).await;
    let event = &events(&receiver, "4", 1).await[0];
    let time = sent["desc"]["time"].as_str().unwrap();
    let names = [
        "attach",
        "fromAccount",
        "fromNick",
        "fromClientType",
        "msgType",
        "msgidClient",
        "ext",
        "resendFlag",
        "subType",
    ];
    assert_eq!(members(event, names), ["hello", "ann", "ANN", "REST", "TEXT", "m-1", "{}", "1", "7"]);
    assert_eq!(members(event, ["roomId", "msgTimestamp", "sequence", "toAccids"]), [&room.to_string(), time, "1", "-"]);
}

#[tokio::test]
async fn a_directed_message_names_its_recipients_and_a_members_its_looks() {
    let (house, receiver) = house().await;
    let room = house.room().await;
    let mut ann = house.member("ann").await;
    ann.client.request("join", json!({"roomid": room.to_string(), "nick": "Annie", "ext": "x"})).await.unwrap();
    ann.sends(room, Outgoing::text("psst").to(["bob", "cem"])).await;
    let event = &events(&receiver, "4", 1).await[0];
    let names = ["toAccids", "fromNick", "fromExt", "fromClientType"];
    assert_eq!(members(event, names), [r#"["bob","cem"]"#, "Annie", "x", "WEB"]);
}

#[tokio::test]
async fn route_0_tells_nobody_and_env_chooses_whom() {
    let (main, test) = (Peer::good().await, Peer::good().await);
    let (url, env) = (main.url().parse().unwrap(), test.url().parse().unwrap());
    let house = House::with(|settings| {
        settings.webhook.url = Some(url);
        settings.webhook.env.insert("test".into(), env);
    })
    .await;
    let room = house.room().await;
    house.account("ann").await;
    for (text, name, value) in
        [("silent", "route", "0"), ("there", "env", "test"), ("elsewhere", "env", "unknown"), ("plain", "ext", "")]
    {
        says(&house, room, text, &[(name, value)]).await;
    }
    let texts = |events: Vec<Value>| -> Vec<String> {
        events.iter().map(|event| event["attach"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(texts(events(&main, "4", 2).await), ["elsewhere", "plain"]);
    assert_eq!(texts(events(&test, "4", 1).await), ["there"]);
}

#[tokio::test]
async fn what_is_refused_or_dropped_is_not_told() {
    let (house, receiver) = house().await;
    let room = house.room().await;
    house.account("ann").await;
    house.mutes(room, "ann", 60).await;
    assert_eq!(house.api.send(room, "ann", Outgoing::text("muted")).await.unwrap_err().code(), Some(13004));
    assert!(house.api.send(room, "nobody", Outgoing::text("unknown")).await.is_err());
    house.server_sends(room, "owner", Outgoing::text("after")).await;
    assert_eq!(events(&receiver, "4", 1).await[0]["attach"], "after");
    assert!(house.metric(r#"roomgate_messages_refused_total{rule="muted"}"#) >= 1.0);
    assert!(house.metric(r#"roomgate_messages_refused_total{rule="no_account"}"#) >= 1.0);
}

#[tokio::test]
async fn a_broadcast_is_one_event_without_a_room() {
    let receiver = Peer::good().await;
    let url = receiver.url().parse().unwrap();
    let house = House::with(|settings| {
        settings.webhook.url = Some(url);
        settings.rooms.broadcast = true;
    })
    .await;
    let (room, other) = (house.room().await, house.room().await);
    let (_ann, _bob) = (house.member_in(room, "ann").await, house.member_in(other, "bob").await);
    let params = [("msgId", "b1"), ("fromAccid", "owner"), ("msgType", "0"), ("attach", "to all")];
    house.call("chatroom/broadcast", &params).await;
    let event = &events(&receiver, "4", 1).await[0];
    assert_eq!(members(event, ["attach", "roomId"]), ["to all", "-"]);
}
