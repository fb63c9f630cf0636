//! Event 14: queues.

use serde_json::{Value, json};

use super::{events, house, members};

#[tokio::test]
async fn each_change_of_a_queue_is_told_in_its_order() {
    let (house, receiver) = house().await;
    let room = house.room().await;
    let id = room.to_string();
    let of_room = [("roomid", id.as_str())];
    let offer = |key, value| [("roomid", id.as_str()), ("key", key), ("value", value), ("operator", "owner")];
    house.call("chatroom/queueInit", &[("roomid", &id), ("sizeLimit", "10")]).await;
    house.call("chatroom/queueOffer", &offer("a", "1")).await;
    house.call("chatroom/queueOffer", &offer("b", "2")).await;
    house.call("chatroom/queueOffer", &offer("a", "3")).await;
    let elements = json!({"a": "4", "none": "5"}).to_string();
    let batch = [("roomid", id.as_str()), ("operator", "owner"), ("elements", &elements)];
    house.call("chatroom/queueBatchUpdateElements", &batch).await;
    house.call("chatroom/queuePoll", &of_room).await;
    house.call("chatroom/queueDrop", &of_room).await;
    assert_eq!(house.refusal("chatroom/queuePoll", &of_room).await.0, 404);
    let told = events(&receiver, "14", 7).await;
    let seen: Vec<_> = told.iter().map(|event| members(event, ["qEvent", "elements", "keys"])).collect();
    let expected = [
        ["1", "{}", "[]"],
        ["2", r#"{"a":"1"}"#, r#"["a"]"#],
        ["2", r#"{"b":"2"}"#, r#"["b"]"#],
        ["3", r#"{"a":"3"}"#, r#"["a"]"#],
        ["9", r#"{"a":"4"}"#, r#"["a"]"#],
        ["5", r#"{"a":"4"}"#, r#"["a"]"#],
        ["8", "{}", "[]"],
    ];
    assert_eq!(seen, expected);
    assert!(told.iter().all(|event| event["operator"] == "owner" && event["fromWebApi"] == "true"));
}

#[tokio::test]
async fn what_leaves_with_its_owner_is_told_in_its_name() {
    let (house, receiver) = house().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    ann.asks(room, "queueOffer", json!({"key": "a", "value": "1", "transient": true})).await;
    ann.client.leave(room).await.unwrap();
    let told: Vec<Value> = events(&receiver, "14", 2).await;
    let names = ["qEvent", "operator", "belongTo", "fromWebApi", "transient", "elements"];
    assert_eq!(members(&told[0], names), ["2", "ann", "ann", "false", "true", r#"{"a":"1"}"#]);
    assert_eq!(members(&told[1], names), ["4", "ann", "ann", "false", "true", r#"{"a":"1"}"#]);
}
