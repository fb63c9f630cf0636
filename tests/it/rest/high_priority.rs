//! How many high-priority messages a second go to a room (section 3.1). The clock stands still until a test turns it.

use std::time::Duration;

use roomgate::base::RoomId;
use roomgate::client::Outgoing;
use serde_json::{Value, json};

use crate::support::House;

fn urgent(room: &str) -> [(&str, &str); 5] {
    [("roomid", room), ("msgId", "m"), ("fromAccid", "owner"), ("attach", "x"), ("highPriority", "true")]
}

/// Sends so many urgent messages; whether each was urgent indeed.
async fn send(house: &House, room: RoomId, count: usize) -> Vec<bool> {
    let room = room.to_string();
    let mut urgently = Vec::new();
    for _ in 0..count {
        let answer = house.call("chatroom/sendMsg", &urgent(&room)).await;
        urgently.push(answer["desc"].get("highPriorityFlag") == Some(&json!(1)));
    }
    urgently
}

#[tokio::test]
async fn the_eleventh_in_a_second_goes_in_its_turn() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let expected = [[true; 10].as_slice(), &[false; 2]].concat();
    for _ in 0..3 {
        assert_eq!(send(&house, room, 12).await, expected);
        for urgently in &expected {
            assert_eq!(ann.hears_text("x").await.is_high(), *urgently, "as its sender was told");
        }
        house.clock.advance(Duration::from_millis(999));
        assert_eq!(send(&house, room, 1).await, [false], "the second is not over");
        ann.hears_text("x").await;
        house.clock.advance(Duration::from_millis(1));
    }
}

#[tokio::test]
async fn it_is_counted_where_nobody_is_too() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await;
    assert_eq!(send(&house, room, 11).await, [[true; 10].as_slice(), &[false]].concat());
}

#[tokio::test]
async fn each_room_has_its_own_count() {
    let house = House::with_patience(|settings| settings.limits.high_priority_per_second = 2).await;
    let (room, other) = (house.room().await, house.room().await);
    let _ann = house.member_in(room, "ann").await;
    assert_eq!(send(&house, room, 3).await, [true, true, false]);
    assert_eq!(send(&house, other, 3).await, [true, true, false]);
}

#[tokio::test]
async fn members_and_the_application_server_are_counted_together() {
    let house = House::with_patience(|settings| settings.limits.high_priority_per_second = 2).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    assert!(ann.sends(room, Outgoing::text("x").high()).await.message.is_high());
    assert_eq!(send(&house, room, 2).await, [true, false]);
    assert!(!ann.sends(room, Outgoing::text("x").high()).await.message.is_high());
}

#[tokio::test]
async fn rather_not_at_all_is_403_and_nobody_hears_it() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    send(&house, room, 10).await;
    for _ in 0..10 {
        ann.hears_text("x").await;
    }
    let id = room.to_string();
    let params = [&urgent(&id)[..], &[("forbiddenIfHighPriorityMsgFreq", "1")]].concat();
    let (code, desc) = house.refusal("chatroom/sendMsg", &params).await;
    assert_eq!((code, desc.contains("10 high-priority messages a second")), (403, true), "{desc}");
    ann.hears_nothing_but_notices().await;
    assert_eq!(house.past_texts(room).await.len(), 10);
    house.clock.advance(Duration::from_secs(1));
    let answer = house.call("chatroom/sendMsg", &params).await;
    assert_eq!(answer["desc"]["highPriorityFlag"], 1);
}

#[tokio::test]
async fn of_a_batch_those_that_do_not_fit_fail_alone() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    send(&house, room, 7).await;
    let items: Vec<Value> = (0..5).map(|n| json!({"msgId": n.to_string(), "msgType": 0, "attach": "y"})).collect();
    let (id, list) = (room.to_string(), json!(items).to_string());
    let params = [
        ("roomid", id.as_str()),
        ("msgList", &list),
        ("fromAccid", "owner"),
        ("highPriority", "true"),
        ("forbiddenIfHighPriorityMsgFreq", "1"),
    ];
    let answer = house.call("chatroom/batchSendMsg", &params).await;
    let ids = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().flat_map(|item| item.as_object().unwrap().keys().cloned()).collect()
    };
    assert_eq!(
        (ids(&answer["success"]), ids(&answer["fail"])),
        (vec!["0".into(), "1".into(), "2".into()], vec!["3".into(), "4".into()])
    );
    assert!(answer["fail"][0]["3"].as_str().is_some_and(|reason| reason.contains("high-priority")), "{answer}");
    for _ in 0..7 {
        ann.hears_text("x").await;
    }
    for _ in 0..3 {
        assert!(ann.hears_text("y").await.is_high());
    }
    ann.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn directed_messages_are_not_counted() {
    let house = House::with_patience(|settings| settings.limits.high_priority_per_second = 1).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for _ in 0..5 {
        house.server_sends(room, "owner", Outgoing::text("psst").to(["ann"]).high()).await;
        assert!(ann.hears_text("psst").await.is_high());
    }
    assert_eq!(send(&house, room, 2).await, [true, false], "they left the room its share");
    house.server_sends(room, "owner", Outgoing::text("psst").to(["ann"]).high()).await;
    for urgently in [true, false, true] {
        assert_eq!(ann.hears().await.is_high(), urgently);
    }
}

#[tokio::test]
async fn what_is_not_urgent_leaves_the_count_alone() {
    let house = House::with_patience(|settings| settings.limits.high_priority_per_second = 1).await;
    let room = house.room().await;
    let _ann = house.member_in(room, "ann").await;
    let id = room.to_string();
    for more in [("highPriority", "false"), ("abandonRatio", "1")] {
        let mut params = urgent(&id).to_vec();
        params.retain(|(name, _)| *name != more.0);
        params.push(more);
        house.call("chatroom/sendMsg", &params).await;
    }
    assert_eq!(send(&house, room, 2).await, [true, false]);
}

#[tokio::test]
async fn nought_is_no_limit() {
    let house = House::with_patience(|settings| settings.limits.high_priority_per_second = 0).await;
    let room = house.room().await;
    let _ann = house.member_in(room, "ann").await;
    assert_eq!(send(&house, room, 50).await, [true; 50]);
}
