//! A guest slows its own session down, or breaks its connection.

use std::time::Duration;

use roomgate::base::{RoomId, limits};
use roomgate::client::{Event, Outgoing};
use roomgate::settings::Settings;
use serde_json::{Value, json};

use super::inside::session_of;
use crate::support::demo::Guest;
use crate::support::{House, Member};

async fn pace(guest: &Guest, session: &str, bytes_per_second: Value) {
    guest.posts("/demo/slow", &json!({ "session": session, "bytesPerSecond": bytes_per_second })).await.done();
}

fn kilobyte(number: usize) -> String {
    format!("{number} {}", "x".repeat(1000))
}

/// A still house, its demo's first room, and ann in it with her session.
async fn house_of_ann(change: impl FnOnce(&mut Settings)) -> (House, RoomId, Guest, String, Member) {
    let house = House::with_patience(|settings| {
        settings.demo = Some(true);
        change(settings);
    })
    .await;
    let room = house.gateway.demo_room().unwrap();
    let ann = house.guest("Ann").await;
    let (session, mut member) = ann.logs_in(&house).await;
    member.enters(room).await;
    (house, room, ann, session, member)
}

async fn fill(house: &House, room: RoomId, messages: usize) {
    for number in 0..messages {
        house.server_sends(room, "demo", Outgoing::text(kilobyte(number))).await;
    }
}

#[tokio::test]
async fn a_slowed_session_has_its_lanes_fill_and_urgent_messages_overtake() {
    let (house, room, ann, session, mut member) = house_of_ann(|_| ()).await;
    pace(&ann, &session, json!(1000)).await;
    fill(&house, room, 20).await;
    member.hears_text(&kilobyte(0)).await;
    house.server_sends(room, "demo", Outgoing::text("fire").to(["ann"]).high()).await;
    let inside = session_of(&ann, "ann").await;
    assert_eq!((&inside["bytesPerSecond"], &inside["normal"]["frames"]), (&json!(1000), &json!(19)));
    assert_eq!(inside["high"]["frames"], 1);
    assert!(member.client.try_next().is_none(), "the time stands still");
    house.clock.advance(Duration::from_secs(2));
    member.hears_text("fire").await;
    pace(&ann, &session, Value::Null).await;
    for number in 1..20 {
        member.hears_text(&kilobyte(number)).await;
    }
    let inside = session_of(&ann, "ann").await;
    assert_eq!((&inside["bytesPerSecond"], &inside["normal"]["frames"]), (&Value::Null, &json!(0)));
}

#[tokio::test]
async fn it_gets_on_with_the_clock_and_is_not_taken_for_one_that_reads_nothing() {
    let (house, room, ann, session, mut member) = house_of_ann(|_| ()).await;
    pace(&ann, &session, json!(limits::PACE_LEAST)).await;
    fill(&house, room, 4).await;
    member.hears_text(&kilobyte(0)).await;
    for number in 1..4 {
        // Longer than anybody may take nothing, and a frame of a kilobyte takes longer still.
        for _ in 0..2 {
            house.clock.advance(Settings::default().socket.stall_timeout + Duration::from_secs(1));
            house.server_sends(room, "demo", Outgoing::text("tick").to(["nobody"])).await;
        }
        member.hears_text(&kilobyte(number)).await;
    }
}

#[tokio::test]
async fn another_pace_holds_from_now_on_and_not_from_when_the_slower_one_would_have_ended() {
    let (house, room, ann, session, mut member) = house_of_ann(|_| ()).await;
    pace(&ann, &session, json!(limits::PACE_LEAST)).await;
    fill(&house, room, 4).await;
    member.hears_text(&kilobyte(0)).await;
    pace(&ann, &session, json!(10_000)).await;
    for number in 1..4 {
        member.hears_text(&kilobyte(number)).await;
        house.clock.advance(Duration::from_millis(500));
    }
}

#[tokio::test]
async fn what_its_normal_lane_has_no_room_for_is_lost_and_told() {
    let (house, room, ann, session, mut member) =
        house_of_ann(|settings| settings.lanes.normal_bytes = 32 * 1024).await;
    pace(&ann, &session, json!(100)).await;
    fill(&house, room, 100).await;
    member.hears_text(&kilobyte(0)).await;
    let waits = session_of(&ann, "ann").await["normal"]["bytes"].as_u64().unwrap();
    assert!((30 * 1024..=32 * 1024).contains(&waits), "{waits}");
    pace(&ann, &session, Value::Null).await;
    let Event::Lost { lane, count } = member.event().await else { panic!("a loss") };
    assert_eq!(lane, "normal");
    member.hears_text(&kilobyte(1 + usize::try_from(count).unwrap())).await;
}

#[tokio::test]
async fn its_neighbours_do_not_wait() {
    let (house, room, ann, session, _) = house_of_ann(|settings| settings.writers = 1).await;
    let bob = house.guest("Bob").await;
    let (_, mut neighbour) = bob.logs_in(&house).await;
    neighbour.enters(room).await;
    pace(&ann, &session, json!(100)).await;
    fill(&house, room, 100).await;
    for number in 0..100 {
        neighbour.hears_text(&kilobyte(number)).await;
    }
}

#[tokio::test]
async fn a_slowed_session_is_closed_without_waiting_for_its_pace() {
    let (house, room, ann, session, mut member) = house_of_ann(|_| ()).await;
    pace(&ann, &session, json!(limits::PACE_LEAST)).await;
    fill(&house, room, 10).await;
    let stopped = tokio::spawn(house.gateway.stop(crate::support::SOON));
    for number in 0..10 {
        member.hears_text(&kilobyte(number)).await;
    }
    assert!(matches!(member.event().await, Event::Drain { .. }));
    member.is_closed_with(1001).await;
    drop(member);
    stopped.await.unwrap();
}

#[tokio::test]
async fn a_cut_connection_ends_without_a_word() {
    let (house, _, ann, session, mut member) = house_of_ann(|_| ()).await;
    ann.posts("/demo/cut", &json!({ "session": session })).await.done();
    member.breaks_off().await;
    assert_eq!(house.metric(r#"roomgate_closes_total{by="nobody",code="1006"}"#), 1.0);
    while session_of(&ann, "ann").await["away"] != true {
        tokio::task::yield_now().await;
    }
    let again = ann.posts("/demo/cut", &json!({ "session": session })).await;
    assert_eq!(again.refused(), (404, 404), "there is nothing to break any more");
}

#[tokio::test]
async fn nobody_can_do_that_to_another() {
    let (house, room, _, session, mut member) = house_of_ann(|_| ()).await;
    let bob = house.guest("Bob").await;
    let label = session_of(&bob, "ann").await["session"].clone();
    for path in ["/demo/slow", "/demo/cut"] {
        let of = |session: &Value| json!({ "session": session, "bytesPerSecond": 100 });
        assert_eq!(bob.posts(path, &of(&json!(session))).await.refused(), (404, 404), "{path}");
        assert_eq!(bob.posts(path, &of(&label)).await.refused(), (400, 414), "{path}");
        assert_eq!(bob.sends(path, b"{}").await.refused(), (400, 414), "{path}");
        let body = of(&json!(session)).to_string();
        assert_eq!(house.http().send("POST", path, &[], body.as_bytes()).await.refused(), (400, 414), "{path}");
    }
    fill(&house, room, 5).await;
    for number in 0..5 {
        member.hears_text(&kilobyte(number)).await;
    }
}

#[tokio::test]
async fn a_pace_is_within_its_bounds() {
    let (_house, _, ann, session, _member) = house_of_ann(|_| ()).await;
    for wrong in
        [json!(0), json!(-1), json!(limits::PACE_LEAST - 1), json!(limits::PACE_MOST + 1), json!("fast"), json!(1.5)]
    {
        let slow = json!({ "session": session, "bytesPerSecond": wrong });
        assert_eq!(ann.posts("/demo/slow", &slow).await.refused(), (400, 414), "{wrong}");
    }
}
