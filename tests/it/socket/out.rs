//! Sessions put out of a room: what they may still do, and what they hear later.

use roomgate::base::RoomId;
use roomgate::client::Event;
use serde_json::json;

use crate::support::{House, code};

async fn kick(house: &House, room: RoomId, target: &str) {
    let params = [("roomid", &*room.to_string()), ("accid", "owner"), ("targetAccid", target)];
    house.call("chatroom/kickMember", &params).await;
}

#[tokio::test]
async fn whoever_is_put_out_asks_for_nothing_more() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    for accid in ["ann", "bob"] {
        house.assigns(room, accid, 1, true).await;
    }
    house.assigns(room, "bob", 2, true).await;
    bob.has_heard().await;
    ann.asks(room, "kickMember", json!({"targetAccid": "bob", "notifyExt": "out"})).await;
    assert_eq!(bob.is_out(room, 2).await.as_deref(), Some("out"));
    assert_eq!(bob.refusal_of(room, "membersByPage", json!({})).await.0, 403);
    assert_eq!(bob.refusal_of(room, "updateMyRoomRole", json!({"nick": "x"})).await.0, 403);
    bob.enters(room).await;
    bob.asks(room, "updateMyRoomRole", json!({"nick": "x"})).await;
    bob.hears_notice(316, "bob").await;
    ann.asks(room, "setMemberRole", json!({"target": "bob", "opt": -1, "optvalue": true})).await;
    bob.is_out(room, 5).await;
    assert_eq!(bob.refusal_of(room, "queueList", json!({})).await.0, 403);
    assert_eq!(code(bob.client.join(room).await), Some(13003));
    bob.hears_nothing().await;
}

#[tokio::test]
async fn a_room_one_was_put_out_of_leaves_its_place_to_another() {
    let house = House::with(|settings| settings.limits.rooms_per_session = 1).await;
    let (room, other) = (house.room().await, house.room().await);
    let mut bob = house.member_in(room, "bob").await;
    assert_eq!(code(bob.client.join(other).await), Some(419));
    kick(&house, room, "bob").await;
    bob.is_out(room, 2).await;
    bob.enters(other).await;
    assert_eq!(code(bob.client.join(room).await), Some(419));
}

#[tokio::test]
async fn of_a_room_it_was_put_out_of_a_session_hears_no_more_to_its_end() {
    let house = House::open().await;
    let (room, other) = (house.room().await, house.room().await);
    let token = house.account("ann").await;
    let login = json!({"appKey": "key", "accid": "ann", "token": token, "deviceId": "phone"});
    let mut first = house.visitor().await;
    first.request("login", login.clone()).await.unwrap();
    first.join(room).await.unwrap();
    first.join(other).await.unwrap();
    kick(&house, room, "ann").await;
    house.visitor().await.request("login", login).await.unwrap();
    let mut out = Vec::new();
    while let Some(event) = first.next().await {
        if let Event::Kicked { room, reason, .. } = event {
            out.push((room, reason));
        }
    }
    assert_eq!(out, [(room, 2), (other, 3)]);
}

#[tokio::test]
async fn rooms_are_counted_right_however_members_go() {
    let house = House::open().await;
    let (room, other) = (house.room().await, house.room().await);
    let mut ann = house.member_in(room, "ann").await;
    ann.enters(other).await;
    assert_eq!(house.metric("roomgate_rooms"), 2.0);
    kick(&house, room, "ann").await;
    ann.is_out(room, 2).await;
    assert_eq!(house.metric("roomgate_rooms"), 1.0);
    ann.enters(room).await;
    let close = [("roomid", &*other.to_string()), ("operator", "owner"), ("valid", "false")];
    house.call("chatroom/toggleCloseStat", &close).await;
    ann.hears_of_room(311).await;
    ann.is_out(other, 1).await;
    assert_eq!(house.metric("roomgate_rooms"), 1.0);
    ann.client.close().await;
    crate::support::eventually("nobody is anywhere", || house.metric("roomgate_rooms") == 0.0).await;
}
