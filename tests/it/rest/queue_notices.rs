//! What a room hears of its queue, and how fast (server API, section 8.2).

use std::time::Duration;

use roomgate::client::{Event, Outgoing};
use serde_json::{Value, json};

use crate::support::queue::Queue;
use crate::support::{House, SOON};

#[tokio::test]
async fn every_change_is_told_as_documented() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let queue = house.queue(room);
    let by = |operator: &str, nick: &str| json!({"operator": operator, "opeNick": nick, "target": [], "tarNick": []});
    queue.call("queueOffer", &[("key", "a \"b\""), ("value", "1"), ("operator", "ann")]).await;
    let (message, data) = ann.hears_of_queue(317, r#"{"_e":"OFFER","key":"a \"b\"","content":"1"}"#).await;
    assert_eq!(data, by("ann", "ANN"));
    assert_eq!((message.from(), message.kind(), message.is_high()), ("ann", 5, false));
    queue.offer("c", "2").await;
    let (_, data) = ann.hears_of_queue(317, r#"{"_e":"OFFER","key":"c","content":"2"}"#).await;
    assert_eq!(data, by("owner", "The owner"));
    queue.call("queuePoll", &[]).await;
    let (_, data) = ann.hears_of_queue(317, r#"{"_e":"POLL","key":"a \"b\"","content":"1"}"#).await;
    assert_eq!(data, by("owner", "The owner"));
    queue.call("queueDrop", &[]).await;
    let (_, data) = ann.hears_of_queue(317, r#"{"_e":"DROP"}"#).await;
    assert_eq!(data, by("owner", "The owner"));
    ann.hears_nothing().await;
}

#[tokio::test]
async fn what_changes_nothing_is_not_told() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let queue = house.queue(room);
    house.call("chatroom/queueInit", &[("roomid", &room.to_string()), ("sizeLimit", "0")]).await;
    queue.refusal("queueOffer", &[("key", "a"), ("value", "1")]).await;
    queue.refusal("queuePoll", &[]).await;
    queue.call("queueList", &[]).await;
    queue.call("queueMultiGet", &[("keys", r#"["a"]"#)]).await;
    ann.hears_nothing().await;
}

#[tokio::test]
async fn the_notices_are_in_the_history() {
    let house = House::open().await;
    let room = house.room().await;
    let queue = house.queue(room);
    queue.offer("a", "1").await;
    queue.call("queuePoll", &[]).await;
    let id = room.to_string();
    let params = [("roomid", id.as_str()), ("accid", "owner"), ("limit", "10"), ("reverse", "1"), ("type", "5")];
    // Notices are kept sooner or later.
    let both = async {
        loop {
            let past = house.call("history/queryChatroomMsg", &params).await;
            let changes: Vec<String> = past["msgs"].as_array().unwrap().iter().map(change).collect();
            if changes.len() == 2 {
                return changes;
            }
        }
    };
    let changes = tokio::time::timeout(SOON, both).await.expect("both are kept");
    assert_eq!(changes, [r#"{"_e":"OFFER","key":"a","content":"1"}"#, r#"{"_e":"POLL","key":"a","content":"1"}"#]);
}

fn change(message: &Value) -> String {
    let body: Value = serde_json::from_str(message["body"].as_str().unwrap()).unwrap();
    body["data"]["queueChange"].as_str().unwrap().to_owned()
}

/// Each call that changes a queue, with what it needs to find something to change.
async fn changes(queue: &Queue<'_>, priority: &[(&str, &str)]) -> Vec<Value> {
    let list = r#"[{"key":"b","value":"1"}]"#;
    let calls: [(&str, &[(&str, &str)]); 5] = [
        ("queueOffer", &[("key", "a"), ("value", "1")]),
        ("queueBatchOffer", &[("elements", list)]),
        ("queueBatchUpdateElements", &[("operator", "owner"), ("elements", r#"{"a":"2"}"#)]),
        ("queuePoll", &[]),
        ("queueDrop", &[]),
    ];
    let mut flags = Vec::new();
    for (action, params) in calls {
        flags.push(queue.call(action, &[params, priority].concat()).await["highPriority"].clone());
    }
    flags
}

#[tokio::test]
async fn each_change_may_go_ahead_of_what_is_normal() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let queue = house.queue(room);
    assert_eq!(json!(changes(&queue, &[("highPriority", "1")]).await), json!([true, true, true, true, true]));
    for id in [317, 324, 320, 317, 317] {
        assert!(ann.hears_event(id).await.0.is_high());
    }
    let normal = changes(&queue, &[("highPriority", "0"), ("highPriorityPolicy", "1")]).await;
    assert_eq!(json!(normal), json!([false, false, false, false, false]));
    for id in [317, 324, 320, 317, 317] {
        assert!(!ann.hears_event(id).await.0.is_high());
    }
}

#[tokio::test]
async fn urgent_news_overtakes_what_waits_for_a_slow_member() {
    let house = House::open().await;
    let room = house.room().await;
    let mut slow = house.member_in(room, "slow").await;
    for _ in 0..600 {
        house.server_sends(room, "owner", Outgoing::text("x".repeat(4000))).await;
    }
    let urgent = [("key", "a"), ("value", "1"), ("highPriority", "1")];
    house.queue(room).call("queueOffer", &urgent).await;
    house.server_sends(room, "owner", Outgoing::text("the last")).await;
    let mut heard_after = None;
    loop {
        match slow.event().await {
            Event::Message(message) if message.is_notice() => heard_after = Some(0),
            Event::Message(message) if message.attach() == "the last" => break,
            _ => heard_after = heard_after.map(|number: u32| number + 1),
        }
    }
    assert!(heard_after.is_some_and(|number| number > 30), "{heard_after:?} came after it");
}

#[tokio::test]
async fn beyond_the_rate_policy_0_goes_in_its_turn_and_policy_1_is_refused() {
    let house = House::with_still_clock(|_| ()).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let queue = house.queue(room);
    let offer = [("key", "a"), ("value", "1"), ("highPriority", "1")];
    for _ in 0..10 {
        assert_eq!(queue.call("queueOffer", &offer).await["highPriority"], true);
        assert!(ann.hears_event(317).await.0.is_high());
    }
    for policy in [&[][..], &[("highPriorityPolicy", "0")]] {
        assert_eq!(queue.call("queueOffer", &[&offer[..], policy].concat()).await["highPriority"], false);
        assert!(!ann.hears_event(317).await.0.is_high());
    }
    let strict = [("highPriority", "1"), ("highPriorityPolicy", "1")];
    let list = r#"[{"key":"b","value":"1"}]"#;
    let calls: [(&str, &[(&str, &str)]); 5] = [
        ("queueOffer", &[("key", "a"), ("value", "2")]),
        ("queueBatchOffer", &[("elements", list)]),
        ("queueBatchUpdateElements", &[("operator", "owner"), ("elements", r#"{"a":"2"}"#)]),
        ("queuePoll", &[]),
        ("queueDrop", &[]),
    ];
    for (action, params) in calls {
        let (code, desc) = queue.refusal(action, &[params, &strict].concat()).await;
        assert_eq!(code, 416, "{action}: {desc}");
        assert!(desc.contains("query too fast") && desc.contains("highPriorityPolicy"), "{desc}");
    }
    assert_eq!(queue.list().await, ["a=1"], "what is refused is not done");
    ann.hears_nothing().await;
    house.clock.advance(Duration::from_secs(1));
    assert_eq!(queue.call("queueDrop", &strict).await["highPriority"], true);
}

#[tokio::test]
async fn messages_and_changes_share_a_rooms_rate() {
    let house = House::with_still_clock(|settings| settings.limits.high_priority_per_second = 2).await;
    let room = house.room().await;
    let _ann = house.member_in(room, "ann").await;
    let queue = house.queue(room);
    house.server_sends(room, "owner", Outgoing::text("x").high()).await;
    let offer = [("key", "a"), ("value", "1"), ("highPriority", "1")];
    // What nobody is told takes nothing of it.
    let quiet = [("elements", r#"[{"key":"b","value":"1"}]"#), ("highPriority", "1"), ("needNotify", "false")];
    assert_eq!(queue.call("queueBatchOffer", &quiet).await["highPriority"], false);
    assert_eq!(queue.call("queueOffer", &offer).await["highPriority"], true);
    assert_eq!(queue.call("queueOffer", &offer).await["highPriority"], false);
}
