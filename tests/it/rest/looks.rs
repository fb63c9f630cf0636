//! How members look in a room, which they change themselves.

use roomgate::base::RoomId;
use roomgate::client::Outgoing;
use serde_json::{Value, json};

use crate::support::House;

/// Nick, picture and extension of a member, as it is listed.
async fn listed(house: &House, room: RoomId, accid: &str) -> Value {
    let accids = json!([accid]).to_string();
    let found = house.call("chatroom/queryMembers", &[("roomid", &room.to_string()), ("accids", &accids)]).await;
    let member = &found["desc"]["data"][0];
    json!([member["nick"], member["avator"], member["ext"]])
}

async fn update(house: &House, room: RoomId, accid: &str, more: &[(&str, &str)]) {
    let room = room.to_string();
    let params = [&[("roomid", &*room), ("accid", accid)][..], more].concat();
    house.call("chatroom/updateMyRoomRole", &params).await;
}

/// The nick and picture that its next message has.
async fn seen_in_a_message(house: &House, room: RoomId, accid: &str) -> (Value, Value) {
    let mut member = house.log_in(accid, "secret").await;
    member.client.join(room).await.unwrap();
    let sent = member.sends(room, Outgoing::text("x")).await;
    // While this session is in, its account keeps its looks, whatever the other sessions say as they enter.
    member.client.leave(room).await.unwrap();
    let object: Value = serde_json::from_str(sent.message.raw()).unwrap();
    (object["fromNick"].clone(), object["fromAvator"].clone())
}

async fn with_token(house: &House, accid: &str) {
    house.call("user/create", &[("accid", accid), ("name", accid), ("token", "secret")]).await;
}

#[tokio::test]
async fn the_next_message_has_the_new_nick_and_the_room_is_told() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    with_token(&house, "bob").await;
    let mut bob = house.log_in("bob", "secret").await;
    bob.client.join(room).await.unwrap();
    ann.hears_notice(301, "bob").await;
    let looks = [("nick", "Bobby"), ("avator", "http://b"), ("ext", "e"), ("notifyExt", "look")];
    update(&house, room, "bob", &looks).await;
    let notice = ann.hears_notice(316, "bob").await;
    let data = json!({"operator": "bob", "opeNick": "Bobby", "target": ["bob"], "tarNick": ["Bobby"], "ext": "look"});
    assert_eq!(notice["data"], data);
    let seen = seen_in_a_message(&house, room, "bob").await;
    assert_eq!(seen, (json!("Bobby"), json!("http://b")));
    ann.hears_text("x").await;
    assert_eq!(listed(&house, room, "bob").await, json!(["Bobby", "http://b", "e"]));
    update(&house, room, "bob", &[("nick", "Rob"), ("avator", ""), ("needNotify", "false")]).await;
    ann.hears_nothing().await;
    assert_eq!(listed(&house, room, "bob").await, json!(["Rob", "http://b", "e"]), "what is left out stays");
}

#[tokio::test]
async fn a_guest_keeps_nothing_for_its_next_stay() {
    let house = House::open().await;
    let room = house.room().await;
    with_token(&house, "bob").await;
    let mut bob = house.log_in("bob", "secret").await;
    bob.client.join(room).await.unwrap();
    update(&house, room, "bob", &[("nick", "Bobby"), ("save", "true")]).await;
    assert_eq!(listed(&house, room, "bob").await[0], "Bobby");
    bob.client.leave(room).await.unwrap();
    bob.client.join(room).await.unwrap();
    assert_eq!(listed(&house, room, "bob").await[0], "bob");
}

#[tokio::test]
async fn a_fixed_member_keeps_what_it_saves() {
    let house = House::open().await;
    let room = house.room().await;
    with_token(&house, "bob").await;
    house.assigns(room, "bob", 2, true).await;
    let mut bob = house.log_in("bob", "secret").await;
    bob.client.join(room).await.unwrap();
    update(&house, room, "bob", &[("nick", "Bobby"), ("ext", "e"), ("save", "true")]).await;
    update(&house, room, "bob", &[("nick", "for now")]).await;
    assert_eq!(listed(&house, room, "bob").await, json!(["for now", null, "e"]));
    bob.client.leave(room).await.unwrap();
    assert_eq!(listed(&house, room, "bob").await, json!(["Bobby", null, "e"]), "while it is away");
    bob.client.join(room).await.unwrap();
    assert_eq!(seen_in_a_message(&house, room, "bob").await.0, "Bobby");
    bob.client.leave(room).await.unwrap();
    bob.client.request("join", json!({"roomid": room.to_string(), "nick": "Robert"})).await.unwrap();
    assert_eq!(listed(&house, room, "bob").await, json!(["Robert", null, "e"]), "what it says as it enters counts");
}

#[tokio::test]
async fn fixed_members_are_dressed_while_away_and_strangers_are_404() {
    let house = House::open().await;
    let room = house.room().await;
    house.account("ann").await;
    // The application server asks so much and no more.
    update(&house, room, "owner", &[]).await;
    update(&house, room, "owner", &[("nick", "The boss"), ("save", "true")]).await;
    assert_eq!(listed(&house, room, "owner").await[0], "The boss");
    let id = room.to_string();
    let long = "n".repeat(65);
    for (room, accid, nick, expected) in
        [(&*id, "ann", "A", 404), (&id, "nobody", "A", 404), ("77", "owner", "A", 404), (&id, "owner", &*long, 414)]
    {
        let params = [("roomid", room), ("accid", accid), ("nick", nick)];
        assert_eq!(house.refusal("chatroom/updateMyRoomRole", &params).await.0, expected, "{accid} {nick}");
    }
}

#[tokio::test]
async fn a_member_on_its_socket_changes_itself_only() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    ann.hears_notice(301, "bob").await;
    bob.asks(room, "updateMyRoomRole", json!({"accid": "ann", "nick": "Bobby", "save": false})).await;
    let notice = ann.hears_notice(316, "bob").await;
    assert_eq!(notice["data"]["tarNick"], json!(["Bobby"]));
    bob.sends(room, Outgoing::text("x")).await;
    let object: Value = serde_json::from_str(ann.hears_text("x").await.raw()).unwrap();
    assert_eq!((&object["fromNick"], &object["fromClientType"]), (&json!("Bobby"), &json!("Web")));
    assert_eq!(listed(&house, room, "ann").await[0], "ANN");
}

#[tokio::test]
async fn what_was_saved_outlives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let clock = roomgate::base::Clock::system();
    let house = House::in_folder(folder.path(), &clock).await;
    let room = house.room().await;
    update(&house, room, "owner", &[("nick", "The boss"), ("avator", "http://b"), ("ext", "e"), ("save", "true")])
        .await;
    house.gateway.stop(std::time::Duration::ZERO).await;
    let house = House::in_folder(folder.path(), &clock).await;
    assert_eq!(listed(&house, room, "owner").await, json!(["The boss", "http://b", "e"]));
    let mut owner = house.owner().await;
    owner.client.join(room).await.unwrap();
    assert_eq!(listed(&house, room, "owner").await, json!(["The boss", "http://b", "e"]));
}
