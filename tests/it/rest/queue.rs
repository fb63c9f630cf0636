//! A room's queue: order, keys, size (server API, section 6.1).

use serde_json::json;

use crate::support::House;
use crate::support::queue::elements;

#[tokio::test]
async fn elements_keep_their_order_and_a_known_key_its_place() {
    let house = House::open().await;
    let room = house.room().await;
    let queue = house.queue(room);
    assert_eq!(queue.call("queueList", &[]).await, json!({"list": []}));
    for (key, value) in [("b", "1"), ("a", "2"), ("10", "3"), ("9", "4"), ("a", "5")] {
        queue.offer(key, value).await;
    }
    assert_eq!(queue.list().await, ["b=1", "a=5", "10=3", "9=4"]);
    assert!(house.queue(house.room().await).list().await.is_empty(), "another room has another queue");
}

#[tokio::test]
async fn polling_takes_the_first_or_the_one_asked_for() {
    let house = House::open().await;
    let room = house.room().await;
    let queue = house.queue(room);
    for key in ["a", "b", "c"] {
        queue.offer(key, "v").await;
    }
    assert_eq!(
        queue.call("queuePoll", &[("key", "b")]).await,
        json!({"key": "b", "value": "v", "highPriority": false})
    );
    assert_eq!(queue.call("queuePoll", &[]).await["key"], "a");
    // Whoever offers again goes to the end.
    queue.offer("a", "again").await;
    assert_eq!(queue.list().await, ["c=v", "a=again"]);
    let (code, desc) = queue.refusal("queuePoll", &[("key", "b")]).await;
    assert_eq!(code, 404);
    assert!(desc.starts_with("key: ") && desc.contains("\"b\""), "{desc}");
    queue.call("queuePoll", &[("key", "")]).await;
    queue.call("queuePoll", &[]).await;
    let (code, desc) = queue.refusal("queuePoll", &[]).await;
    assert_eq!((code, desc), (404, format!("the queue of room {room} is empty")));
}

#[tokio::test]
async fn several_are_looked_up_in_the_order_asked_without_those_that_are_not_there() {
    let house = House::open().await;
    let queue = house.queue(house.room().await);
    for (key, value) in [("a", "1"), ("b", "2"), ("7", "3")] {
        queue.offer(key, value).await;
    }
    let get = async |keys| elements(&queue.call("queueMultiGet", &[("keys", keys)]).await["list"]);
    assert_eq!(get(r#"["b","x","a"]"#).await, ["b=2", "a=1"]);
    assert_eq!(get(r#"[ "b" , 7 ]"#).await, ["b=2", "7=3"], "a number is its digits");
    assert!(get(r#"["x"]"#).await.is_empty());
    assert_eq!(queue.list().await.len(), 3, "looking takes nothing out");
}

#[tokio::test]
async fn dropping_empties_it() {
    let house = House::open().await;
    let queue = house.queue(house.room().await);
    queue.offer("a", "1").await;
    queue.offer("b", "2").await;
    assert_eq!(queue.call("queueDrop", &[]).await, json!({"highPriority": false}));
    assert!(queue.list().await.is_empty());
    queue.call("queueDrop", &[]).await;
    queue.offer("c", "3").await;
    assert_eq!(queue.list().await, ["c=3"]);
}

#[tokio::test]
async fn a_full_queue_takes_updates_only() {
    let house = House::open().await;
    let room = house.room().await;
    let queue = house.queue(room);
    let id = room.to_string();
    assert_eq!(house.call("chatroom/queueInit", &[("roomid", &id), ("sizeLimit", "2")]).await, json!({"code": 200}));
    queue.offer("a", "1").await;
    queue.offer("b", "2").await;
    let (code, desc) = queue.refusal("queueOffer", &[("key", "c"), ("value", "3")]).await;
    assert_eq!(code, 419);
    assert!(desc.contains("queueInit"), "{desc}");
    queue.offer("a", "4").await;
    queue.call("queuePoll", &[]).await;
    queue.offer("c", "5").await;
    assert_eq!(queue.list().await, ["b=2", "c=5"]);
}

#[tokio::test]
async fn another_size_leaves_what_is_there() {
    let house = House::open().await;
    let room = house.room().await;
    let queue = house.queue(room);
    let resize = async |params: &[(&str, &str)]| {
        house.call("chatroom/queueInit", &[&[("roomid", room.to_string().as_str())], params].concat()).await
    };
    let ten: Vec<_> = (0..10).map(|number| json!({"key": number.to_string(), "value": "v"})).collect();
    queue.call("queueBatchOffer", &[("elements", &json!(ten).to_string())]).await;
    resize(&[("sizeLimit", "0")]).await;
    assert_eq!(queue.list().await.len(), 10);
    assert_eq!(queue.refusal("queueOffer", &[("key", "x"), ("value", "v")]).await.0, 419);
    resize(&[]).await;
    let more: Vec<_> = (10..51).map(|number| json!({"key": number.to_string(), "value": "v"})).collect();
    let failed = queue.call("queueBatchOffer", &[("elements", &json!(more).to_string())]).await;
    assert_eq!(failed["failedKeys"], json!(["50"]), "left out, it is 50");
}

#[tokio::test]
async fn a_new_room_has_a_place_for_a_thousand() {
    let house = House::open().await;
    let queue = house.queue(house.room().await);
    for batch in 0..5 {
        let keys = (0..200).map(|number| json!({"key": format!("{batch}-{number}"), "value": "v"}));
        let offered =
            queue.call("queueBatchOffer", &[("elements", &keys.collect::<serde_json::Value>().to_string())]).await;
        assert_eq!(offered["failedKeys"], json!([]));
    }
    assert_eq!(queue.refusal("queueOffer", &[("key", "x"), ("value", "v")]).await.0, 419);
    assert_eq!(queue.list().await.len(), 1000);
}
