//! What waits for whom, as a guest sees it.

use roomgate::base::limits;
use roomgate::client::Outgoing;
use serde_json::{Value, json};

use crate::support::House;
use crate::support::demo::Guest;

/// The members of the demo's first room, as this guest sees them.
pub async fn members(guest: &Guest) -> Vec<Value> {
    guest.gets("/demo/inside?roomid=1").await.done()["members"].as_array().unwrap().clone()
}

/// The one session of an account there.
pub async fn session_of(guest: &Guest, accid: &str) -> Value {
    let members = members(guest).await;
    let member = members.iter().find(|member| member["accid"] == accid).expect("it is in the room");
    let [session] = member["sessions"].as_array().unwrap().as_slice() else { panic!("one session: {member}") };
    session.clone()
}

#[tokio::test]
async fn a_member_that_keeps_up_has_nothing_waiting() {
    let house = House::with_demo().await;
    let room = house.gateway.demo_room().unwrap();
    let (ann, bob) = (house.guest("Ann").await, house.guest("Bob").await);
    let (own, mut first) = ann.logs_in(&house).await;
    let (others, mut second) = bob.logs_in(&house).await;
    first.enters(room).await;
    second.enters(room).await;
    for member in [&mut first, &mut second] {
        member.client.request("ack", json!({ "received": 1_000_000 })).await.ok();
        member.client.ping().await.unwrap();
    }
    let inside = ann.gets("/demo/inside?roomid=1").await.done();
    let lanes = roomgate::settings::Settings::default().lanes;
    assert_eq!(inside["bounds"], json!({ "high": lanes.high_bytes, "normal": lanes.normal_bytes }));
    let names: Vec<_> = inside["members"].as_array().unwrap().iter().map(|member| &member["nick"]).collect();
    assert_eq!(names, ["Ann", "Bob"], "in the order in which they entered");
    let (mine, another) = (session_of(&ann, "ann").await, session_of(&ann, "bob").await);
    assert_eq!((&mine["session"], &mine["mine"]), (&json!(own), &json!(true)));
    assert_eq!((&another["session"], &another["mine"]), (&json!(others[..6]), &json!(false)), "nobody else's whole id");
    let none = json!({ "frames": 0, "bytes": 0 });
    assert_eq!((&mine["high"], &mine["normal"], &mine["away"]), (&none, &none, &json!(false)));
    assert_eq!(mine["bytesPerSecond"], Value::Null);
    assert!(mine["retained"]["frames"].as_u64().unwrap() > 0, "what it has not said it has is kept: {mine}");
}

#[tokio::test]
async fn a_lost_connection_shows_as_away_and_what_comes_meanwhile_as_waiting() {
    let house = House::with_demo().await;
    let room = house.gateway.demo_room().unwrap();
    let (ann, bob) = (house.guest("Ann").await, house.guest("Bob").await);
    let (session, mut member) = ann.logs_in(&house).await;
    member.enters(room).await;
    ann.posts("/demo/cut", &json!({ "session": session })).await.done();
    member.breaks_off().await;
    while session_of(&bob, "ann").await["away"] != true {
        tokio::task::yield_now().await;
    }
    house.server_sends(room, "demo", Outgoing::text("hello")).await;
    let ann = session_of(&bob, "ann").await;
    assert_eq!((&ann["normal"]["frames"], &ann["high"]["frames"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn of_a_full_room_only_the_first_sessions_are_shown() {
    let house = House::with(|settings| {
        settings.demo = Some(true);
        settings.limits.notices_up_to = 0;
    })
    .await;
    let room = house.gateway.demo_room().unwrap();
    let ann = house.guest("Ann").await;
    let mut inside = Vec::new();
    for _ in 0..limits::INSIDE_SESSIONS + 1 {
        let (_, mut member) = ann.logs_in(&house).await;
        member.client.join(room).await.unwrap();
        inside.push(member);
    }
    assert_eq!(members(&ann).await[0]["sessions"].as_array().unwrap().len(), limits::INSIDE_SESSIONS);
    // Whoever looks on is shown in any case, and first.
    let late = house.guest("Late").await;
    let (_, mut member) = late.logs_in(&house).await;
    member.client.join(room).await.unwrap();
    let members = members(&late).await;
    assert_eq!((&members[0]["accid"], members.len()), (&json!("late"), 2));
}

#[tokio::test]
async fn only_guests_look_and_only_into_rooms_of_the_demo() {
    let house = House::with_demo().await;
    let other = house.room().await;
    let ann = house.guest("Ann").await;
    assert_eq!(ann.gets(&format!("/demo/inside?roomid={other}")).await.refused(), (403, 403));
    assert_eq!(ann.gets("/demo/inside?roomid=99").await.refused(), (404, 404));
    assert_eq!(ann.gets("/demo/inside").await.refused(), (400, 414));
    assert_eq!(house.http().send("GET", "/demo/inside?roomid=1", &[], b"").await.refused(), (400, 414));
    assert_eq!(ann.gets("/demo/inside?roomid=2").await.done()["members"], json!([]));
}
