//! Messages that were for some tags, asked for later.

use roomgate::base::RoomId;
use roomgate::client::Outgoing;
use serde_json::{Value, json};

use crate::support::{House, SOON};

const A: &str = r#"{"tag":"a"}"#;
const A_AND_B: &str = r#"{"tag":"a"} and {"tag":"b"}"#;

async fn sends(house: &House, room: RoomId, text: &str, more: &[(&str, &str)]) -> u64 {
    let room = room.to_string();
    let params = [("roomid", room.as_str()), ("msgId", text), ("fromAccid", "owner"), ("attach", text)];
    let sent = house.call("chatroom/sendMsg", &[&params, more].concat()).await;
    sent["desc"]["time"].as_str().unwrap().parse().unwrap()
}

async fn query(house: &House, room: RoomId, tags: &str, more: &[(&str, &str)]) -> Vec<Value> {
    let room = room.to_string();
    let params = [("roomId", room.as_str()), ("tags", tags)];
    let answer = house.call("history/queryTagHistoryMsg", &[&params, more].concat()).await;
    answer["msgs"].as_array().unwrap().clone()
}

fn bodies(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["body"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn only_messages_for_these_tags_are_found() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member("ann").await;
    ann.enters_with(room, json!({"tags": ["a", "x"]})).await;
    sends(&house, room, "to all", &[]).await;
    sends(&house, room, "to a", &[("notifyTargetTags", A)]).await;
    sends(&house, room, "to both", &[("notifyTargetTags", A_AND_B)]).await;
    sends(&house, room, "kept by nobody", &[("notifyTargetTags", A), ("skipHistory", "1")]).await;
    ann.sends(room, Outgoing::text("by default")).await;
    ann.sends(room, Outgoing::text("directed").to(["ann"])).await;
    for (tags, found) in [
        (r#"["a"]"#, &["by default", "to a"][..]),
        (r#"["a","b"]"#, &["by default", "to both", "to a"]),
        (r#"["x"]"#, &["by default"]),
        (r#"["b"]"#, &[]),
    ] {
        assert_eq!(bodies(&query(&house, room, tags, &[]).await), found, "{tags}");
    }
    let found = query(&house, room, r#"["x"]"#, &[]).await;
    let expected = json!({"msgid": found[0]["msgid"], "from": "ann", "type": 0, "sendtime": found[0]["sendtime"],
        "body": "by default", "fromclienttype": 16, "fromNick": "ANN"});
    assert_eq!(found, [expected]);
}

#[tokio::test]
async fn by_time_type_and_number() {
    let house = House::with_still_clock(|_| ()).await;
    let room = house.room().await;
    let mut times = Vec::new();
    for number in 0..5 {
        let kind = if number == 2 { "100" } else { "0" };
        let text = number.to_string();
        times.push(sends(&house, room, &text, &[("notifyTargetTags", A), ("msgType", kind)]).await.to_string());
        house.clock.advance(std::time::Duration::from_millis(10));
    }
    let cases: [(&[(&str, &str)], &[&str]); 8] = [
        (&[], &["4", "3", "2", "1", "0"]),
        (&[("reverse", "2"), ("limit", "2")], &["4", "3"]),
        (&[("reverse", "1"), ("limit", "2")], &["0", "1"]),
        (&[("types", "100")], &["2"]),
        (&[("types", "0,1"), ("limit", "100")], &["4", "3", "1", "0"]),
        (&[("fromTime", &times[1]), ("toTime", &times[3])], &["3", "2", "1"]),
        (&[("fromTime", &times[3]), ("reverse", "1")], &["3", "4"]),
        (&[("toTime", &times[1]), ("limit", "1")], &["1"]),
    ];
    for (params, found) in cases {
        assert_eq!(bodies(&query(&house, room, r#"["a"]"#, params).await), found, "{params:?}");
    }
}

#[tokio::test]
async fn a_notice_for_some_is_found_by_their_tags() {
    let house = House::open().await;
    let room = house.room().await;
    let id = room.to_string();
    let params = [("roomid", id.as_str()), ("operator", "owner"), ("targetTag", "a"), ("muteDuration", "30")];
    house.call("chatroom/tagTemporaryMute", &params).await;
    let found = async {
        loop {
            let found = query(&house, room, r#"["a"]"#, &[("types", "5")]).await;
            if !found.is_empty() {
                return found;
            }
        }
    };
    let found = tokio::time::timeout(SOON, found).await.expect("it is kept sooner or later");
    assert!(bodies(&found)[0].starts_with(r#"{"id":321,"#), "{found:?}");
    assert!(query(&house, room, r#"["b"]"#, &[]).await.is_empty());
}

#[tokio::test]
async fn wrong_queries_are_named() {
    let house = House::open().await;
    let id = house.room().await.to_string();
    let good = [("roomId", id.as_str()), ("tags", r#"["a"]"#)];
    let cases = [
        ("roomId", "99", 404),
        ("roomId", "", 414),
        ("tags", "", 414),
        ("tags", "[]", 414),
        ("tags", "a", 414),
        ("types", "x", 414),
        ("types", "7", 414),
        ("limit", "101", 414),
        ("reverse", "3", 414),
        ("fromTime", "x", 414),
    ];
    for (name, value, code) in cases {
        let mut params: Vec<_> = good.into_iter().filter(|(known, _)| *known != name).collect();
        params.push((name, value));
        let (came, desc) = house.refusal("history/queryTagHistoryMsg", &params).await;
        assert_eq!(came, code, "{name}={value}: {desc}");
        assert!(code == 404 || desc.starts_with(&format!("{name}: expected")), "{desc}");
    }
}
