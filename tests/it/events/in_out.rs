//! Events 9 and 84: who enters, leaves and is put out, and who could not get in.

use serde_json::{Value, json};

use super::{events, house, members};
use crate::support::House;

const SEEN: [&str; 5] = ["event", "accid", "logOutReason", "roleType", "clientType"];

#[tokio::test]
async fn whoever_enters_and_leaves_is_told_with_why() {
    let (house, receiver) = house().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    ann.client.leave(room).await.unwrap();
    let mut owner = house.owner().await;
    owner.enters(room).await;
    drop(owner);
    let told = events(&receiver, "9", 4).await;
    let seen: Vec<_> = told.iter().map(|event| members(event, SEEN)).collect();
    let expected = [
        ["IN", "ann", "-", "3", "WEB"],
        ["OUT", "ann", "EXIT", "3", "WEB"],
        ["IN", "owner", "-", "1", "WEB"],
        ["OUT", "owner", "OFFLINE", "1", "WEB"],
    ];
    assert_eq!(seen, expected);
    assert!(told.iter().all(|event| event["clientIp"] == "127.0.0.1" && event["roomId"] == room.to_string()));
}

#[tokio::test]
async fn an_account_with_two_sessions_comes_and_goes_once() {
    let (house, receiver) = house().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut again = house.log_in("ann", &ann.token.clone()).await;
    again.client.join(room).await.unwrap();
    again.client.leave(room).await.unwrap();
    ann.client.leave(room).await.unwrap();
    let told = events(&receiver, "9", 2).await;
    assert_eq!([&told[0]["event"], &told[1]["event"]], ["IN", "OUT"]);
}

#[tokio::test]
async fn put_out_by_a_manager_is_a_kick_and_by_the_blocklist_nothing() {
    let (house, receiver) = house().await;
    let room = house.room().await;
    let (mut ann, mut bob) = (house.member_in(room, "ann").await, house.member_in(room, "bob").await);
    ann.hears_notice(301, "bob").await;
    let id = room.to_string();
    house.call("chatroom/kickMember", &[("roomid", &id), ("accid", "owner"), ("targetAccid", "ann")]).await;
    house.assigns(room, "bob", -1, true).await;
    ann.is_out(room, 2).await;
    bob.hears_notice(313, "ann").await;
    bob.is_out(room, 5).await;
    let cem = house.member_in(room, "cem").await;
    house.call("chatroom/toggleCloseStat", &[("roomid", &id), ("operator", "owner"), ("valid", "false")]).await;
    drop(cem);
    let told = events(&receiver, "9", 5).await;
    let seen: Vec<_> = told[2..].iter().map(|event| members(event, ["event", "accid", "logOutReason"])).collect();
    assert_eq!(seen, [["KICK", "ann", "KICK"], ["IN", "cem", "-"], ["OUT", "cem", "KICK"]]);
}

#[tokio::test]
async fn who_could_not_get_in_is_told_with_the_documented_reason() {
    let (house, receiver) = house().await;
    let room = house.room().await;
    let mut visitor = house.visitor().await;
    assert!(visitor.login("key", "owner", "wrong").await.is_err());
    let mut ann = house.member("ann").await;
    assert!(ann.client.request("join", json!({"roomid": "999"})).await.is_err());
    house.assigns(room, "ann", -1, true).await;
    assert!(ann.client.join(room).await.is_err());
    let told = events(&receiver, "84", 3).await;
    let seen: Vec<_> = told.iter().map(|event| members(event, ["accid", "code", "reason", "event"])).collect();
    let expected = [
        ["owner", "302", "login.token.error", "0"],
        ["ann", "404", "chatroom.not.exists", "0"],
        ["ann", "13003", "chatroom.in.blacklist", "0"],
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn whoever_is_in_when_the_gateway_stops_is_told_of_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = crate::support::peer::Peer::good().await;
    let url: url::Url = receiver.url().parse().unwrap();
    let open = || {
        House::start(roomgate::base::Clock::system(), |settings| {
            settings.data = Some(folder.path().to_owned());
            settings.webhook.url = Some(url.clone());
        })
    };
    let house = open().await;
    let room = house.room().await;
    let ann = house.member_in(room, "ann").await;
    house.gateway.stop(std::time::Duration::from_secs(5)).await;
    drop(ann);
    let _house = open().await;
    let told = events(&receiver, "9", 2).await;
    let last: &Value = &told[1];
    assert_eq!(members(last, ["event", "accid", "logOutReason"]), ["OUT", "ann", "OFFLINE"]);
}
