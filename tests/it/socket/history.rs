use roomgate::base::RoomId;
use roomgate::client::{Event, Outgoing};
use serde_json::{Value, json};

use crate::support::past::texts;
use crate::support::{House, Member, code, eventually};

async fn ask(member: &mut Member, room: RoomId, more: Value) -> Vec<Value> {
    let mut params = json!({"roomid": room.to_string()});
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let reply = member.client.request("history", params).await.unwrap();
    reply["msgs"].as_array().expect("messages").clone()
}

#[tokio::test]
async fn a_member_reads_what_was_said_before_it_came() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    ann.sends(room, Outgoing::text("one")).await;
    let mut bob = house.member_in(room, "bob").await;
    // Its own entering is in there too, sooner or later, but not later than this.
    ann.sends(room, Outgoing::text("two")).await;
    let past = ask(&mut bob, room, json!({"reverse": 1})).await;
    assert_eq!(past, house.past(room, &[]).await, "the same as the application server reads");
    assert_eq!(texts(&past), ["one", "two"]);
    assert_eq!(texts(&ask(&mut bob, room, json!({})).await), ["two", "one"], "the newest first");
    let first = past.iter().find(|message| message["body"] == "one").unwrap()["sendtime"].clone();
    let from_it = ask(&mut bob, room, json!({"reverse": 1, "timetag": first, "limit": 1, "type": "0"})).await;
    assert_eq!(texts(&from_it), ["one"]);
    assert_eq!(ask(&mut bob, room, json!({"type": "5", "limit": 100})).await.len(), 2);
}

#[tokio::test]
async fn only_of_a_room_that_it_is_in() {
    let house = House::open().await;
    let room = house.room().await;
    house.server_sends(room, "owner", Outgoing::text("secret")).await;
    let mut ann = house.member("ann").await;
    let asked = json!({"roomid": room.to_string()});
    assert_eq!(code(ann.client.request("history", asked.clone()).await), Some(403));
    ann.enters(room).await;
    ann.client.request("history", asked.clone()).await.unwrap();
    ann.client.leave(room).await.unwrap();
    assert_eq!(code(ann.client.request("history", asked.clone()).await), Some(403));
    ann.client.join(room).await.unwrap();
    let id = room.to_string();
    house.call("chatroom/kickMember", &[("roomid", &id), ("accid", "owner"), ("targetAccid", "ann")]).await;
    assert_eq!(code(ann.client.request("history", asked).await), Some(403));
}

#[tokio::test]
async fn at_most_a_hundred_at_once() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for first in (0..120).step_by(10) {
        let items = (first..first + 10).map(|n| json!({"msgId": n.to_string(), "attach": n.to_string()}));
        let (id, list) = (room.to_string(), Value::from_iter(items).to_string());
        house.call("chatroom/batchSendMsg", &[("roomid", &id), ("msgList", &list), ("fromAccid", "owner")]).await;
    }
    for asked in [json!({}), json!({"limit": 100})] {
        assert_eq!(ask(&mut ann, room, asked).await.len(), 100);
    }
    for (name, value) in [
        ("limit", json!(0)),
        ("limit", json!(101)),
        ("limit", json!("5")),
        ("reverse", json!(3)),
        ("type", json!("x")),
        ("timetag", json!(-1)),
        ("roomid", json!(null)),
    ] {
        let mut params = json!({"roomid": room.to_string()});
        params[name] = value;
        let refusal = ann.client.request("history", params).await.unwrap_err();
        assert_eq!(refusal.code(), Some(414));
        assert!(refusal.to_string().contains(&format!("{name}: expected")), "{refusal}");
    }
}

#[tokio::test]
async fn long_answers_make_nobody_too_slow_for_what_comes_next() {
    const ASKED: usize = 8;
    let house = House::open().await;
    let room = house.room().await;
    let text = "x".repeat(4000);
    for number in 0..100 {
        house.server_sends(room, "owner", Outgoing::text(&text).id(number.to_string())).await;
    }
    let token = house.account("ann").await;
    let (mut client, _) = house.narrow_visitor(Some(16 * 1024)).await;
    client.login("key", "ann", &token).await.unwrap();
    let mut ann = Member::new("ann", &token, client);
    ann.enters(room).await;
    let asked = json!({"op": "history", "id": 4711, "roomid": room.to_string(), "type": "0"}).to_string();
    for _ in 0..ASKED {
        ann.client.send_raw(&asked).await.unwrap();
    }
    eventually("an answer is on its way", || house.metric("roomgate_queue_bytes") > 300_000.0).await;
    for text in ["next", "and next"] {
        house.server_sends(room, "owner", Outgoing::text(text)).await;
    }
    let (mut answers, mut texts) = (0, Vec::new());
    while answers < ASKED || texts.len() < 2 {
        match ann.event().await {
            Event::Other(reply) => {
                let reply: Value = serde_json::from_str(&reply).unwrap();
                assert_eq!(reply["msgs"].as_array().map(Vec::len), Some(100));
                answers += 1;
            }
            Event::Message(message) => texts.push(message.attach().to_owned()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(texts, ["next", "and next"]);
}
