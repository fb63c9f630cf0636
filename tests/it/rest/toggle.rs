//! Rooms closed and opened by their creators.

use roomgate::base::RoomId;
use roomgate::client::Outgoing;
use serde_json::{Value, json};

use crate::support::{House, code};

async fn toggle(house: &House, room: RoomId, open: &str) -> Value {
    let params = [("roomid", &*room.to_string()), ("operator", "owner"), ("valid", open)];
    house.call("chatroom/toggleCloseStat", &params).await
}

#[tokio::test]
async fn only_the_creator_may_and_only_what_is_not_so_already() {
    let house = House::open().await;
    let room = house.room().await;
    house.account("boss").await;
    house.assigns(room, "boss", 1, true).await;
    let id = room.to_string();
    for (operator, open, expected) in [
        ("boss", "false", 403),
        ("nobody", "false", 404),
        ("", "false", 414),
        ("owner", "maybe", 414),
        ("owner", "true", 417),
    ] {
        let params = [("roomid", &*id), ("operator", operator), ("valid", open)];
        assert_eq!(house.refusal("chatroom/toggleCloseStat", &params).await.0, expected, "{operator} {open}");
    }
    assert_eq!(house.look_at(room).await["valid"], true);
    // Some clients never send false.
    house.call("chatroom/toggleCloseStat", &[("roomid", &id), ("operator", "owner")]).await;
    let again = [("roomid", &*id), ("operator", "owner"), ("valid", "false")];
    assert_eq!(house.refusal("chatroom/toggleCloseStat", &again).await.0, 417);
    let by_manager = [("roomid", &*id), ("operator", "boss"), ("valid", "true")];
    assert_eq!(house.refusal("chatroom/toggleCloseStat", &by_manager).await.0, 403);
    let unknown = [("roomid", "77"), ("operator", "owner"), ("valid", "false")];
    assert_eq!(house.refusal("chatroom/toggleCloseStat", &unknown).await.0, 404);
}

#[tokio::test]
async fn the_answer_is_the_room_twice() {
    let house = House::open().await;
    let room = house.room().await;
    let mut flat = toggle(&house, room, "false").await;
    let desc = flat["desc"].take();
    assert_eq!((&desc["valid"], &desc["creator"]), (&json!(false), &json!("owner")));
    let members = flat.as_object_mut().unwrap();
    assert_eq!(members.remove("code"), Some(json!(200)));
    members.remove("desc");
    assert_eq!(flat, desc);
}

#[tokio::test]
async fn closing_puts_everybody_out_and_nothing_follows() {
    let house = House::open().await;
    let (room, other) = (house.room().await, house.room().await);
    let mut ann = house.member_in(other, "ann").await;
    ann.enters(room).await;
    let mut bob = house.member_in(room, "bob").await;
    let mut tablet = house.log_in("bob", &bob.token).await;
    tablet.client.join(room).await.unwrap();
    ann.hears_notice(301, "bob").await;
    toggle(&house, room, "false").await;
    for member in [&mut ann, &mut bob, &mut tablet] {
        let notice = member.hears_of_room(311).await;
        assert_eq!(notice["data"]["operator"], "owner");
        assert_eq!(member.is_out(room, 1).await, None);
    }
    for member in [&mut ann, &mut bob] {
        assert_eq!(code(member.client.join(room).await), Some(13002));
        assert_eq!(code(member.client.send(room, Outgoing::text("x")).await), Some(13002));
        assert_eq!(code(member.client.leave(room).await), Some(403));
    }
    let directed = Outgoing::text("x").to(["ann"]);
    for message in [Outgoing::text("x"), directed] {
        assert_eq!(house.api.send(room, "owner", message).await.unwrap_err().code(), Some(13002));
    }
    for member in [&mut ann, &mut bob, &mut tablet] {
        member.hears_nothing().await;
    }
    assert_eq!(house.look_at(room).await["onlineusercount"], 0);
    house.server_sends(other, "owner", Outgoing::text("the other room goes on")).await;
    ann.hears_text("the other room goes on").await;
}

#[tokio::test]
async fn a_room_opened_again_lets_in_again() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    toggle(&house, room, "false").await;
    ann.hears_of_room(311).await;
    ann.is_out(room, 1).await;
    assert_eq!(toggle(&house, room, "true").await["valid"], true);
    ann.hears_nothing().await;
    assert_eq!(code(ann.client.send(room, Outgoing::text("x")).await), Some(403), "nobody is in by itself");
    ann.enters(room).await;
    ann.sends(room, Outgoing::text("back")).await;
    ann.hears_text("back").await;
    assert_eq!(house.look_at(room).await["onlineusercount"], 1);
}

#[tokio::test]
async fn the_creator_does_it_from_its_socket_inside_and_outside() {
    let house = House::open().await;
    let room = house.room().await;
    let mut owner = house.owner().await;
    let mut ann = house.member_in(room, "ann").await;
    assert_eq!(ann.refusal_of(room, "toggleCloseStat", json!({"valid": false, "operator": "owner"})).await.0, 403);
    owner.enters(room).await;
    owner.asks(room, "toggleCloseStat", json!({"valid": false})).await;
    owner.hears_of_room(311).await;
    owner.is_out(room, 1).await;
    ann.hears_notice(301, "owner").await;
    ann.hears_of_room(311).await;
    ann.is_out(room, 1).await;
    let answer = owner.asks(room, "toggleCloseStat", json!({"valid": true})).await;
    assert_eq!(answer["desc"]["valid"], true);
    ann.client.join(room).await.expect("it is open");
}
