//! Members and their room's queue: the server API's calls, in their own name.

use serde_json::json;

use crate::support::House;
use crate::support::queue::elements;

#[tokio::test]
async fn members_have_the_calls_of_the_server_api() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    ann.forgets_all().await;
    let done = json!({"code": 200, "desc": {"highPriority": false}});
    assert_eq!(ann.asks(room, "queueOffer", json!({"key": "a", "value": "1", "transient": false})).await, done);
    let (message, data) = bob.hears_of_queue(317, r#"{"_e":"OFFER","key":"a","content":"1"}"#).await;
    assert_eq!((message.from(), &data["operator"], &data["opeNick"]), ("ann", &json!("ann"), &json!("ANN")));
    assert!(message.raw().contains(r#""fromClientType":"Web""#), "{message:?}");
    let offered = ann
        .asks(
            room,
            "queueBatchOffer",
            json!({"elements": [{"key": "b", "value": "2"}], "highPriority": 1, "notifyExt": "e"}),
        )
        .await;
    assert_eq!(offered["desc"], json!({"failedKeys": [], "highPriority": true}));
    let (message, data) = bob.hears_of_queue(324, r#"{"_e":"BATCH_OFFER","kvObject":{"b":"2"}}"#).await;
    assert!(message.is_high() && data["ext"] == "e", "{message:?}");
    assert_eq!(bob.lists_queue(room).await, ["a=1", "b=2"]);
    let found = bob.asks(room, "queueMultiGet", json!({"keys": ["b", "x"]})).await;
    assert_eq!(elements(&found["desc"]["list"]), ["b=2"]);
    let polled = bob.asks(room, "queuePoll", json!({})).await;
    assert_eq!(polled["desc"], json!({"key": "a", "value": "1", "highPriority": false}));
    let (message, data) = bob.hears_of_queue(317, r#"{"_e":"POLL","key":"a","content":"1"}"#).await;
    assert_eq!((message.from(), &data["operator"]), ("bob", &json!("bob")));
    assert_eq!(bob.asks(room, "queuePoll", json!({"key": "b"})).await["desc"]["key"], "b");
    bob.is_refused(room, "queuePoll", json!({}), 404).await;
    bob.is_refused(room, "queueInit", json!({"sizeLimit": 5}), 414).await;
}

#[tokio::test]
async fn only_managers_update_and_drop() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut mia = house.member_in(room, "mia").await;
    house.makes_manager(room, "mia").await;
    house.queue(room).offer("a", "1").await;
    mia.forgets_all().await;
    let update = json!({"elements": {"a": "2", "x": "3"}});
    ann.is_refused(room, "queueBatchUpdateElements", update.clone(), 403).await;
    ann.is_refused(room, "queueDrop", json!({}), 403).await;
    let updated = mia.asks(room, "queueBatchUpdateElements", update).await;
    assert_eq!(updated["desc"], json!({"noExistElementKey": ["x"], "highPriority": false}));
    let (message, data) = mia.hears_of_queue(320, r#"{"_e":"BATCH_UPDATE","kvObject":{"a":"2"}}"#).await;
    assert_eq!((message.from(), &data["operator"]), ("mia", &json!("mia")));
    assert_eq!(ann.lists_queue(room).await, ["a=2"]);
    mia.asks(room, "queueDrop", json!({})).await;
    let (_, data) = mia.hears_of_queue(317, r#"{"_e":"DROP"}"#).await;
    assert_eq!(data["operator"], "mia");
    assert!(ann.lists_queue(room).await.is_empty());
}

#[tokio::test]
async fn at_level_one_other_members_only_look() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut mia = house.member_in(room, "mia").await;
    house.makes_manager(room, "mia").await;
    house.call("chatroom/update", &[("roomid", &room.to_string()), ("queuelevel", "1")]).await;
    house.queue(room).offer("a", "1").await;
    let calls = [
        ("queueOffer", json!({"key": "b", "value": "2"})),
        ("queueBatchOffer", json!({"elements": [{"key": "c", "value": "3"}]})),
        ("queuePoll", json!({"key": "a"})),
    ];
    for (action, params) in &calls {
        ann.is_refused(room, action, params.clone(), 403).await;
    }
    assert_eq!(ann.lists_queue(room).await, ["a=1"]);
    ann.asks(room, "queueMultiGet", json!({"keys": ["a"]})).await;
    for (action, params) in calls {
        mia.asks(room, action, params).await;
    }
    assert_eq!(ann.lists_queue(room).await, ["b=2", "c=3"]);
}

#[tokio::test]
async fn nobody_reaches_into_a_room_from_outside() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member("ann").await;
    house.queue(room).offer("a", "1").await;
    let calls = [
        ("queueOffer", json!({"key": "b", "value": "2"})),
        ("queueBatchOffer", json!({"elements": [{"key": "b", "value": "2"}]})),
        ("queueBatchUpdateElements", json!({"elements": {"a": "2"}})),
        ("queuePoll", json!({})),
        ("queueDrop", json!({})),
        ("queueList", json!({})),
        ("queueMultiGet", json!({"keys": ["a"]})),
    ];
    for (action, params) in &calls {
        ann.is_refused(room, action, params.clone(), 403).await;
    }
    ann.enters(room).await;
    ann.client.leave(room).await.unwrap();
    for (action, params) in &calls {
        ann.is_refused(room, action, params.clone(), 403).await;
    }
    assert_eq!(house.queue(room).list().await, ["a=1"]);
}

#[tokio::test]
async fn a_member_acts_in_nobody_elses_name() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for (action, params) in [
        ("queueOffer", json!({"key": "a", "value": "1", "operator": "owner"})),
        ("queuePoll", json!({"operator": "owner"})),
    ] {
        ann.asks(room, action, params).await;
        assert_eq!(ann.hears_event(317).await.1["operator"], "ann");
    }
    ann.is_refused(room, "queueDrop", json!({"operator": "owner"}), 403).await;
    ann.is_refused(room, "queueBatchUpdateElements", json!({"elements": {"a": "2"}, "operator": "owner"}), 403).await;
}

#[tokio::test]
async fn values_have_their_types() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for (action, params) in [
        ("queueOffer", json!({"key": 1, "value": "1"})),
        ("queueOffer", json!({"key": "a", "value": "1", "transient": "true"})),
        ("queueOffer", json!({"key": "a", "value": "1", "highPriority": "1"})),
        ("queueBatchOffer", json!({"elements": r#"[{"key":"a","value":"1"}]"#})),
        ("queueBatchOffer", json!({"elements": {"a": "1"}})),
        ("queueMultiGet", json!({"keys": "a"})),
        ("queuePoll", json!({"key": {}})),
    ] {
        ann.is_refused(room, action, params, 414).await;
    }
    assert!(ann.lists_queue(room).await.is_empty());
}

#[tokio::test]
async fn only_managers_offer_for_others() {
    let house = House::open().await;
    let room = house.room_with(&[("queuelevel", "0")]).await.0;
    let mut ann = house.member_in(room, "ann").await;
    let _bob = house.member_in(room, "bob").await;
    let elements = |owner: &str| json!({"elements": [{"key": "k", "value": "v", "accid": owner}]});
    let (code, _) = ann.refusal_of(room, "queueBatchOffer", elements("bob")).await;
    assert_eq!(code, 403);
    ann.asks(room, "queueBatchOffer", elements("ann")).await;
    house.assigns(room, "ann", 1, true).await;
    ann.asks(room, "queueBatchOffer", elements("bob")).await;
}
