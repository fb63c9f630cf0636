//! `queryTagHistoryMsg`: what was said to members with these tags (section 5.5).

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::House;
use crate::support::past::texts;

async fn say(house: &House, room: &str, text: &str, target: &str) -> u64 {
    let params =
        [("roomid", room), ("msgId", text), ("fromAccid", "owner"), ("attach", text), ("notifyTargetTags", target)];
    let answer = house.call("chatroom/sendMsg", &params).await;
    house.clock.advance(Duration::from_millis(1));
    answer["desc"]["time"].as_str().unwrap().parse().unwrap()
}

async fn ask(house: &House, room: &str, tags: &str, more: &[(&str, &str)]) -> Vec<Value> {
    let params = [&[("roomId", room), ("tags", tags)], more].concat();
    house.call("history/queryTagHistoryMsg", &params).await["msgs"].as_array().unwrap().clone()
}

#[tokio::test]
async fn only_what_was_for_these_tags() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await.to_string();
    say(&house, &room, "red", r#"{"tag": "red"}"#).await;
    say(&house, &room, "all", "").await;
    say(&house, &room, "either", r#"{"tag": "red"} or {"tag": "blue"}"#).await;
    say(&house, &room, "both", r#"{"tag": "red"} and {"tag": "blue"}"#).await;
    for (tags, expected) in [
        (r#"["red"]"#, &["red", "either"][..]),
        (r#"["blue"]"#, &["either"]),
        (r#"["blue", "red"]"#, &["red", "either", "both"]),
        (r#"["green"]"#, &[]),
    ] {
        assert_eq!(texts(&ask(&house, &room, tags, &[("reverse", "1")]).await), expected, "{tags}");
    }
}

#[tokio::test]
async fn a_member_that_speaks_to_its_tags_is_found_by_them() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await.to_string();
    let mut ann = house.member("ann").await;
    ann.client.request("join", json!({"roomid": room, "tags": ["red"]})).await.unwrap();
    let send = json!({"roomid": room, "msgId": "m", "msgType": 0, "attach": "to the red"});
    ann.client.request("send", send).await.unwrap();
    let found = ask(&house, &room, r#"["red"]"#, &[]).await;
    assert_eq!(texts(&found), ["to the red"]);
    assert_eq!((&found[0]["from"], &found[0]["fromclienttype"]), (&json!("ann"), &json!(16)));
}

#[tokio::test]
async fn between_two_moments_some_types_so_many_and_the_newest_first() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await.to_string();
    let target = r#"{"tag": "red"}"#;
    let mut times = Vec::new();
    for text in ["a", "b", "c", "d"] {
        times.push(say(&house, &room, text, target).await.to_string());
    }
    let ask = async |more: &[(&str, &str)]| texts(&ask(&house, &room, r#"["red"]"#, more).await);
    assert_eq!(ask(&[]).await, ["d", "c", "b", "a"]);
    assert_eq!(ask(&[("reverse", "1"), ("limit", "3")]).await, ["a", "b", "c"]);
    assert_eq!(ask(&[("fromTime", &times[1]), ("toTime", &times[2])]).await, ["c", "b"], "both moments count");
    assert_eq!(ask(&[("fromTime", "0"), ("toTime", "0")]).await.len(), 4, "no end is now");
    assert_eq!(ask(&[("types", "0,100")]).await.len(), 4);
    assert_eq!(ask(&[("types", "1")]).await, [""; 0]);
}

#[tokio::test]
async fn what_can_not_be_asked_for_is_named() {
    let house = House::open().await;
    let room = house.room().await.to_string();
    let good = [("roomId", room.as_str()), ("tags", r#"["chatroom"]"#)];
    // As the official Java SDK asks, where there is nothing.
    let asked = [&good[..], &[("limit", "20"), ("reverse", "1")]].concat();
    assert_eq!(house.call("history/queryTagHistoryMsg", &asked).await, json!({"code": 200, "msgs": []}));
    for (name, value, code) in [
        ("roomId", "", 414),
        ("roomId", "99", 404),
        ("tags", "", 414),
        ("tags", "[]", 414),
        ("tags", "red", 414),
        ("types", "x", 414),
        ("fromTime", "-1", 414),
        ("toTime", "x", 414),
        ("limit", "101", 414),
        ("reverse", "3", 414),
    ] {
        let mut params = good.to_vec();
        params.retain(|(known, _)| *known != name);
        params.push((name, value));
        let (came, desc) = house.refusal("history/queryTagHistoryMsg", &params).await;
        assert_eq!(came, code, "{name} {value}: {desc}");
        assert!(code == 404 || desc.starts_with(&format!("{name}: expected")), "{desc}");
    }
}
