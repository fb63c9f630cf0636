//! Several elements at once: offered, and updated.

use serde_json::json;

use crate::support::House;

#[tokio::test]
async fn a_batch_is_offered_in_its_order_in_the_creators_name() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let queue = house.queue(room);
    queue.offer("b", "old").await;
    ann.hears_event(317).await;
    let list = json!([{"key": "c", "value": "1"}, {"key": "b", "value": "2"}, {"key": "a", "value": "3"}]).to_string();
    let answer = queue.call("queueBatchOffer", &[("elements", &list)]).await;
    assert_eq!(answer, json!({"failedKeys": [], "highPriority": false}));
    assert_eq!(queue.list().await, ["b=2", "c=1", "a=3"]);
    let change = r#"{"_e":"BATCH_OFFER","kvObject":{"c":"1","b":"2","a":"3"}}"#;
    let (_, data) = ann.hears_of_queue(324, change).await;
    assert_eq!(data["operator"], "owner");
}

#[tokio::test]
async fn what_does_not_fit_is_answered_and_not_told() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let queue = house.queue(room);
    queue.offer("a", "1").await;
    house.call("chatroom/queueInit", &[("roomid", &room.to_string()), ("sizeLimit", "2")]).await;
    ann.forgets_all().await;
    let offer = async |keys: &[&str]| {
        let list: Vec<_> = keys.iter().map(|key| json!({"key": key, "value": "2"})).collect();
        queue.call("queueBatchOffer", &[("elements", &json!(list).to_string())]).await
    };
    let answer = offer(&["b", "c", "a", "d"]).await;
    assert_eq!(answer["failedKeys"], json!(["c", "d"]));
    assert_eq!(queue.list().await, ["a=2", "b=2"]);
    ann.hears_of_queue(324, r#"{"_e":"BATCH_OFFER","kvObject":{"b":"2","a":"2"}}"#).await;
    assert_eq!(offer(&["c", "d", "c"]).await["failedKeys"], json!(["c", "d"]));
    ann.hears_nothing().await;
}

#[tokio::test]
async fn of_two_with_one_key_the_later_counts_in_the_place_of_the_first() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let queue = house.queue(room);
    let list = r#"[{"key":"a","value":"1"},{"key":"b","value":"2"},{"key":"a","value":"3"}]"#;
    queue.call("queueBatchOffer", &[("elements", list)]).await;
    assert_eq!(queue.list().await, ["a=3", "b=2"]);
    ann.hears_of_queue(324, r#"{"_e":"BATCH_OFFER","kvObject":{"a":"3","b":"2"}}"#).await;
}

#[tokio::test]
async fn each_element_may_have_an_owner_and_leave_with_it() {
    let house = House::open().await;
    let room = house.room().await;
    let mut bob = house.member_in(room, "bob").await;
    let mut ann = house.member_in(room, "ann").await;
    house.account("away").await;
    let queue = house.queue(room);
    let list = json!([
        {"key": "1", "value": "v", "accid": "ann"},
        {"key": "2", "value": "v", "accid": "ann", "transient": false},
        {"key": "3", "value": "v", "accid": "bob", "transient": "true"},
        {"key": "4", "value": "v"},
        {"key": "5", "value": "v", "accid": "away", "transient": 0},
    ]);
    let params = [("operator", "bob"), ("transient", "true"), ("elements", &list.to_string())];
    assert_eq!(queue.call("queueBatchOffer", &params).await["failedKeys"], json!([]));
    bob.forgets_all().await;
    ann.client.leave(room).await.unwrap();
    bob.hears_notice(302, "ann").await;
    bob.hears_of_queue(320, r#"{"_e":"PARTCLEAR","kvObject":{"1":"v"}}"#).await;
    assert_eq!(queue.list().await, ["2=v", "3=v", "4=v", "5=v"]);
    bob.client.leave(room).await.unwrap();
    assert_eq!(queue.list().await, ["2=v", "5=v"], "what says nothing of its owner is the operator's");
}

#[tokio::test]
async fn one_bad_element_spoils_the_batch() {
    let house = House::open().await;
    let room = house.room().await;
    house.account("away").await;
    let queue = house.queue(room);
    let many: Vec<_> = (0..201).map(|number| json!({"key": number.to_string(), "value": "v"})).collect();
    let cases = [
        (json!([]), 414, "elements: expected"),
        (json!(many), 414, "elements: expected"),
        (json!({"key": "a", "value": "1"}), 414, "elements: expected"),
        (json!(["a"]), 414, "elements[0]: expected"),
        (json!([{"key": "a", "value": "1"}, {"value": "1"}]), 414, "elements[1].key: expected"),
        (json!([{"key": "a"}]), 414, "elements[0].value: expected"),
        (json!([{"key": "k".repeat(129), "value": "1"}]), 414, "elements[0].key: expected"),
        (json!([{"key": "a", "value": "v".repeat(4097)}]), 414, "elements[0].value: expected"),
        (json!([{"key": "a", "value": "1", "transient": "maybe"}]), 414, "elements[0].transient: expected"),
        (json!([{"key": "a", "value": "1", "accid": "a b"}]), 414, "elements[0].accid: expected"),
        (json!([{"key": "a", "value": "1"}, {"key": "b", "value": "1", "accid": "nobody"}]), 404, "account nobody"),
        (
            json!([{"key": "a", "value": "1"}, {"key": "b", "value": "1", "accid": "away", "transient": true}]),
            403,
            "Target chatroom member offline",
        ),
    ];
    for (list, code, words) in cases {
        let (came, desc) = queue.refusal("queueBatchOffer", &[("elements", &list.to_string())]).await;
        assert_eq!(came, code, "{list}: {desc}");
        assert!(desc.starts_with(words), "{desc}");
    }
    assert!(queue.list().await.is_empty());
}

#[tokio::test]
async fn updating_changes_values_and_nothing_else() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    let queue = house.queue(room);
    queue.offer("a", "1").await;
    queue.offer_transient("ann", "b", "2").await;
    bob.forgets_all().await;
    let params =
        [("operator", "owner"), ("elements", r#"{"b":"3","x":"4","a":"5","y":"6"}"#), ("notifyExt", "because")];
    let answer = queue.call("queueBatchUpdateElements", &params).await;
    let mut missing: Vec<_> = answer["noExistElementKey"].as_array().unwrap().iter().collect();
    missing.sort_by_key(ToString::to_string);
    assert_eq!((json!(missing), &answer["highPriority"]), (json!(["x", "y"]), &json!(false)));
    assert_eq!(queue.list().await, ["a=5", "b=3"]);
    let (_, data) = bob.hears_event(320).await;
    let change: serde_json::Value = serde_json::from_str(data["queueChange"].as_str().unwrap()).unwrap();
    assert_eq!(change, json!({"_e": "BATCH_UPDATE", "kvObject": {"a": "5", "b": "3"}}));
    assert_eq!((&data["operator"], &data["ext"]), (&json!("owner"), &json!("because")));
    ann.client.leave(room).await.unwrap();
    bob.hears_notice(302, "ann").await;
    bob.hears_of_queue(320, r#"{"_e":"PARTCLEAR","kvObject":{"b":"3"}}"#).await;
}

#[tokio::test]
async fn updating_nothing_that_is_there_is_no_fault_and_no_news() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let queue = house.queue(room);
    for _ in 0..2 {
        let params = [("operator", "owner"), ("elements", r#"{"a":"1"}"#), ("highPriority", "1")];
        let answer = queue.call("queueBatchUpdateElements", &params).await;
        assert_eq!(answer, json!({"noExistElementKey": ["a"], "highPriority": false}));
    }
    ann.hears_nothing().await;
    let many: serde_json::Map<_, _> = (0..201).map(|number| (number.to_string(), json!("v"))).collect();
    for bad in
        ["{}", "[]", r#"{"a":1}"#, r#"{"a":""}"#, &json!(many).to_string(), &json!({"a": "v".repeat(4097)}).to_string()]
    {
        let (code, desc) = queue.refusal("queueBatchUpdateElements", &[("operator", "owner"), ("elements", bad)]).await;
        assert_eq!(code, 414, "{bad}");
        assert!(desc.starts_with("elements"), "{desc}");
    }
}

#[tokio::test]
async fn both_can_be_done_in_silence() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let queue = house.queue(room);
    let quiet = ("needNotify", "false");
    queue.call("queueBatchOffer", &[("elements", r#"[{"key":"a","value":"1"}]"#), quiet]).await;
    queue.call("queueBatchUpdateElements", &[("operator", "owner"), ("elements", r#"{"a":"2"}"#), quiet]).await;
    assert_eq!(queue.list().await, ["a=2"]);
    ann.hears_nothing().await;
    let aloud = [("elements", r#"[{"key":"b","value":"1"}]"#), ("needNotify", "true"), ("notifyExt", "hello")];
    queue.call("queueBatchOffer", &aloud).await;
    assert_eq!(ann.hears_event(324).await.1["ext"], "hello");
}
