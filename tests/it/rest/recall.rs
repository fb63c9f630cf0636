//! `recall` and `deleteHistoryMessage` (sections 3.4 and 6.2).

use roomgate::base::RoomId;
use roomgate::client::{Outgoing, Sent};
use serde_json::json;

use crate::support::House;
use crate::support::past::notices;

async fn recall(house: &House, room: RoomId, sent: &Sent, by: &str, more: &[(&str, &str)]) {
    let (room, time) = (room.to_string(), sent.message.time().to_string());
    let params = [
        ("roomid", room.as_str()),
        ("msgTimetag", &time),
        ("fromAcc", sent.message.from()),
        ("msgId", sent.message.msg_id()),
        ("operatorAcc", by),
    ];
    assert_eq!(house.call("chatroom/recall", &[&params, more].concat()).await, json!({"code": 200}));
}

#[tokio::test]
async fn a_recalled_message_is_told_of_and_forgotten() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let sent = house.server_sends(room, "owner", Outgoing::text("oops").id("m")).await;
    house.server_sends(room, "owner", Outgoing::text("stays")).await;
    house.account("helper").await;
    recall(&house, room, &sent, "helper", &[("notifyExt", "not JSON")]).await;
    ann.hears_text("oops").await;
    ann.hears_text("stays").await;
    let notice = ann.hears_notice(323, "owner").await;
    let data = json!({"operator": "helper", "opeNick": "HELPER", "target": ["owner"], "tarNick": ["The owner"],
        "ext": "not JSON", "msgId": "m", "msgTime": sent.message.time()});
    assert_eq!(notice["data"], data);
    assert_eq!(house.past_texts(room).await, ["stays"]);
    assert_eq!(notices(&house.past(room, &[]).await), [301, 323]);
}

#[tokio::test]
async fn time_sender_id_and_room_must_all_be_right_for_it_to_be_forgotten() {
    let house = House::open().await;
    let (room, other) = (house.room().await, house.room().await);
    house.account("bob").await;
    let sent = house.server_sends(room, "owner", Outgoing::text("stays").id("m")).await;
    let (time, later) = (sent.message.time().to_string(), (sent.message.time() + 1).to_string());
    for (room, time, from, msg_id) in [
        (other, &time, "owner", "m"),
        (room, &later, "owner", "m"),
        (room, &time, "bob", "m"),
        (room, &time, "owner", "n"),
    ] {
        let id = room.to_string();
        let params = [
            ("roomid", id.as_str()),
            ("msgTimetag", time),
            ("fromAcc", from),
            ("msgId", msg_id),
            ("operatorAcc", "owner"),
        ];
        // What is not known may be on members' screens all the same.
        house.call("chatroom/recall", &params).await;
    }
    assert_eq!(house.past_texts(room).await, ["stays"]);
}

#[tokio::test]
async fn what_is_missing_or_not_there_is_said() {
    let house = House::open().await;
    let room = house.room().await.to_string();
    let good = [
        ("roomid", room.as_str()),
        ("msgTimetag", "1"),
        ("fromAcc", "owner"),
        ("msgId", "m"),
        ("operatorAcc", "owner"),
    ];
    let long = "x".repeat(1025);
    for (name, value, code) in [
        ("roomid", "", 414),
        ("roomid", "99", 404),
        ("msgTimetag", "", 414),
        ("msgTimetag", "soon", 414),
        ("fromAcc", "", 414),
        ("msgId", "", 414),
        ("operatorAcc", "", 414),
        ("operatorAcc", "nobody", 404),
        ("notifyExt", &long, 414),
    ] {
        let mut params = good.to_vec();
        params.retain(|(known, _)| *known != name);
        params.push((name, value));
        let (came, desc) = house.refusal("chatroom/recall", &params).await;
        assert_eq!(came, code, "{name} {value}: {desc}");
    }
}

#[tokio::test]
async fn deleting_takes_it_out_of_the_past_and_tells_nobody() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut sent = Vec::new();
    for text in ["goes", "stays"] {
        sent.push(house.server_sends(room, "owner", Outgoing::text(text)).await);
        ann.hears_text(text).await;
        // The time is all that tells two messages of one sender apart here.
        while sent[0].message.time() >= ann.client.ping().await.unwrap() {}
    }
    let (id, time) = (room.to_string(), sent[0].message.time().to_string());
    let params = [("roomid", id.as_str()), ("fromAcc", "owner"), ("msgTimetag", &time)];
    assert_eq!(house.call("chatroom/deleteHistoryMessage", &params).await, json!({"code": 200}));
    assert_eq!(house.past_texts(room).await, ["stays"]);
    ann.client.ping().await.unwrap();
    assert_eq!(ann.client.try_next(), None, "nobody is told");
    house.call("chatroom/deleteHistoryMessage", &params).await;
    for (name, value, code) in [("roomid", "99", 404), ("fromAcc", "", 414), ("msgTimetag", "", 414)] {
        let mut params = params.to_vec();
        params.retain(|(known, _)| *known != name);
        params.push((name, value));
        assert_eq!(house.refusal("chatroom/deleteHistoryMessage", &params).await.0, code, "{name}");
    }
}
