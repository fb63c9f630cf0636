use std::time::Duration;

use roomgate::client::{Event, Outgoing};
use serde_json::json;

use crate::support::{House, code, eventually};

#[tokio::test]
async fn the_reply_has_room_and_member_and_comes_before_anything_of_the_room() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member("ann").await;
    let asked = json!({"roomid": room.to_string(), "nick": "Annie", "avator": "http://a", "ext": "e"});
    let reply = ann.client.request("join", asked).await.unwrap();
    let id = reply["chatroom"]["roomid"].as_u64().expect("a number");
    assert_eq!(id.to_string(), room.to_string());
    let entered = &reply["member"]["enterTime"];
    let member = json!({"roomid": id, "accid": "ann", "nick": "Annie", "avator": "http://a", "ext": "e",
        "type": "TEMPORARY", "level": 0, "onlineStat": true, "enterTime": entered});
    assert_eq!(reply["member"], member);
    ann.hears_notice(301, "ann").await;
}

#[tokio::test]
async fn the_room_hears_who_enters_and_leaves_once_an_account() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member("bob").await;
    bob.client.request("join", json!({"roomid": room.to_string(), "notifyExt": "hello"})).await.unwrap();
    let notice = ann.hears_notice(301, "bob").await;
    assert_eq!(notice["data"]["ext"], "hello");
    assert_eq!(notice["data"]["operator"], "bob");
    let mut tablet = house.log_in("bob", &bob.token).await;
    tablet.client.join(room).await.unwrap();
    bob.client.leave(room).await.unwrap();
    tablet.client.close().await;
    ann.hears_notice(302, "bob").await;
    ann.client.ping().await.unwrap();
    assert_eq!(ann.client.try_next(), None, "the second session made no noise");
}

#[tokio::test]
async fn whoever_has_left_hears_nothing_more() {
    let house = House::open().await;
    let room = house.room().await;
    let mut bob = house.member_in(room, "bob").await;
    let mut ann = house.member_in(room, "ann").await;
    house.server_sends(room, "owner", Outgoing::text("before")).await;
    ann.client.leave(room).await.unwrap();
    ann.hears_text("before").await;
    house.server_sends(room, "owner", Outgoing::text("after")).await;
    let sent = house.server_sends(room, "owner", Outgoing::text("directed").to(["ann"]).outcomes()).await;
    assert_eq!(sent.outcomes, [("ann".into(), "not_in_room".into())]);
    bob.hears_text("before").await;
    bob.hears_text("after").await;
    ann.hears_nothing_but_notices().await;
    assert_eq!(code(ann.client.leave(room).await), Some(403));
}

#[tokio::test]
async fn a_broken_connection_leaves_its_rooms_half_a_minute_later() {
    let house = House::with_still_clock(|_| ()).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let bob = house.member_in(room, "bob").await;
    ann.hears_notice(301, "bob").await;
    house.loses(bob).await;
    house.clock.advance(Duration::from_millis(29_999));
    ann.hears_nothing().await;
    house.clock.advance(Duration::from_millis(1));
    ann.hears_notice(302, "bob").await;
    house.loses(ann).await;
    house.clock.advance(Duration::from_secs(30));
    eventually("the room is gone", || house.metric("roomgate_rooms") == 0.0).await;
    eventually("the sessions are gone", || house.metric("roomgate_sessions") == 0.0).await;
}

#[tokio::test]
async fn what_can_not_be_joined_says_why() {
    let house = House::with(|settings| settings.limits.rooms_per_session = 1).await;
    let (room, other) = (house.room().await, house.room().await);
    let mut ann = house.member("ann").await;
    let unknown = ann.client.request("join", json!({"roomid": "999"})).await;
    assert_eq!(code(unknown), Some(404));
    for bad in
        [json!({"roomid": "x"}), json!({}), json!({"roomid": 1.5}), json!({"roomid": "1", "nick": "n".repeat(65)})]
    {
        assert_eq!(code(ann.client.request("join", bad).await), Some(414));
    }
    ann.enters(room).await;
    assert_eq!(code(ann.client.join(other).await), Some(419));
    ann.client.join(room).await.expect("joining again is no harm");
    ann.client.leave(room).await.unwrap();
    ann.client.join(other).await.unwrap();
}

#[tokio::test]
async fn large_and_quiet_rooms_do_not_tell_who_comes() {
    let house = House::with(|settings| settings.limits.notices_up_to = 1).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member("bob").await;
    bob.client.join(room).await.unwrap();
    ann.client.ping().await.unwrap();
    assert_eq!(ann.client.try_next(), None);
    assert_eq!(house.metric("roomgate_notices_omitted_total"), 1.0);
    let quiet = house.call("chatroom/create", &[("creator", "owner"), ("name", "Q"), ("inOutNotification", "0")]).await;
    let quiet = quiet["chatroom"]["roomid"].to_string();
    bob.client.request("join", json!({ "roomid": quiet })).await.unwrap();
    bob.client.ping().await.unwrap();
    assert!(!matches!(bob.client.try_next(), Some(Event::Message(_))));
}

#[tokio::test]
async fn however_many_enter_at_once_the_time_in_a_room_never_goes_back() {
    let house = House::with_patient_clock().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for accid in ["bob", "cid", "dan"] {
        house.member_in(room, accid).await.client.leave(room).await.unwrap();
    }
    house.server_sends(room, "owner", Outgoing::text("later")).await;
    let heard = ann.has_heard().await;
    let times: Vec<u64> = heard
        .iter()
        .map(|event| match event {
            Event::Message(message) => message.time(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(times.len(), 7, "{heard:?}");
    assert!(times.is_sorted(), "{times:?}");
}
