//! Who may change a room's queue, and with what.

use serde_json::json;

use crate::support::House;

const OFFER: [(&str, &str); 2] = [("key", "a"), ("value", "1")];

#[tokio::test]
async fn an_operator_is_in_the_room_or_its_creator() {
    let house = House::open().await;
    let room = house.room().await;
    let _ann = house.member_in(room, "ann").await;
    house.account("bob").await;
    let queue = house.queue(room);
    let list = r#"[{"key":"b","value":"1"}]"#;
    for (operator, code) in [("nobody", 404), ("bob", 403), ("b b", 414)] {
        let operator = ("operator", operator);
        let (came, desc) = queue.refusal("queueOffer", &[&OFFER[..], &[operator]].concat()).await;
        assert_eq!(came, code, "{desc}");
        let (came, desc) = queue.refusal("queueBatchOffer", &[("elements", list), operator]).await;
        assert_eq!(came, code, "{desc}");
    }
    assert!(queue.list().await.is_empty());
    for operator in ["ann", "OWNER", ""] {
        queue.call("queueOffer", &[&OFFER[..], &[("operator", operator)]].concat()).await;
        queue.call("queueBatchOffer", &[("elements", list), ("operator", operator)]).await;
    }
}

#[tokio::test]
async fn what_leaves_with_its_owner_needs_one_in_the_room() {
    let house = House::open().await;
    let room = house.room().await;
    let queue = house.queue(room);
    let transient = [&OFFER[..], &[("transient", "true")]].concat();
    let (code, desc) = queue.refusal("queueOffer", &transient).await;
    assert_eq!(code, 403);
    assert!(desc.starts_with("Target chatroom member offline") && desc.contains("owner"), "{desc}");
    let _ann = house.member_in(room, "ann").await;
    queue.call("queueOffer", &[&transient[..], &[("operator", "ann")]].concat()).await;
    assert_eq!(queue.list().await, ["a=1"]);
}

#[tokio::test]
async fn level_one_is_for_the_creator_and_managers() {
    let house = House::open().await;
    let room = house.room().await;
    let id = room.to_string();
    let (_ann, _mia) = (house.member_in(room, "ann").await, house.member_in(room, "mia").await);
    let manage =
        [("roomid", id.as_str()), ("operator", "owner"), ("target", "mia"), ("opt", "1"), ("optvalue", "true")];
    house.call("chatroom/setMemberRole", &manage).await;
    house.call("chatroom/update", &[("roomid", &id), ("queuelevel", "1")]).await;
    let queue = house.queue(room);
    let list = r#"[{"key":"b","value":"1"}]"#;
    for action in ["queueOffer", "queueBatchOffer"] {
        let rest = if action == "queueOffer" { OFFER.to_vec() } else { vec![("elements", list)] };
        let (code, desc) = queue.refusal(action, &[&rest[..], &[("operator", "ann")]].concat()).await;
        assert_eq!(code, 403, "{desc}");
        for operator in ["mia", "owner", ""] {
            queue.call(action, &[&rest[..], &[("operator", operator)]].concat()).await;
        }
    }
    queue.call("queuePoll", &[]).await;
    house.call("chatroom/update", &[("roomid", &id), ("queuelevel", "0")]).await;
    queue.call("queueOffer", &[&OFFER[..], &[("operator", "ann")]].concat()).await;
}

#[tokio::test]
async fn updating_elements_needs_a_manager_at_any_level() {
    let house = House::open().await;
    let room = house.room().await;
    let _ann = house.member_in(room, "ann").await;
    let queue = house.queue(room);
    queue.offer("a", "1").await;
    let update = |operator| [("operator", operator), ("elements", r#"{"a":"2"}"#)];
    for (operator, code) in [("ann", 403), ("nobody", 404), ("", 414)] {
        assert_eq!(queue.refusal("queueBatchUpdateElements", &update(operator)).await.0, code, "{operator}");
    }
    assert_eq!(queue.list().await, ["a=1"]);
    queue.call("queueBatchUpdateElements", &update("owner")).await;
    assert_eq!(queue.list().await, ["a=2"]);
}

#[tokio::test]
async fn an_unknown_room_is_404_in_every_call() {
    let house = House::open().await;
    house.room().await;
    let calls: [(&str, &[(&str, &str)]); 8] = [
        ("queueInit", &[]),
        ("queueOffer", &OFFER),
        ("queueBatchOffer", &[("elements", r#"[{"key":"a","value":"1"}]"#)]),
        ("queueBatchUpdateElements", &[("operator", "owner"), ("elements", r#"{"a":"1"}"#)]),
        ("queueList", &[]),
        ("queuePoll", &[]),
        ("queueMultiGet", &[("keys", r#"["a"]"#)]),
        ("queueDrop", &[]),
    ];
    for (action, params) in calls {
        let path = format!("chatroom/{action}");
        let refused = house.refusal(&path, &[&[("roomid", "999")], params].concat()).await;
        assert_eq!(refused, (404, "room 999 does not exist".into()), "{action}");
        assert_eq!(house.refusal(&path, params).await.0, 414, "{action}");
    }
}

#[tokio::test]
async fn a_closed_room_has_a_queue_that_nobody_changes() {
    let house = House::open().await;
    let room = house.room().await;
    let queue = house.queue(room);
    queue.offer("a", "1").await;
    let id = room.to_string();
    house.call("chatroom/toggleCloseStat", &[("roomid", &id), ("operator", "owner"), ("valid", "false")]).await;
    let calls: [(&str, &[(&str, &str)]); 5] = [
        ("queueOffer", &OFFER),
        ("queueBatchOffer", &[("elements", r#"[{"key":"a","value":"1"}]"#)]),
        ("queueBatchUpdateElements", &[("operator", "owner"), ("elements", r#"{"a":"1"}"#)]),
        ("queuePoll", &[]),
        ("queueDrop", &[]),
    ];
    for (action, params) in calls {
        let (code, desc) = queue.refusal(action, params).await;
        assert_eq!(code, 13002, "{action}: {desc}");
    }
    assert_eq!(queue.list().await, ["a=1"]);
    house.call("chatroom/toggleCloseStat", &[("roomid", &id), ("operator", "owner"), ("valid", "true")]).await;
    queue.offer("b", "2").await;
    assert_eq!(queue.list().await, ["a=1", "b=2"]);
}

#[tokio::test]
async fn wrong_values_are_named() {
    let house = House::open().await;
    let queue = house.queue(house.room().await);
    let (long_key, long_value) = ("k".repeat(129), "é".repeat(4097));
    let cases: [(&str, &[(&str, &str)], &str); 14] = [
        ("queueInit", &[("sizeLimit", "1001")], "sizeLimit"),
        ("queueInit", &[("sizeLimit", "-1")], "sizeLimit"),
        ("queueInit", &[("sizeLimit", "many")], "sizeLimit"),
        ("queueOffer", &[("value", "1")], "key"),
        ("queueOffer", &[("key", "a")], "value"),
        ("queueOffer", &[("key", &long_key), ("value", "1")], "key"),
        ("queueOffer", &[("key", "a"), ("value", &long_value)], "value"),
        ("queueOffer", &[("key", "a"), ("value", "1"), ("transient", "maybe")], "transient"),
        ("queueOffer", &[("key", "a"), ("value", "1"), ("highPriority", "2")], "highPriority"),
        ("queueOffer", &[("key", "a"), ("value", "1"), ("highPriorityPolicy", "2")], "highPriorityPolicy"),
        ("queuePoll", &[("key", &long_key)], "key"),
        ("queueMultiGet", &[], "keys"),
        ("queueMultiGet", &[("keys", "[]")], "keys"),
        ("queueMultiGet", &[("keys", r#"[["a"]]"#)], "keys"),
    ];
    for (action, params, name) in cases {
        let (code, desc) = queue.refusal(action, params).await;
        assert_eq!(code, 414, "{action}: {desc}");
        assert!(desc.starts_with(&format!("{name}: expected")), "{action}: {desc}");
    }
    let (key, value) = ("😀".repeat(64), "é".repeat(4096));
    queue.offer(&key, &value).await;
    assert_eq!(queue.call("queuePoll", &[]).await, json!({"key": key, "value": value, "highPriority": false}));
}
