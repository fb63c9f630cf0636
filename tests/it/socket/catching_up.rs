//! `needHighPriorityMsgResend`: who leaves or breaks off and comes back within 30 s gets what was urgent meanwhile (section 3.1).

use std::time::Duration;

use roomgate::base::RoomId;
use roomgate::client::{Event, Outgoing};
use serde_json::{Value, json};

use crate::support::{House, Member, eventually};

async fn house() -> House {
    House::with_patience(|_| ()).await
}

fn urgent(text: &str) -> Outgoing {
    Outgoing::text(text).high()
}

async fn server_sends_with(house: &House, room: RoomId, text: &str, more: &[(&str, &str)]) -> Value {
    let room = room.to_string();
    let params = [("roomid", room.as_str()), ("msgId", text), ("fromAccid", "owner"), ("attach", text)];
    house.call("chatroom/sendMsg", &[&params, more].concat()).await
}

/// Enters the room; what it hears from its join's own answer up to what the room is told then, in order: `joined`, texts, `told`.
async fn comes_in(member: &mut Member, room: RoomId) -> Vec<String> {
    let join = json!({"op": "join", "id": 4711, "roomid": room.to_string()});
    member.client.send_raw(join.to_string()).await.unwrap();
    let mut heard = Vec::new();
    while heard.last().is_none_or(|last| last != "told") {
        match member.event().await {
            Event::Other(reply) if reply.contains(r#""id":4711,"code":200"#) => heard.push("joined".into()),
            Event::Message(message) if message.is_notice() => heard.push("told".into()),
            Event::Message(message) => heard.push(message.attach().to_owned()),
            other => panic!("{other:?}"),
        }
    }
    heard
}

/// Two members in a room, one of whom has just left it.
async fn one_has_left(house: &House, room: RoomId) -> (Member, Member) {
    let mut stays = house.member_in(room, "stays").await;
    let mut ann = house.member_in(room, "ann").await;
    stays.hears_notice(301, "ann").await;
    ann.client.leave(room).await.unwrap();
    stays.hears_notice(302, "ann").await;
    (ann, stays)
}

#[tokio::test]
async fn who_left_gets_what_was_urgent_behind_its_answer_and_before_all_else() {
    let house = house().await;
    let room = house.room().await;
    let (mut ann, mut stays) = one_has_left(&house, room).await;
    for text in ["one", "two"] {
        house.server_sends(room, "owner", urgent(text)).await;
    }
    stays.sends(room, urgent("three")).await;
    assert_eq!(comes_in(&mut ann, room).await, ["joined", "one", "two", "three", "told"]);
    house.server_sends(room, "owner", Outgoing::text("next")).await;
    ann.hears_text("next").await;
    for text in ["one", "two", "three", "next"] {
        stays.hears_text(text).await;
    }
}

#[tokio::test]
async fn it_is_the_same_message() {
    let house = house().await;
    let room = house.room().await;
    let (mut ann, mut stays) = one_has_left(&house, room).await;
    let sent = house.server_sends(room, "owner", urgent("one")).await;
    ann.client.join(room).await.unwrap();
    for member in [&mut ann, &mut stays] {
        assert_eq!(member.hears_text("one").await.raw(), sent.message.raw());
    }
}

#[tokio::test]
async fn who_broke_off_gets_it_in_its_next_session() {
    let house = house().await;
    let room = house.room().await;
    let mut stays = house.member_in(room, "stays").await;
    let ann = house.member_in(room, "ann").await;
    let token = ann.token.clone();
    stays.hears_notice(301, "ann").await;
    house.loses(ann).await;
    house.server_sends(room, "owner", urgent("one")).await;
    house.clock.advance(Duration::from_millis(29_999));
    let mut ann = house.log_in("ann", &token).await;
    ann.client.join(room).await.unwrap();
    // Its old session is in the room still, so nobody is told that it enters.
    ann.hears_text("one").await;
}

#[tokio::test]
async fn once_and_not_again() {
    let house = house().await;
    let room = house.room().await;
    let (mut ann, _stays) = one_has_left(&house, room).await;
    house.server_sends(room, "owner", urgent("one")).await;
    assert_eq!(comes_in(&mut ann, room).await, ["joined", "one", "told"]);
    ann.client.leave(room).await.unwrap();
    assert_eq!(comes_in(&mut ann, room).await, ["joined", "told"]);
}

#[tokio::test]
async fn another_session_that_enters_after_it_does_not_get_it_too() {
    let house = house().await;
    let room = house.room().await;
    let (mut phone, _stays) = one_has_left(&house, room).await;
    house.server_sends(room, "owner", urgent("one")).await;
    assert_eq!(comes_in(&mut phone, room).await, ["joined", "one", "told"]);
    let mut tablet = house.log_in("ann", &phone.token).await;
    tablet.client.join(room).await.unwrap();
    tablet.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn half_a_minute_after_leaving_it_is_too_late() {
    let house = house().await;
    let room = house.room().await;
    let (mut ann, _stays) = one_has_left(&house, room).await;
    house.clock.advance(Duration::from_secs(29));
    house.server_sends(room, "owner", urgent("one")).await;
    house.clock.advance(Duration::from_secs(1));
    assert_eq!(comes_in(&mut ann, room).await, ["joined", "told"]);
}

#[tokio::test]
async fn only_what_was_urgent_for_the_whole_room_and_wants_it() {
    let house = House::with_patience(|settings| settings.limits.high_priority_per_second = 2).await;
    let room = house.room().await;
    let (mut ann, _stays) = one_has_left(&house, room).await;
    house.server_sends(room, "owner", Outgoing::text("normal")).await;
    house.server_sends(room, "owner", urgent("directed").to(["ann"])).await;
    let unwanted = [("highPriority", "true"), ("needHighPriorityMsgResend", "false")];
    server_sends_with(&house, room, "unwanted", &unwanted).await;
    let wanted = [("highPriority", "true"), ("needHighPriorityMsgResend", "true")];
    server_sends_with(&house, room, "wanted", &wanted).await;
    let third = server_sends_with(&house, room, "downgraded", &wanted).await;
    assert!(third["desc"].get("highPriorityFlag").is_none());
    assert_eq!(comes_in(&mut ann, room).await, ["joined", "wanted", "told"]);
}

#[tokio::test]
async fn others_who_enter_do_not_get_it() {
    let house = house().await;
    let room = house.room().await;
    let (_ann, _stays) = one_has_left(&house, room).await;
    house.server_sends(room, "owner", urgent("one")).await;
    let mut bob = house.member("bob").await;
    assert_eq!(comes_in(&mut bob, room).await, ["joined", "told"]);
}

#[tokio::test]
async fn it_waits_in_a_room_that_nobody_is_in() {
    let house = house().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    ann.client.leave(room).await.unwrap();
    house.server_sends(room, "owner", urgent("one")).await;
    house.clock.advance(Duration::from_secs(20));
    assert_eq!(comes_in(&mut ann, room).await, ["joined", "one", "told"]);
}

async fn kick(house: &House, room: RoomId, accid: &str) {
    let room = room.to_string();
    house.call("chatroom/kickMember", &[("roomid", room.as_str()), ("accid", "owner"), ("targetAccid", accid)]).await;
}

#[tokio::test]
async fn who_was_put_out_gets_nothing() {
    let house = house().await;
    let room = house.room().await;
    let _stays = house.member_in(room, "stays").await;
    let mut ann = house.member_in(room, "ann").await;
    kick(&house, room, "ann").await;
    assert!(matches!(ann.event().await, Event::Kicked { reason: 2, .. }));
    house.server_sends(room, "owner", urgent("one")).await;
    assert_eq!(comes_in(&mut ann, room).await, ["joined", "told"]);
}

#[tokio::test]
async fn who_was_put_out_gets_nothing_although_another_session_of_it_had_left() {
    let house = house().await;
    let room = house.room().await;
    let _stays = house.member_in(room, "stays").await;
    let mut phone = house.member_in(room, "ann").await;
    let mut tablet = house.log_in("ann", &phone.token).await;
    tablet.client.join(room).await.unwrap();
    phone.client.leave(room).await.unwrap();
    kick(&house, room, "ann").await;
    house.server_sends(room, "owner", urgent("one")).await;
    assert_eq!(comes_in(&mut phone, room).await, ["joined", "told"]);
}

#[tokio::test]
async fn what_is_for_some_comes_to_who_is_one_of_them_now() {
    let house = house().await;
    let room = house.room().await;
    let (mut ann, _stays) = one_has_left(&house, room).await;
    for tag in ["red", "blue"] {
        let target = format!(r#"{{"tag": "{tag}"}}"#);
        server_sends_with(&house, room, tag, &[("highPriority", "true"), ("notifyTargetTags", &target)]).await;
    }
    ann.client.request("join", json!({"roomid": room.to_string(), "tags": ["blue"]})).await.unwrap();
    ann.hears_text("blue").await;
    ann.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn what_was_recalled_meanwhile_does_not_come() {
    let house = house().await;
    let room = house.room().await;
    let (mut ann, _stays) = one_has_left(&house, room).await;
    let oops = house.server_sends(room, "owner", urgent("oops").id("m")).await;
    house.server_sends(room, "owner", urgent("fine")).await;
    let (id, time) = (room.to_string(), oops.message.time().to_string());
    let recall = [
        ("roomid", id.as_str()),
        ("msgTimetag", &time),
        ("fromAcc", "owner"),
        ("msgId", "m"),
        ("operatorAcc", "owner"),
    ];
    house.call("chatroom/recall", &recall).await;
    assert_eq!(comes_in(&mut ann, room).await, ["joined", "fine", "told"]);
}

#[tokio::test]
async fn sent_again_it_does_not_come_twice() {
    let house = house().await;
    let room = house.room().await;
    let (mut ann, _stays) = one_has_left(&house, room).await;
    house.server_sends(room, "owner", urgent("one").id("m")).await;
    assert_eq!(comes_in(&mut ann, room).await, ["joined", "one", "told"]);
    house.server_sends(room, "owner", urgent("one").id("m").resend()).await;
    ann.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn a_lot_of_it_does_not_close_who_is_on_a_slow_line() {
    let house = House::with_patience(|settings| settings.limits.high_priority_per_second = 0).await;
    let room = house.room().await;
    let (ann, _stays) = one_has_left(&house, room).await;
    // More than the high lane holds, less than the room keeps.
    let texts: Vec<String> = (0..100).map(|number| format!("{number} {}", "x".repeat(2000))).collect();
    for text in &texts {
        house.server_sends(room, "owner", urgent(text)).await;
    }
    let (mut client, _) = house.narrow_visitor(Some(16 * 1024)).await;
    client.login("key", "ann", &ann.token).await.unwrap();
    let mut narrow = Member::new("ann", &ann.token, client);
    let join = json!({"op": "join", "id": 1, "roomid": room.to_string()});
    narrow.client.send_raw(join.to_string()).await.unwrap();
    eventually("something waits", || house.metric("roomgate_queue_bytes") > 0.0).await;
    assert!(matches!(narrow.event().await, Event::Other(reply) if reply.contains(r#""code":200"#)));
    for text in &texts {
        narrow.hears_text(text).await;
    }
}

#[tokio::test]
async fn what_was_sent_again_comes_back_once() {
    let house = house().await;
    let room = house.room().await;
    let (mut ann, _stays) = one_has_left(&house, room).await;
    house.server_sends(room, "owner", urgent("one").id("m")).await;
    house.server_sends(room, "owner", urgent("one").id("m").resend()).await;
    assert_eq!(comes_in(&mut ann, room).await, ["joined", "one", "told"]);
}
