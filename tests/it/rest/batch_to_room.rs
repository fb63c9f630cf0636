//! `batchSendMsg`: several messages to a whole room (section 3.2).

use roomgate::base::RoomId;
use serde_json::{Value, json};

use crate::support::House;

async fn send(house: &House, room: RoomId, messages: &Value, more: &[(&str, &str)]) -> Value {
    let (room, messages) = (room.to_string(), messages.to_string());
    let params = [("roomid", room.as_str()), ("msgList", &messages), ("fromAccid", "owner")];
    house.call("chatroom/batchSendMsg", &[&params, more].concat()).await
}

#[tokio::test]
async fn all_arrive_in_order_and_are_answered_by_id() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    let list = json!([
        {"msgId": "z", "msgType": 0, "attach": "one", "ext": "e"},
        {"msgId": "a", "msgType": "10", "attach": "two", "subType": 7},
        {"msgId": "m", "attach": "three", "locX": 1.5},
    ]);
    let answer = send(&house, room, &list, &[("highPriority", "true")]).await;
    assert_eq!(answer["success"].as_array().map(Vec::len), Some(3));
    assert_eq!(answer["fail"], json!([]));
    for (at, (id, text)) in [("z", "one"), ("a", "two"), ("m", "three")].into_iter().enumerate() {
        for member in [&mut ann, &mut bob] {
            let heard = member.hears_text(text).await;
            assert!(heard.is_high());
            let object: Value = serde_json::from_str(heard.raw()).unwrap();
            assert_eq!(answer["success"][at], json!({ id: object }));
        }
    }
    assert_eq!((&answer["success"][1]["a"]["subType"], &answer["success"][2]["m"]["locX"]), (&json!(7), &json!(1.5)));
    assert_eq!(house.past_texts(room).await, ["one", "two", "three"]);
}

#[tokio::test]
async fn it_has_one_to_ten_messages_with_ids_of_their_own() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let numbered =
        |count: usize| (0..count).map(|n| json!({"msgId": n.to_string(), "attach": n.to_string()})).collect();
    let id = room.to_string();
    let twice = json!([{"msgId": "1"}, {"msgId": "1"}]);
    let cases = [
        (json!([]), "msgList: expected 1 to 10 messages"),
        (numbered(11), "msgList: expected 1 to 10 messages as a JSON array, got 11 messages"),
        (json!({}), "msgList: expected a JSON array"),
        (json!([1]), "msgList[0]: expected a JSON object"),
        (json!([{"attach": "x"}]), "msgList[0].msgId: expected"),
        (twice, "msgList[1].msgId: expected an id of its own"),
        (json!([{"msgId": "1"}, {"msgId": "2", "locX": "east"}]), "msgList[1].locX: expected a number"),
        (json!([{"msgId": "1", "attach": "x".repeat(4097)}]), "msgList[0].attach: expected at most 4096"),
    ];
    for (list, words) in cases {
        let list = list.to_string();
        let params = [("roomid", id.as_str()), ("msgList", &list), ("fromAccid", "owner")];
        let (code, desc) = house.refusal("chatroom/batchSendMsg", &params).await;
        assert_eq!(code, 414);
        assert!(desc.starts_with(words), "{desc}");
    }
    ann.hears_nothing_but_notices().await;
    send(&house, room, &numbered(10), &[]).await;
    for number in 0..10 {
        ann.hears_text(&number.to_string()).await;
    }
}

#[tokio::test]
async fn what_is_said_for_the_batch_holds_for_each() {
    let house = House::open().await;
    let room = house.room().await;
    let mut vip = house.member("vip").await;
    vip.client.request("join", json!({"roomid": room.to_string(), "tags": ["vip"]})).await.unwrap();
    let mut bob = house.member_in(room, "bob").await;
    let list = json!([{"msgId": "1", "attach": "one"}, {"msgId": "2", "attach": "two"}]);
    send(&house, room, &list, &[("notifyTargetTags", r#"{"tag": "vip"}"#), ("skipHistory", "1")]).await;
    vip.hears_text("one").await;
    vip.hears_text("two").await;
    bob.hears_nothing_but_notices().await;
    assert!(house.past_texts(room).await.is_empty());
}

#[tokio::test]
async fn a_room_or_sender_that_may_not_refuses_the_whole_call() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let list = json!([{"msgId": "1"}]).to_string();
    let id = room.to_string();
    let params = |room, from| [("roomid", room), ("msgList", list.as_str()), ("fromAccid", from)];
    assert_eq!(house.refusal("chatroom/batchSendMsg", &params("99", "owner")).await.0, 404);
    assert_eq!(house.refusal("chatroom/batchSendMsg", &params(&id, "nobody")).await.0, 404);
    house.call("user/mute", &[("accid", "owner"), ("mute", "true")]).await;
    assert_eq!(house.refusal("chatroom/batchSendMsg", &params(&id, "owner")).await.0, 423);
    ann.hears_nothing_but_notices().await;
}
