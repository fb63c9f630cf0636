//! Members muted for a time by their tags.

use std::time::Duration;

use roomgate::base::RoomId;
use roomgate::client::Outgoing;
use serde_json::{Value, json};

use crate::support::{House, Member, code};

const MUTED: u16 = 13004;

async fn enters(house: &House, room: RoomId, accid: &str, tags: Value) -> Member {
    let mut member = house.member(accid).await;
    member.enters_with(room, json!({"tags": tags, "notifyTargetTags": r#"{"tag":"all"}"#})).await;
    member
}

/// Mutes a tag, or lifts that; the seconds in the answer.
async fn mute(house: &House, room: RoomId, tag: &str, seconds: &str, more: &[(&str, &str)]) -> u64 {
    let room = room.to_string();
    let params = [("roomid", room.as_str()), ("operator", "owner"), ("targetTag", tag), ("muteDuration", seconds)];
    let answer = house.call("chatroom/tagTemporaryMute", &[&params, more].concat()).await;
    answer["desc"]["muteDuration"].as_u64().unwrap()
}

async fn may_speak(member: &mut Member, room: RoomId) -> bool {
    match member.client.send(room, Outgoing::text("x")).await {
        Ok(_) => true,
        refused => {
            assert_eq!(code(refused), Some(MUTED));
            false
        }
    }
}

#[tokio::test]
async fn whoever_has_the_tag_is_silent_until_its_time_is_over() {
    let house = House::with_still_clock(|_| ()).await;
    let room = house.room().await;
    let mut ann = enters(&house, room, "ann", json!(["x", "a"])).await;
    let mut bob = enters(&house, room, "bob", json!(["b"])).await;
    let mut cat = house.member_in(room, "cat").await;
    assert_eq!(mute(&house, room, "a", "30", &[]).await, 30);
    assert!(!may_speak(&mut ann, room).await && may_speak(&mut bob, room).await && may_speak(&mut cat, room).await);
    let directed = ann.client.send(room, Outgoing::text("psst").to(["bob"])).await;
    assert_eq!(code(directed), Some(MUTED));
    let mut late = enters(&house, room, "late", json!(["a"])).await;
    assert!(!may_speak(&mut late, room).await, "it holds for those who come later");
    house.clock.advance(Duration::from_millis(29_999));
    let refused = ann.client.send(room, Outgoing::text("x")).await.unwrap_err().to_string();
    assert!(refused.contains("tag a is muted") && refused.contains("for 1 s more"), "{refused}");
    house.clock.advance(Duration::from_millis(1));
    assert!(may_speak(&mut ann, room).await && may_speak(&mut late, room).await);
}

#[tokio::test]
async fn lifting_answers_the_seconds_that_were_left() {
    let house = House::with_still_clock(|_| ()).await;
    let room = house.room().await;
    let mut ann = enters(&house, room, "ann", json!(["a"])).await;
    assert_eq!(mute(&house, room, "a", "0", &[]).await, 0, "there was none");
    ann.hears_nothing().await;
    mute(&house, room, "a", "30", &[]).await;
    mute(&house, room, "b", "50", &[]).await;
    house.clock.advance(Duration::from_millis(10_500));
    mute(&house, room, "a", "100", &[]).await;
    house.clock.advance(Duration::from_millis(10_500));
    ann.forgets_all().await;
    assert_eq!(mute(&house, room, "a", "0", &[]).await, 90, "of the second, rounded up");
    assert_eq!(ann.hears_event(322).await.1["muteDuration"], 90);
    assert!(may_speak(&mut ann, room).await);
    assert_eq!(mute(&house, room, "b", "0", &[]).await, 29, "the other went on");
    mute(&house, room, "a", "5", &[]).await;
    house.clock.advance(Duration::from_secs(5));
    assert_eq!(mute(&house, room, "a", "0", &[]).await, 0, "it was over");
}

#[tokio::test]
async fn managers_are_spared() {
    let house = House::open().await;
    let room = house.room().await;
    let token = house.token("owner").await;
    let mut owner = house.log_in("owner", &token).await;
    owner.enters_with(room, json!({"tags": ["a"]})).await;
    let mut mia = enters(&house, room, "mia", json!(["a"])).await;
    mute(&house, room, "a", "30", &[]).await;
    assert!(may_speak(&mut owner, room).await && !may_speak(&mut mia, room).await);
    house.makes_manager(room, "mia").await;
    assert!(may_speak(&mut mia, room).await);
}

#[tokio::test]
async fn those_with_the_tag_are_told_or_those_one_names() {
    let house = House::with_still_clock(|_| ()).await;
    let room = house.room().await;
    let mut ann = enters(&house, room, "ann", json!(["a"])).await;
    let mut bob = enters(&house, room, "bob", json!(["b"])).await;
    let mut cat = house.member_in(room, "cat").await;
    ann.forgets_all().await;
    bob.forgets_all().await;
    mute(&house, room, "a", "30", &[("notifyExt", "why")]).await;
    let (message, data) = ann.hears_event(321).await;
    let told = json!({"operator": "owner", "opeNick": "The owner", "target": [], "tarNick": [], "ext": "why",
        "muteDuration": 30, "targetTag": "a"});
    assert_eq!((message.from(), data), ("owner", told));
    house.clock.advance(Duration::from_secs(10));
    mute(&house, room, "a", "0", &[]).await;
    let (_, data) = ann.hears_event(322).await;
    assert_eq!((&data["muteDuration"], &data["targetTag"]), (&json!(20), &json!("a")));
    bob.hears_nothing().await;
    mute(&house, room, "a", "30", &[("notifyTargetTags", r#"{"tag":"b"}"#)]).await;
    assert_eq!(bob.hears_event(321).await.1["targetTag"], "a");
    mute(&house, room, "a", "40", &[("needNotify", "false")]).await;
    mute(&house, room, "a", "0", &[("needNotify", "false")]).await;
    for member in [&mut ann, &mut bob, &mut cat] {
        member.hears_nothing().await;
    }
}

#[tokio::test]
async fn it_is_asked_of_the_session_that_sends() {
    let house = House::open().await;
    let room = house.room().await;
    let mut phone = enters(&house, room, "ann", json!(["a"])).await;
    let mut tablet = house.log_in("ann", &phone.token).await;
    tablet.enters_with(room, json!({})).await;
    mute(&house, room, "a", "30", &[]).await;
    assert!(!may_speak(&mut phone, room).await && may_speak(&mut tablet, room).await);
    let id = room.to_string();
    house.call("chatroom/updateChatRoomRoleTag", &[("roomId", &id), ("accid", "ann"), ("tags", r#"["b"]"#)]).await;
    assert!(may_speak(&mut phone, room).await, "without the tag it may");
}

#[tokio::test]
async fn the_application_server_speaks_for_those_who_may_or_ignores_it() {
    let house = House::open().await;
    let room = house.room().await;
    let phone = enters(&house, room, "ann", json!(["a"])).await;
    mute(&house, room, "a", "30", &[]).await;
    let id = room.to_string();
    let message = [("roomid", id.as_str()), ("msgId", "m"), ("fromAccid", "ann"), ("attach", "x")];
    let directed = [&message[..], &[("toAccids", r#"["ann"]"#)]].concat();
    assert_eq!(house.refusal("chatroom/sendMsg", &message).await.0, MUTED);
    assert_eq!(house.refusal("chatroom/sendMsgToSomeone", &directed).await.0, MUTED);
    for (path, params) in [("chatroom/sendMsg", &message[..]), ("chatroom/sendMsgToSomeone", &directed)] {
        house.call(path, &[params, &[("ignoreMute", "true")]].concat()).await;
    }
    let mut tablet = house.log_in("ann", &phone.token).await;
    tablet.enters_with(room, json!({})).await;
    house.call("chatroom/sendMsg", &message).await;
    drop((phone, tablet));
    let message = [("roomid", id.as_str()), ("msgId", "m"), ("fromAccid", "owner"), ("attach", "x")];
    house.call("chatroom/sendMsg", &message).await;
}

#[tokio::test]
async fn only_managers_mute_tags() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = enters(&house, room, "ann", json!(["a"])).await;
    let mut mia = house.member_in(room, "mia").await;
    house.makes_manager(room, "mia").await;
    let asked = json!({"targetTag": "a", "muteDuration": 30});
    ann.is_refused(room, "tagTemporaryMute", asked.clone(), 403).await;
    assert_eq!(mia.asks(room, "tagTemporaryMute", asked).await["desc"], json!({"muteDuration": 30}));
    let (id, long) = (room.to_string(), "t".repeat(33));
    let good = [("roomid", id.as_str()), ("operator", "owner"), ("targetTag", "a"), ("muteDuration", "30")];
    let cases = [
        ("roomid", "99", 404),
        ("operator", "ann", 403),
        ("operator", "nobody", 404),
        ("operator", "", 414),
        ("targetTag", "", 414),
        ("targetTag", &long, 414),
        ("muteDuration", "2592001", 414),
        ("muteDuration", "-1", 414),
        ("notifyTargetTags", "a", 414),
    ];
    for (name, value, code) in cases {
        let mut params: Vec<_> = good.into_iter().filter(|(known, _)| *known != name).collect();
        params.push((name, value));
        let (came, desc) = house.refusal("chatroom/tagTemporaryMute", &params).await;
        assert_eq!(came, code, "{name}={value}: {desc}");
        assert!(code != 414 || desc.starts_with(&format!("{name}: expected")), "{desc}");
    }
    assert_eq!(mute(&house, room, "b", "2592000", &[]).await, 2_592_000);
}

#[tokio::test]
async fn a_hundred_tags_may_be_muted_at_once() {
    let house = House::with_still_clock(|_| ()).await;
    let room = house.room().await;
    for number in 0..100 {
        mute(&house, room, &number.to_string(), if number == 0 { "10" } else { "100" }, &[]).await;
    }
    let id = room.to_string();
    let more = [("roomid", id.as_str()), ("operator", "owner"), ("targetTag", "more"), ("muteDuration", "1")];
    assert_eq!(house.refusal("chatroom/tagTemporaryMute", &more).await.0, 419);
    mute(&house, room, "7", "50", &[]).await;
    house.clock.advance(Duration::from_secs(10));
    mute(&house, room, "more", "1", &[]).await;
}
