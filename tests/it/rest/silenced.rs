//! `user/mute` and `user/muteModule`: an account that may speak in no room (section 7).

use roomgate::base::RoomId;
use roomgate::client::Outgoing;
use serde_json::json;

use crate::support::{House, Member, code};

/// Every way in which an account speaks to a room, tried; what each is answered.
async fn tries(house: &House, room: RoomId, ann: &mut Member) -> Vec<u16> {
    let room_id = room.to_string();
    let list = json!([{"msgId": "m", "attach": "x"}]).to_string();
    let to = ("toAccids", r#"["bob"]"#);
    let from = [("roomid", room_id.as_str()), ("fromAccid", "ann")];
    let (one, several) = ([("msgId", "m"), ("attach", "x")], [("msgList", list.as_str())]);
    let mut codes = Vec::new();
    for (path, params) in [
        ("chatroom/sendMsg", [&from[..], &one].concat()),
        ("chatroom/sendMsgToSomeone", [&from[..], &one, &[to]].concat()),
        ("chatroom/batchSendMsg", [&from[..], &several].concat()),
        ("chatroom/batchSendMsgToSomeone", [&from[..], &several, &[to]].concat()),
    ] {
        codes.push(house.api.call(path, &params).await.map_or_else(|error| error.code().unwrap(), |_| 200));
    }
    for message in [Outgoing::text("x"), Outgoing::text("x").to(["bob"])] {
        codes.push(ann.client.send(room, message).await.map_or_else(|error| error.code().unwrap(), |_| 200));
    }
    codes
}

#[tokio::test]
async fn a_silenced_account_speaks_at_neither_door() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    for (path, name) in [("user/mute", "mute"), ("user/muteModule", "muteRoom")] {
        house.call(path, &[("accid", "ann"), (name, "true")]).await;
        assert_eq!(tries(&house, room, &mut ann).await, [423; 6], "{path}");
        bob.hears_nothing_but_notices().await;
        house.call(path, &[("accid", "ann"), (name, "false")]).await;
        assert_eq!(tries(&house, room, &mut ann).await, [200; 6], "{path}");
        for _ in 0..6 {
            bob.hears_text("x").await;
        }
    }
}

#[tokio::test]
async fn modules_that_are_not_rooms_silence_nobody_in_rooms() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let others = [("accid", "ann"), ("muteP2P", "true"), ("muteTeam", "true"), ("muteQChat", "true")];
    house.call("user/muteModule", &others).await;
    assert_eq!(tries(&house, room, &mut ann).await, [200; 6]);
}

#[tokio::test]
async fn the_application_server_may_ignore_it_and_a_member_may_not() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    house.call("user/mute", &[("accid", "ann"), ("mute", "true")]).await;
    let id = room.to_string();
    let params = [
        ("roomid", id.as_str()),
        ("fromAccid", "ann"),
        ("msgId", "m"),
        ("attach", "x"),
        ("ignoreMute", "true"),
        ("toAccids", r#"["ann"]"#),
    ];
    house.call("chatroom/sendMsg", &params[..5]).await;
    house.call("chatroom/sendMsgToSomeone", &params).await;
    ann.hears_text("x").await;
    ann.hears_text("x").await;
    let send = json!({"roomid": id, "msgId": "m", "msgType": 0, "attach": "x", "ignoreMute": true});
    assert_eq!(code(ann.client.request("send", send).await), Some(423));
}
