//! What a room's history has of each message, and which it never has (section 6.2).

use roomgate::base::RoomId;
use roomgate::client::Outgoing;
use serde_json::{Value, json};

use crate::support::House;
use crate::support::past::notices;

#[tokio::test]
async fn a_message_has_the_documented_members() {
    let house = House::open().await;
    let room = house.room().await;
    house.call("user/create", &[("accid", "ann"), ("name", "Ann"), ("icon", "http://i"), ("token", "t")]).await;
    let mut ann = house.log_in("ann", "t").await;
    let join = json!({"roomid": room.to_string(), "nick": "Annie"});
    ann.client.request("join", join).await.unwrap();
    let mut login = house.visitor().await;
    let phone = json!({"appKey": "key", "accid": "ann", "token": "t", "clientType": "Android"});
    login.request("login", phone).await.unwrap();
    login.join(room).await.unwrap();
    let by_server = house.server_sends(room, "ann", Outgoing::text("one").id("1").ext("e")).await;
    let by_web = ann.sends(room, Outgoing::text(r#"{"two":2}"#).id("2").kind(100)).await;
    let by_phone = login.send(room, Outgoing::text("three").id("3")).await.unwrap();
    let spoken: Vec<Value> = house.past(room, &[("type", "0,100")]).await;
    let expected = json!([
        {"from": "ann", "msgid": "1", "sendtime": by_server.message.time(), "type": 0, "fromclienttype": 32, "body": "one",
            "ext": "e", "fromNick": "Ann", "fromAvator": "http://i"},
        {"from": "ann", "msgid": "2", "sendtime": by_web.message.time(), "type": 100, "fromclienttype": 16,
            "body": r#"{"two":2}"#, "fromNick": "Annie", "fromAvator": "http://i"},
        {"from": "ann", "msgid": "3", "sendtime": by_phone.message.time(), "type": 0, "fromclienttype": 1, "body": "three",
            "fromNick": "Annie", "fromAvator": "http://i"},
    ]);
    assert_eq!(json!(spoken), expected);
}

#[tokio::test]
async fn notices_are_in_it_as_they_were_told() {
    let house = House::open().await;
    let room = house.room().await;
    let mut stays = house.member_in(room, "stays").await;
    let mut ann = house.member("ann").await;
    ann.client.request("join", json!({"roomid": room.to_string(), "notifyExt": "hello"})).await.unwrap();
    let told = stays.hears_notice(301, "ann").await;
    ann.client.leave(room).await.unwrap();
    stays.hears_notice(302, "ann").await;
    let id = room.to_string();
    let mute = [
        ("roomid", id.as_str()),
        ("operator", "owner"),
        ("target", "ann"),
        ("muteDuration", "60"),
        ("needNotify", "true"),
    ];
    house.call("chatroom/temporaryMute", &mute).await;
    let past = house.past(room, &[("type", "5")]).await;
    assert_eq!(notices(&past), [301, 301, 302, 314]);
    assert_eq!(serde_json::from_str::<Value>(past[1]["body"].as_str().unwrap()).unwrap(), told);
    assert_eq!((&past[1]["from"], &past[1]["fromclienttype"]), (&json!("ann"), &json!(16)));
    assert_eq!((&past[3]["from"], &past[3]["fromclienttype"]), (&json!("owner"), &json!(32)));
}

#[tokio::test]
async fn what_nobody_was_told_is_not_in_it() {
    let house = House::open().await;
    house.account("owner").await;
    let quiet = [("creator", "owner"), ("name", "quiet"), ("inOutNotification", "0")];
    let made = house.call("chatroom/create", &quiet).await;
    let room = RoomId::parse("roomid", &made["chatroom"]["roomid"].to_string()).unwrap();
    let mut ann = house.member("ann").await;
    ann.client.join(room).await.unwrap();
    ann.client.leave(room).await.unwrap();
    assert!(house.past(room, &[]).await.is_empty());
}

#[tokio::test]
async fn what_was_not_for_the_room_or_not_sent_or_not_to_be_kept_is_not_in_it() {
    let house = House::with(|settings| settings.rooms.broadcast = true).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    house.server_sends(room, "owner", Outgoing::text("directed").to(["ann"])).await;
    ann.sends(room, Outgoing::text("directed").to(["ann"])).await;
    house.call("chatroom/broadcast", &[("msgId", "m"), ("fromAccid", "owner"), ("attach", "broadcast")]).await;
    let id = room.to_string();
    let skipped =
        [("roomid", id.as_str()), ("msgId", "m"), ("fromAccid", "owner"), ("attach", "x"), ("skipHistory", "1")];
    house.call("chatroom/sendMsg", &skipped).await;
    let skipped = json!({"roomid": id, "msgId": "m", "msgType": 0, "attach": "x", "skipHistory": 1});
    ann.client.request("send", skipped).await.unwrap();
    let abandoned =
        [("roomid", id.as_str()), ("msgId", "m"), ("fromAccid", "owner"), ("attach", "kept"), ("abandonRatio", "9999")];
    let mut kept = 0;
    while house.call("chatroom/sendMsg", &abandoned).await["desc"]["msgAbandonFlag"] != 1 {
        kept += 1;
    }
    assert_eq!(house.past_texts(room).await.len(), kept);
    house.server_sends(room, "owner", Outgoing::text("last")).await;
    assert_eq!(house.past_texts(room).await.last().map(String::as_str), Some("last"));
}

#[tokio::test]
async fn what_is_sent_again_stands_in_it_once() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for _ in 0..2 {
        house.server_sends(room, "owner", Outgoing::text("one").id("1").resend()).await;
        ann.sends(room, Outgoing::text("two").id("1").resend()).await;
    }
    // Whom it was directed to does not get it twice, the others have not got it yet.
    house.server_sends(room, "owner", Outgoing::text("three").id("3").to(["ann"])).await;
    house.server_sends(room, "owner", Outgoing::text("three").id("3").resend()).await;
    assert_eq!(house.past_texts(room).await, ["one", "two", "three"]);
}

#[tokio::test]
async fn each_room_has_its_own_and_a_closed_one_keeps_it() {
    let house = House::open().await;
    let (room, other) = (house.room().await, house.room().await);
    house.server_sends(room, "owner", Outgoing::text("here")).await;
    house.server_sends(other, "owner", Outgoing::text("there")).await;
    let id = room.to_string();
    house.call("chatroom/toggleCloseStat", &[("roomid", &id), ("operator", "owner"), ("valid", "false")]).await;
    assert_eq!(house.past_texts(room).await, ["here"]);
    assert_eq!(notices(&house.past(room, &[]).await), [311]);
    assert_eq!(house.past_texts(other).await, ["there"]);
}
