//! Rooms changed while they are open, and what their members hear of it.

use serde_json::json;

use crate::support::{House, code};

#[tokio::test]
async fn what_is_given_changes_and_the_rest_stays() {
    let house = House::open().await;
    let all = [("announcement", "a"), ("broadcasturl", "b"), ("ext", "e")];
    let (room, mut expected) = house.room_with(&all).await;
    let id = room.to_string();
    let changes =
        [("name", "another"), ("announcement", "A"), ("broadcasturl", "B"), ("ext", "E"), ("queuelevel", "1")];
    for (name, value) in changes {
        let answer = house.call("chatroom/update", &[("roomid", &id), (name, value), ("bid", "{}")]).await;
        expected[name] = if name == "queuelevel" { 1.into() } else { value.into() };
        assert_eq!(answer["chatroom"], expected, "{name}");
    }
    let untouched = house.call("chatroom/update", &[("roomid", &id), ("name", ""), ("ext", "")]).await;
    assert_eq!(untouched["chatroom"], expected, "an empty value is none");
    expected["onlineusercount"] = 0.into();
    assert_eq!(house.look_at(room).await, expected);
}

#[tokio::test]
async fn members_are_told_in_the_creators_name_unless_nobody_wants_that() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let id = room.to_string();
    house.call("chatroom/update", &[("roomid", &id), ("name", "new"), ("notifyExt", "look")]).await;
    let notice = ann.hears_of_room(312).await;
    let data = json!({"operator": "owner", "opeNick": "The owner", "target": [], "tarNick": [], "ext": "look"});
    assert_eq!(notice["data"], data);
    house.call("chatroom/update", &[("roomid", &id), ("name", "newer"), ("needNotify", "false")]).await;
    ann.hears_nothing().await;
    assert_eq!(house.look_at(room).await["name"], "newer");
}

#[tokio::test]
async fn a_wrong_change_changes_nothing() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let (id, name, ext) = (room.to_string(), "n".repeat(129), "e".repeat(2049));
    for wrong in [("name", &*name), ("notifyExt", &ext), ("needNotify", "yes"), ("queuelevel", "2"), ("bid", "[]")] {
        let params = [("roomid", &*id), ("announcement", "half"), wrong];
        let (code, desc) = house.refusal("chatroom/update", &params).await;
        assert_eq!((code, desc.split(':').next()), (414, Some(wrong.0)), "{desc}");
    }
    assert_eq!(house.look_at(room).await["announcement"], json!(null));
    ann.hears_nothing().await;
    assert_eq!(house.refusal("chatroom/update", &[("roomid", "77"), ("name", "x")]).await.0, 404);
}

#[tokio::test]
async fn on_the_socket_it_takes_a_manager() {
    let house = House::open().await;
    let room = house.room().await;
    let mut bob = house.member("bob").await;
    bob.client.request("join", json!({"roomid": room.to_string(), "nick": "Bobby"})).await.unwrap();
    house.assigns(room, "bob", 2, true).await;
    let rename = || json!({"name": "bob's room", "needNotify": true, "notifyExt": "mine"});
    assert_eq!(bob.refusal_of(room, "update", rename()).await.0, 403);
    house.assigns(room, "bob", 1, true).await;
    bob.has_heard().await;
    let answer = bob.asks(room, "update", rename()).await;
    assert_eq!(answer["chatroom"]["name"], "bob's room");
    let notice = bob.hears_of_room(312).await;
    let data = json!({"operator": "bob", "opeNick": "Bobby", "target": [], "tarNick": [], "ext": "mine"});
    assert_eq!(notice["data"], data);
    let quiet = json!({"name": "bob's", "needNotify": false});
    bob.asks(room, "update", quiet).await;
    bob.hears_nothing().await;
    let as_text = bob.client.request("update", json!({"roomid": room.to_string(), "needNotify": "false"})).await;
    assert_eq!(code(as_text), Some(414), "a frame has types");
}

#[tokio::test]
async fn notices_of_coming_and_going_are_switched_off_and_on() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member("bob").await;
    let id = room.to_string();
    house.call("chatroom/updateInOutNotification", &[("roomid", &id), ("close", "true")]).await;
    assert_eq!(house.look_at(room).await["ionotify"], false);
    bob.client.join(room).await.unwrap();
    bob.client.leave(room).await.unwrap();
    ann.hears_nothing().await;
    house.call("chatroom/updateInOutNotification", &[("roomid", &id)]).await;
    assert_eq!(house.look_at(room).await["ionotify"], true);
    bob.enters(room).await;
    ann.hears_notice(301, "bob").await;
    assert_eq!(house.refusal("chatroom/updateInOutNotification", &[("roomid", "77"), ("close", "true")]).await.0, 404);
}
