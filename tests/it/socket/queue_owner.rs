//! Queue elements that leave with their owner, whichever way it goes.

use serde_json::json;

use crate::support::{House, Member};

const GONE: &str = r#"{"_e":"PARTCLEAR","kvObject":{"b":"2","a":"1"}}"#;

/// A room with an observer and with Ann, who owns two transient elements and one that stays.
async fn room_with_ann(house: &House) -> (roomgate::base::RoomId, Member, Member) {
    let room = house.room().await;
    let mut eve = house.member_in(room, "eve").await;
    let mut ann = house.member_in(room, "ann").await;
    for (key, value, transient) in [("b", "2", true), ("x", "3", false), ("a", "1", true)] {
        ann.asks(room, "queueOffer", json!({"key": key, "value": value, "transient": transient})).await;
    }
    house.queue(room).offer("y", "4").await;
    eve.forgets_all().await;
    ann.forgets_all().await;
    (room, eve, ann)
}

/// What is gone is told once, in its owner's name, and only that.
async fn is_gone(room: roomgate::base::RoomId, eve: &mut Member) {
    let (message, data) = eve.hears_of_queue(320, GONE).await;
    assert_eq!((message.from(), &data["operator"], &data["opeNick"]), ("ann", &json!("ann"), &json!("ANN")));
    assert_eq!(eve.lists_queue(room).await, ["x=3", "y=4"]);
    eve.hears_nothing().await;
}

#[tokio::test]
async fn leaving() {
    let house = House::open().await;
    let (room, mut eve, mut ann) = room_with_ann(&house).await;
    ann.client.leave(room).await.unwrap();
    eve.hears_notice(302, "ann").await;
    is_gone(room, &mut eve).await;
    ann.hears_nothing().await;
}

#[tokio::test]
async fn a_broken_connection() {
    let house = House::without_resume().await;
    let (room, mut eve, ann) = room_with_ann(&house).await;
    drop(ann);
    eve.hears_notice(302, "ann").await;
    is_gone(room, &mut eve).await;
}

#[tokio::test]
async fn being_put_out_by_a_manager() {
    let house = House::open().await;
    let (room, mut eve, _ann) = room_with_ann(&house).await;
    let id = room.to_string();
    house.call("chatroom/kickMember", &[("roomid", &id), ("accid", "owner"), ("targetAccid", "ann")]).await;
    eve.hears_notice(313, "ann").await;
    is_gone(room, &mut eve).await;
}

#[tokio::test]
async fn being_put_into_the_blocklist() {
    let house = House::open().await;
    let (room, mut eve, _ann) = room_with_ann(&house).await;
    let id = room.to_string();
    let block =
        [("roomid", id.as_str()), ("operator", "owner"), ("target", "ann"), ("opt", "-1"), ("optvalue", "true")];
    house.call("chatroom/setMemberRole", &block).await;
    eve.hears_notice(303, "ann").await;
    is_gone(room, &mut eve).await;
}

#[tokio::test]
async fn losing_the_account() {
    let house = House::open().await;
    let (room, mut eve, _ann) = room_with_ann(&house).await;
    house.call("user/block", &[("accid", "ann"), ("needkick", "true")]).await;
    eve.hears_notice(302, "ann").await;
    is_gone(room, &mut eve).await;
}

#[tokio::test]
async fn the_rooms_closing() {
    let house = House::open().await;
    let (room, mut eve, _ann) = room_with_ann(&house).await;
    let id = room.to_string();
    let toggle = async |open| {
        let params = [("roomid", id.as_str()), ("operator", "owner"), ("valid", open)];
        house.call("chatroom/toggleCloseStat", &params).await;
    };
    toggle("false").await;
    assert_eq!(house.queue(room).list().await, ["x=3", "y=4"]);
    toggle("true").await;
    eve.forgets_all().await;
    eve.enters(room).await;
    assert_eq!(eve.lists_queue(room).await, ["x=3", "y=4"]);
}

#[tokio::test]
async fn only_the_last_session_takes_them_along() {
    let house = House::open().await;
    let (room, mut eve, mut ann) = room_with_ann(&house).await;
    let mut tablet = house.log_in("ann", &ann.token).await;
    tablet.client.join(room).await.unwrap();
    ann.client.leave(room).await.unwrap();
    assert_eq!(eve.lists_queue(room).await.len(), 4);
    eve.hears_nothing().await;
    tablet.client.leave(room).await.unwrap();
    eve.hears_notice(302, "ann").await;
    is_gone(room, &mut eve).await;
}

#[tokio::test]
async fn an_element_belongs_to_whoever_offered_it_last() {
    let house = House::open().await;
    let (room, mut eve, mut ann) = room_with_ann(&house).await;
    let mut bob = house.member_in(room, "bob").await;
    bob.asks(room, "queueOffer", json!({"key": "a", "value": "5", "transient": true})).await;
    bob.asks(room, "queueOffer", json!({"key": "x", "value": "6", "transient": true})).await;
    ann.asks(room, "queueOffer", json!({"key": "y", "value": "7"})).await;
    eve.forgets_all().await;
    ann.client.leave(room).await.unwrap();
    eve.hears_notice(302, "ann").await;
    eve.hears_of_queue(320, r#"{"_e":"PARTCLEAR","kvObject":{"b":"2"}}"#).await;
    bob.client.leave(room).await.unwrap();
    eve.hears_notice(302, "bob").await;
    eve.hears_of_queue(320, r#"{"_e":"PARTCLEAR","kvObject":{"x":"6","a":"5"}}"#).await;
    assert_eq!(eve.lists_queue(room).await, ["y=7"]);
}

#[tokio::test]
async fn what_was_taken_out_or_made_lasting_does_not_leave() {
    let house = House::open().await;
    let (room, mut eve, mut ann) = room_with_ann(&house).await;
    ann.asks(room, "queuePoll", json!({"key": "b"})).await;
    ann.asks(room, "queueOffer", json!({"key": "a", "value": "1", "transient": false})).await;
    eve.forgets_all().await;
    ann.client.leave(room).await.unwrap();
    eve.hears_notice(302, "ann").await;
    assert_eq!(eve.lists_queue(room).await, ["x=3", "a=1", "y=4"]);
    eve.hears_nothing().await;
}

#[tokio::test]
async fn whoever_comes_back_begins_anew() {
    let house = House::open().await;
    let (room, mut eve, mut ann) = room_with_ann(&house).await;
    for value in ["5", "6"] {
        ann.client.leave(room).await.unwrap();
        ann.forgets_all().await;
        ann.enters(room).await;
        ann.asks(room, "queueOffer", json!({"key": "n", "value": value, "transient": true})).await;
        assert_eq!(eve.lists_queue(room).await, ["x=3".to_owned(), "y=4".into(), format!("n={value}")]);
    }
}

#[tokio::test]
async fn in_another_room_nothing_leaves() {
    let house = House::open().await;
    let (room, _eve, mut ann) = room_with_ann(&house).await;
    let other = house.room().await;
    ann.enters(other).await;
    ann.asks(other, "queueOffer", json!({"key": "o", "value": "1", "transient": true})).await;
    ann.client.leave(room).await.unwrap();
    assert_eq!(ann.lists_queue(other).await, ["o=1"]);
    assert_eq!(house.queue(room).list().await, ["x=3", "y=4"]);
}
