use roomgate::base::RoomId;
use serde_json::{Value, json};

use crate::support::House;

fn params<'a>(room: &'a str, messages: &'a str) -> [(&'a str, &'a str); 5] {
    [("roomid", room), ("msgList", messages), ("fromAccid", "owner"), ("toAccids", r#"["ann"]"#), ("outcomes", "true")]
}

async fn send(house: &House, room: RoomId, messages: &Value) -> Value {
    house.call("chatroom/batchSendMsgToSomeone", &params(&room.to_string(), &messages.to_string())).await
}

async fn refusal(house: &House, room: RoomId, messages: &Value) -> (u16, String) {
    house.refusal("chatroom/batchSendMsgToSomeone", &params(&room.to_string(), &messages.to_string())).await
}

#[tokio::test]
async fn all_arrive_in_order_and_are_answered_by_id() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    let list = json!([{"msgId": "1", "msgType": 0, "attach": "one"}, {"msgId": "2", "msgType": "10", "attach": "two"}]);
    let answer = send(&house, room, &list).await;
    for (at, (id, text)) in [("1", "one"), ("2", "two")].into_iter().enumerate() {
        let heard = ann.hears_text(text).await;
        let object: Value = serde_json::from_str(heard.raw()).unwrap();
        assert_eq!(answer["success"][at][id], object);
    }
    assert_eq!(answer["fail"], json!([]));
    assert_eq!(answer["outcomes"], json!([{"1": {"ann": "queued"}}, {"2": {"ann": "queued"}}]));
    bob.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn one_bad_message_spoils_the_whole_batch() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let good = json!({"msgId": "1", "msgType": 0, "attach": "one"});
    let cases = [
        (json!([]), "msgList: expected 1 to 10 messages"),
        (json!(vec![good.clone(); 11]), "msgList: expected 1 to 10 messages"),
        (json!([good, {"msgId": "2", "msgType": 99}]), "msgList[1].msgType: expected one of"),
        (json!([good, {"msgType": 0}]), "msgList[1].msgId: expected"),
        (json!([good, good]), "msgList[1].msgId: expected an id of its own"),
        (json!([good, 5]), "msgList[1]: expected a JSON object"),
        (json!([{"msgId": "1", "attach": "x".repeat(4097)}]), "msgList[0].attach: expected at most 4096"),
    ];
    for (list, words) in cases {
        let (code, desc) = refusal(&house, room, &list).await;
        assert_eq!(code, 414);
        assert!(desc.starts_with(words), "{desc}");
    }
    ann.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn an_unknown_room_or_sender_refuses_the_call() {
    let house = House::open().await;
    let nowhere = RoomId::parse("roomid", "99").unwrap();
    house.room().await;
    let (code, desc) = refusal(&house, nowhere, &json!([{"msgId": "1"}])).await;
    assert_eq!((code, desc.as_str()), (404, "room 99 does not exist"));
}
