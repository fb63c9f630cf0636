//! Members with a place, and messages that are heard only near by.

use roomgate::base::RoomId;
use serde_json::{Value, json};

use crate::support::{House, Member, code};

async fn enters(house: &House, room: RoomId, accid: &str, place: Value) -> Member {
    let mut member = house.member(accid).await;
    member.enters_with(room, place).await;
    member
}

/// One at the origin who hears 5 far, one at (10, 0, 0) who hears 100 far, one without a place.
async fn three(house: &House, room: RoomId) -> [Member; 3] {
    let mut members = [
        enters(house, room, "ann", json!({"locX": 0, "locY": 0, "locZ": 0, "distance": 5})).await,
        enters(house, room, "bob", json!({"locX": 10.5, "distance": 100.0})).await,
        enters(house, room, "cat", json!({})).await,
    ];
    for member in &mut members {
        member.forgets_all().await;
    }
    members
}

async fn server_sends(house: &House, room: RoomId, text: &str, place: &[(&str, &str)]) -> Value {
    let room = room.to_string();
    let params = [("roomid", room.as_str()), ("msgId", text), ("fromAccid", "owner"), ("attach", text)];
    house.call("chatroom/sendMsg", &[&params, place].concat()).await["desc"].clone()
}

async fn is_heard_by(members: &mut [Member], text: &str, expected: &str) {
    for member in members {
        if expected.split(' ').any(|accid| accid == member.accid) {
            member.hears_text(text).await;
        }
        member.hears_nothing().await;
    }
}

#[tokio::test]
async fn a_message_with_a_place_is_heard_within_each_members_distance() {
    let house = House::open().await;
    let room = house.room().await;
    let mut members = three(&house, room).await;
    let cases: [(&[(&str, &str)], &str); 7] = [
        (&[], "ann bob cat"),
        (&[("locX", "3"), ("locY", "4"), ("locZ", "0")], "ann bob cat"),
        (&[("locX", "3"), ("locY", "4"), ("locZ", "0.001")], "bob cat"),
        (&[("locY", "-5")], "ann bob cat"),
        (&[("locX", "0"), ("locY", "0"), ("locZ", "0")], "ann bob cat"),
        (&[("locX", "110.5")], "bob cat"),
        (&[("locX", "1e300"), ("locY", "-1e300")], "cat"),
    ];
    for (number, (place, heard)) in cases.into_iter().enumerate() {
        let text = number.to_string();
        server_sends(&house, room, &text, place).await;
        is_heard_by(&mut members, &text, heard).await;
    }
}

#[tokio::test]
async fn a_message_shows_its_place_and_one_without_shows_none() {
    let house = House::open().await;
    let room = house.room().await;
    let mut members = three(&house, room).await;
    let desc = server_sends(&house, room, "x", &[("locX", "1.5"), ("locZ", "-2")]).await;
    assert_eq!((&desc["locX"], &desc["locY"], &desc["locZ"]), (&json!(1.5), &json!(0.0), &json!(-2.0)));
    let heard: Value = serde_json::from_str(members[0].hears_text("x").await.raw()).unwrap();
    assert_eq!(heard, desc);
    let desc = server_sends(&house, room, "y", &[("locX", ""), ("locY", "")]).await;
    assert!(["locX", "locY", "locZ"].iter().all(|axis| desc.get(axis).is_none()), "{desc}");
}

#[tokio::test]
async fn members_and_batches_send_from_a_place_too() {
    let house = House::open().await;
    let room = house.room().await;
    let mut members = three(&house, room).await;
    let message =
        json!({"roomid": room.to_string(), "msgId": "1", "msgType": 0, "attach": "near", "locX": 50, "locY": 2.5});
    let sent = members[0].client.request("send", message).await.unwrap();
    assert_eq!((&sent["desc"]["locX"], &sent["desc"]["locY"]), (&json!(50.0), &json!(2.5)));
    is_heard_by(&mut members, "near", "bob cat").await;
    let list = json!([
        {"msgId": "2", "msgType": 0, "attach": "far", "locX": 500},
        {"msgId": "3", "msgType": 0, "attach": "here", "locX": 1.0, "locY": "1"},
    ]);
    let params = [("roomid", room.to_string()), ("fromAccid", "owner".into()), ("msgList", list.to_string())];
    house.call("chatroom/batchSendMsg", &params.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    members[2].hears_text("far").await;
    is_heard_by(&mut members, "here", "ann bob cat").await;
}

#[tokio::test]
async fn a_place_and_tags_narrow_together() {
    let house = House::open().await;
    let room = house.room().await;
    let mut members = [
        enters(&house, room, "near", json!({"tags": ["a"], "locX": 0, "distance": 5})).await,
        enters(&house, room, "far", json!({"tags": ["a"], "locX": 100, "distance": 5})).await,
        enters(&house, room, "other", json!({"tags": ["b"], "locX": 0, "distance": 5})).await,
    ];
    for member in &mut members {
        member.forgets_all().await;
    }
    server_sends(&house, room, "x", &[("locX", "1"), ("notifyTargetTags", r#"{"tag":"a"}"#)]).await;
    is_heard_by(&mut members, "x", "near").await;
}

#[tokio::test]
async fn a_directed_message_and_a_notice_know_no_distance() {
    let house = House::open().await;
    let room = house.room().await;
    let mut members = three(&house, room).await;
    let message = json!({"roomid": room.to_string(), "msgId": "1", "msgType": 0, "attach": "x", "toAccids": ["ann"], "locX": 900});
    members[2].client.request("send", message).await.unwrap();
    is_heard_by(&mut members, "x", "ann").await;
    house.queue(room).offer("a", "1").await;
    for member in &mut members {
        member.hears_event(317).await;
    }
}

#[tokio::test]
async fn whoever_moves_hears_from_there_at_once() {
    let house = House::open().await;
    let room = house.room().await;
    let mut phone = enters(&house, room, "ann", json!({"tags": ["a"], "locX": 0, "distance": 5})).await;
    let mut tablet = house.log_in("ann", &phone.token).await;
    tablet.enters_with(room, json!({"locX": 0, "distance": 5})).await;
    let moves = |place: Value| {
        let mut params = place;
        params["roomid"] = room.to_string().into();
        params
    };
    let at = [("locX", "50")];
    let answer =
        phone.client.request("updateLocation", moves(json!({"locX": 48, "locY": 1, "distance": 5}))).await.unwrap();
    assert_eq!(answer["code"], 200);
    server_sends(&house, room, "1", &at).await;
    phone.hears_text("1").await;
    tablet.hears_nothing().await;
    phone.client.request("updateLocation", moves(json!({"locX": 48, "distance": 1}))).await.unwrap();
    server_sends(&house, room, "2", &at).await;
    phone.hears_nothing().await;
    // Whoever gives up its place hears all again, and keeps its tags.
    phone.client.request("updateLocation", moves(json!({}))).await.unwrap();
    server_sends(&house, room, "3", &[("locX", "50"), ("notifyTargetTags", r#"{"tag":"a"}"#)]).await;
    phone.hears_text("3").await;
    tablet.hears_nothing().await;
}

#[tokio::test]
async fn wrong_places_are_refused() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member("ann").await;
    ann.is_refused(room, "updateLocation", json!({"locX": 1, "distance": 1}), 403).await;
    let bad = [
        json!({"locX": "1", "distance": 5}),
        json!({"locX": true, "distance": 5}),
        json!({"locX": 1}),
        json!({"locX": 1, "distance": -1}),
        json!({"locX": 1, "distance": "5"}),
        json!({"locY": [1], "distance": 5}),
    ];
    for place in &bad {
        ann.is_refused(room, "join", place.clone(), 414).await;
    }
    assert_eq!(code(ann.client.leave(room).await), Some(403), "she is not in");
    ann.enters_with(room, json!({"locX": 0, "distance": 5})).await;
    for place in &bad {
        ann.is_refused(room, "updateLocation", place.clone(), 414).await;
    }
    for axis in [json!("1"), json!(false), json!({})] {
        ann.is_refused(room, "send", json!({"msgId": "1", "msgType": 0, "attach": "x", "locX": axis}), 414).await;
    }
    let id = room.to_string();
    for (name, value) in [("locX", "east"), ("locY", "NaN"), ("locZ", "inf"), ("locX", "1e999")] {
        let params = [("roomid", id.as_str()), ("msgId", "1"), ("fromAccid", "owner"), (name, value)];
        let (code, desc) = house.refusal("chatroom/sendMsg", &params).await;
        assert_eq!(code, 414);
        assert!(desc.starts_with(&format!("{name}: expected")), "{desc}");
    }
    // Where she is has not changed.
    server_sends(&house, room, "near", &[("locX", "5")]).await;
    server_sends(&house, room, "far", &[("locX", "6")]).await;
    ann.hears_text("near").await;
    ann.hears_nothing().await;
}
