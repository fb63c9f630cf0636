//! The demo's rooms.

use std::time::Duration;

use roomgate::base::{Clock, RoomId, limits};
use serde_json::{Value, json};

use crate::support::{House, SOON, eventually};

async fn rooms(house: &House) -> Vec<Value> {
    let list = house.http().send("GET", "/demo/rooms", &[], b"").await.done();
    list["rooms"].as_array().unwrap().clone()
}

async fn names(house: &House) -> Vec<String> {
    rooms(house).await.iter().map(|room| room["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn there_are_three_from_the_start_and_guests_make_more() {
    let house = House::with_demo().await;
    house.room().await;
    assert_eq!(house.gateway.demo_room().unwrap().to_string(), "1");
    let ann = house.guest("Ann").await;
    let made = ann.posts("/demo/rooms", &json!({ "name": " Ann's " })).await.done();
    let mut member = house.log_in("ann", &ann.token).await;
    let room = RoomId::parse("roomid", made["roomid"].as_str().unwrap()).unwrap();
    member.enters(room).await;
    let all = rooms(&house).await;
    let found = |at: usize| (all[at]["name"].as_str().unwrap(), &all[at]["owner"], all[at]["online"].as_u64().unwrap());
    assert_eq!(all.len(), 4, "not those of the application: {all:?}");
    assert_eq!(found(0), ("Demo room", &json!("demo"), 0));
    assert_eq!([found(1).0, found(2).0], ["Lounge", "Support desk"]);
    assert_eq!(found(3), ("Ann's", &json!("ann"), 1));
    assert_eq!((&all[3]["roomid"], &all[3]["announcement"]), (&made["roomid"], &json!("")));
    let own = member.client.request("muteRoom", json!({ "roomid": room, "mute": true })).await;
    assert!(own.is_ok(), "whoever made it owns it: {own:?}");
}

#[tokio::test]
async fn names_are_checked() {
    let house = House::with_demo().await;
    let ann = house.guest("Ann").await;
    for name in ["", "  ", "a\u{0}b", &"x".repeat(limits::ROOM_NAME_UNITS + 1)] {
        assert_eq!(ann.posts("/demo/rooms", &json!({ "name": name })).await.refused(), (400, 414), "{name:?}");
    }
    assert_eq!(ann.sends("/demo/rooms", b"no JSON").await.refused(), (400, 414));
    assert_eq!(ann.sends("/demo/rooms", &[b' '; 5000]).await.refused(), (413, 413));
}

#[tokio::test]
async fn a_guests_room_closes_when_nobody_has_been_in_it_for_an_hour() {
    let house = House::with_still_clock(|settings| settings.demo = Some(true)).await;
    let ann = house.guest("Ann").await;
    let made = ann.posts("/demo/rooms", &json!({ "name": "short" })).await.done();
    let room = RoomId::parse("roomid", made["roomid"].as_str().unwrap()).unwrap();
    house.clock.advance(Duration::from_secs(limits::DEMO_ROOM_IDLE_SECONDS + 1));
    while names(&house).await.contains(&"short".to_owned()) {
        tokio::task::yield_now().await;
    }
    let (code, _) =
        house.refusal("chatroom/sendMsg", &send_to(room).each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    assert_eq!(code, 13002);
    assert_eq!(names(&house).await, ["Demo room", "Lounge", "Support desk"]);
}

fn send_to(room: RoomId) -> [(&'static str, String); 5] {
    [
        ("roomid", room.to_string()),
        ("fromAccid", "ann".into()),
        ("msgId", "1".into()),
        ("msgType", "0".into()),
        ("attach", "x".into()),
    ]
}

#[tokio::test]
async fn there_are_fifty_at_the_most() {
    let house = House::with_demo().await;
    let ann = house.guest("Ann").await;
    for number in 3..limits::DEMO_ROOMS {
        ann.posts("/demo/rooms", &json!({ "name": format!("room {number}") })).await.done();
    }
    assert_eq!(ann.posts("/demo/rooms", &json!({ "name": "one more" })).await.refused(), (400, 419));
    assert_eq!(rooms(&house).await.len(), limits::DEMO_ROOMS);
}

#[tokio::test]
async fn where_scheduled_closing_is_off_guests_make_rooms_all_the_same() {
    let house = House::with(|settings| {
        settings.demo = Some(true);
        settings.rooms.scheduled_closing = false;
    })
    .await;
    house.guest("Ann").await.posts("/demo/rooms", &json!({ "name": "open" })).await.done();
}

#[tokio::test]
async fn the_rooms_of_the_last_run_are_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let start = async || House::with_demo_in(folder.path(), Clock::system(), |_| ()).await;
    let house = start().await;
    house.guest("Ann").await.posts("/demo/rooms", &json!({ "name": "Ann's" })).await.done();
    house.gateway.stop(SOON).await;
    let house = start().await;
    assert_eq!(names(&house).await, ["Demo room", "Lounge", "Support desk", "Ann's"]);
    assert_eq!(house.gateway.demo_room().unwrap().to_string(), "1");
    house.call("chatroom/update", &[("roomid", "2"), ("name", "Bar")]).await;
    house.gateway.stop(SOON).await;
    assert_eq!(names(&start().await).await, ["Demo room", "Bar", "Support desk", "Ann's"]);
}

#[tokio::test]
async fn a_database_with_the_one_room_of_earlier_builds_gets_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let earlier = House::start(Clock::system(), |settings| settings.data = Some(folder.path().to_owned())).await;
    let demo = [("accid", "demo"), ("name", "Demo"), ("ex", r#"{"roomgate":"demo"}"#)];
    earlier.call("user/create", &demo).await;
    earlier.api.create_room("demo", "Demo room").await.unwrap();
    earlier.gateway.stop(SOON).await;
    let house = House::with_demo_in(folder.path(), Clock::system(), |_| ()).await;
    assert_eq!(names(&house).await, ["Demo room", "Lounge", "Support desk"]);
    assert_eq!(house.gateway.demo_room().unwrap().to_string(), "1");
    eventually("nobody is in", || house.metric("roomgate_rooms") == 0.0).await;
}
