//! `queryChatroomMsg`: what is asked for, and in which order it comes (section 6.2).

use std::time::Duration;

use roomgate::base::RoomId;
use roomgate::client::Outgoing;
use serde_json::{Value, json};

use crate::support::House;
use crate::support::past::{notices, texts};

#[tokio::test]
async fn types_are_chosen_by_a_list() {
    let house = House::open().await;
    let room = house.room().await;
    let _ann = house.member_in(room, "ann").await;
    house.server_sends(room, "owner", Outgoing::text("text")).await;
    house.server_sends(room, "owner", Outgoing::text("tip").kind(10)).await;
    house.server_sends(room, "owner", Outgoing::text("custom").kind(100)).await;
    for (types, expected) in [
        ("0", &["text"][..]),
        ("10", &["tip"]),
        ("0,100", &["text", "custom"]),
        ("100,0,5", &["text", "custom"]),
        ("1,2,3,4,6,11", &[]),
        ("", &["text", "tip", "custom"]),
    ] {
        let past = house.past(room, &[("type", types)]).await;
        assert_eq!(texts(&past), expected, "{types}");
        assert_eq!(notices(&past).len(), usize::from(types.is_empty() || types.contains('5')), "{types}");
    }
}

#[tokio::test]
async fn what_can_not_be_asked_for_is_named() {
    let house = House::open().await;
    let room = house.room().await.to_string();
    let good = [("roomid", room.as_str()), ("accid", "owner"), ("timetag", "0"), ("limit", "1")];
    for (name, value, code) in [
        ("limit", "", 414),
        ("limit", "0", 414),
        ("limit", "-1", 414),
        ("limit", "201", 414),
        ("reverse", "0", 414),
        ("reverse", "3", 414),
        ("reverse", "true", 414),
        ("type", "7", 414),
        ("type", "0;1", 414),
        ("type", "0,", 414),
        ("timetag", "-1", 414),
        ("timetag", "now", 414),
        ("accid", "", 414),
        ("accid", "nobody", 404),
        ("roomid", "", 414),
        ("roomid", "99", 404),
    ] {
        let mut params = good.to_vec();
        params.retain(|(known, _)| *known != name);
        params.push((name, value));
        let (came, desc) = house.refusal("history/queryChatroomMsg", &params).await;
        assert_eq!(came, code, "{name} {value}: {desc}");
        assert!(code == 404 || desc.starts_with(&format!("{name}: expected")), "{desc}");
    }
    for (name, value) in [("limit", "200"), ("reverse", "1"), ("reverse", "2"), ("reverse", ""), ("timetag", "")] {
        let mut params = good.to_vec();
        params.retain(|(known, _)| *known != name);
        params.push((name, value));
        house.call("history/queryChatroomMsg", &params).await;
    }
}

#[tokio::test]
async fn it_goes_on_from_a_moment_or_back_from_it_and_that_moment_counts() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await;
    let mut times = Vec::new();
    for text in ["a", "b", "c", "d"] {
        times.push(house.server_sends(room, "owner", Outgoing::text(text)).await.message.time().to_string());
        house.clock.advance(Duration::from_millis(1));
    }
    let ask = async |timetag: &str, reverse: &str, limit: &str| {
        texts(&house.past(room, &[("timetag", timetag), ("reverse", reverse), ("limit", limit)]).await)
    };
    assert_eq!(ask(&times[1], "1", "200").await, ["b", "c", "d"]);
    assert_eq!(ask(&times[1], "1", "2").await, ["b", "c"]);
    assert_eq!(ask(&times[2], "2", "200").await, ["c", "b", "a"]);
    assert_eq!(ask(&times[2], "2", "2").await, ["c", "b"]);
    assert_eq!(ask(&times[2], "", "2").await, ["c", "b"], "back is what is not said");
    assert_eq!(ask("0", "1", "1").await, ["a"]);
    assert_eq!(ask("0", "2", "1").await, ["d"], "without a moment it is back from now");
    assert_eq!(ask("9999999999999", "1", "200").await, [""; 0]);
    assert_eq!(ask("1", "2", "200").await, [""; 0]);
}

/// Sends so many numbered messages, three of which share a moment.
async fn fill(house: &House, room: RoomId, count: usize) {
    let room = room.to_string();
    for first in (0..count).step_by(3) {
        let items = (first..count.min(first + 3)).map(|n| json!({"msgId": n.to_string(), "attach": n.to_string()}));
        let list = Value::from_iter(items).to_string();
        house.call("chatroom/batchSendMsg", &[("roomid", &room), ("msgList", &list), ("fromAccid", "owner")]).await;
        house.clock.advance(Duration::from_millis(1));
    }
}

/// Everything, page by page, each from the moment of the last message of the one before; what is known already is left out.
async fn page(house: &House, room: RoomId, reverse: &str, limit: &str) -> Vec<String> {
    let (mut all, mut timetag) = (Vec::new(), "0".to_owned());
    loop {
        let past = house.past(room, &[("timetag", &timetag), ("reverse", reverse), ("limit", limit)]).await;
        let fresh: Vec<String> = texts(&past).into_iter().filter(|text| !all.contains(text)).collect();
        if fresh.is_empty() {
            return all;
        }
        timetag = past.last().unwrap()["sendtime"].to_string();
        all.extend(fresh);
    }
}

#[tokio::test]
async fn paging_through_500_messages_leaves_no_gap() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await;
    fill(&house, room, 500).await;
    let onward: Vec<String> = (0..500).map(|number| number.to_string()).collect();
    let back: Vec<String> = onward.iter().rev().cloned().collect();
    for limit in ["200", "100", "7"] {
        assert_eq!(page(&house, room, "1", limit).await, onward, "{limit} a page");
        assert_eq!(page(&house, room, "2", limit).await, back, "{limit} a page");
    }
}

#[tokio::test]
async fn it_is_in_the_order_in_which_it_was_heard() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for number in 0..5 {
        let mut member = house.member_in(room, &format!("m{number}")).await;
        house.server_sends(room, "owner", Outgoing::text(number.to_string())).await;
        member.client.leave(room).await.unwrap();
    }
    house.server_sends(room, "owner", Outgoing::text("last")).await;
    let mut heard = Vec::new();
    ann.client.ping().await.unwrap();
    while let Some(roomgate::client::Event::Message(message)) = ann.client.try_next() {
        heard.push((message.time(), message.msg_id().to_owned()));
    }
    assert!(heard.is_sorted_by_key(|(time, _)| *time), "times never go back: {heard:?}");
    let past = house.past(room, &[]).await;
    let kept: Vec<(u64, String)> = past[1..]
        .iter()
        .map(|message| (message["sendtime"].as_u64().unwrap(), message["msgid"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(kept, heard);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_who_speak_at_once_are_kept_in_the_order_in_which_they_were_heard() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut speakers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let api = house.api.clone();
        speakers.spawn(async move {
            for _ in 0..20 {
                api.send(room, "owner", Outgoing::text("x")).await.expect("accepted");
            }
        });
    }
    let mut heard = Vec::new();
    for _ in 0..160 {
        heard.push(ann.hears().await.msg_id().to_owned());
    }
    while speakers.join_next().await.is_some() {}
    let past = house.past(room, &[("type", "0")]).await;
    let kept: Vec<&str> = past.iter().map(|message| message["msgid"].as_str().unwrap()).collect();
    assert_eq!(kept, heard);
}
