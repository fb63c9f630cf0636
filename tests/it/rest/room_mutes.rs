//! Mutes of a whole room, and who speaks in spite of a mute.

use roomgate::base::RoomId;
use roomgate::client::Outgoing;
use serde_json::json;

use crate::support::House;

async fn mute_room(house: &House, room: RoomId, mute: &str) {
    let params = [("roomid", &*room.to_string()), ("operator", "owner"), ("mute", mute)];
    let answer = house.call("chatroom/muteRoom", &params).await;
    assert_eq!(answer["desc"], json!({"success": true}));
}

#[tokio::test]
async fn in_a_muted_room_only_managers_speak() {
    let house = House::open().await;
    let room = house.room().await;
    let mut owner = house.owner().await;
    owner.enters(room).await;
    let mut members = Vec::new();
    for (accid, opt) in [("boss", Some(1)), ("pal", Some(2)), ("guest", None)] {
        let mut member = house.member_in(room, accid).await;
        if let Some(opt) = opt {
            house.assigns(room, accid, opt, true).await;
        }
        member.has_heard().await;
        members.push(member);
    }
    let [boss, pal, guest] = members.as_mut_slice() else { panic!() };
    mute_room(&house, room, "true").await;
    guest.hears_of_room(318).await;
    mute_room(&house, room, "true").await;
    guest.hears_nothing().await;
    assert_eq!(house.look_at(room).await["muted"], true);
    for member in [&mut *pal, guest] {
        member.may_not_speak(room, 13006, "muted").await;
    }
    let in_its_name = house.api.send(room, "pal", Outgoing::text("x")).await;
    assert_eq!(in_its_name.unwrap_err().code(), Some(13006));
    boss.speaks(room).await;
    owner.speaks(room).await;
    house.mutes(room, "boss", 10).await;
    boss.may_not_speak(room, 13004, "for 10 s more").await;
    guest.has_heard().await;
    mute_room(&house, room, "").await;
    guest.hears_of_room(319).await;
    guest.speaks(room).await;
}

#[tokio::test]
async fn a_room_is_muted_silently_where_nobody_shall_be_told() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let id = room.to_string();
    let params = |ext| [("roomid", &*id), ("operator", "owner"), ("mute", "true"), ext];
    house.call("chatroom/muteRoom", &params(("needNotify", "false"))).await;
    ann.hears_nothing().await;
    ann.may_not_speak(room, 13006, "muted").await;
    mute_room(&house, room, "false").await;
    ann.hears_of_room(319).await;
    // What is no JSON is carried all the same.
    house.call("chatroom/muteRoom", &params(("notifyExt", "test"))).await;
    let data = json!({"operator": "owner", "opeNick": "The owner", "target": [], "tarNick": [], "ext": "test"});
    assert_eq!(ann.hears_of_room(318).await["data"], data);
}

#[tokio::test]
async fn the_application_server_may_ignore_every_mute_but_not_the_blocklist() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for accid in ["bob", "cid", "dan", "out"] {
        house.account(accid).await;
    }
    house.mutes(room, "bob", 300).await;
    house.assigns(room, "cid", -2, true).await;
    house.assigns(room, "out", -1, true).await;
    mute_room(&house, room, "true").await;
    let id = room.to_string();
    for (number, (from, code)) in [("bob", 13004), ("cid", 13004), ("dan", 13006)].into_iter().enumerate() {
        let (to_all, to_one) = (format!("all-{number}"), format!("one-{number}"));
        let params = |msg_id| [("roomid", &*id), ("fromAccid", from), ("msgId", msg_id), ("attach", msg_id)];
        let ignoring = [&params(&to_all)[..], &[("ignoreMute", "true")]].concat();
        let directed = [&params(&to_one)[..], &[("toAccids", r#"["ann"]"#)]].concat();
        let directed_ignoring = [&directed[..], &[("ignoreMute", "true")]].concat();
        assert_eq!(house.refusal("chatroom/sendMsg", &params("no")).await.0, code);
        assert_eq!(house.refusal("chatroom/sendMsgToSomeone", &directed).await.0, code);
        house.call("chatroom/sendMsg", &ignoring).await;
        ann.hears_text(&to_all).await;
        house.call("chatroom/sendMsgToSomeone", &directed_ignoring).await;
        ann.hears_text(&to_one).await;
    }
    let blocked = [("roomid", &*id), ("fromAccid", "out"), ("msgId", "m"), ("ignoreMute", "true")];
    assert_eq!(house.refusal("chatroom/sendMsg", &blocked).await.0, 13003);
    let send = json!({"msgId": "m", "msgType": 0, "attach": "x", "ignoreMute": true});
    assert_eq!(ann.refusal_of(room, "send", send).await.0, 13006, "a member may not");
}
