//! A connection that is held still is one whose other side is gone without a word.

use std::time::Duration;

use roomgate::client::{Event, Outgoing};
use roomgate::settings::Settings;
use serde_json::json;

use crate::support::{Member, SOON, code, eventually};

use super::{Desk, house_of_ann, says};

const FREEZE: &str = "/test/members/ann/freeze";
const THAW: &str = "/test/members/ann/thaw";

#[tokio::test]
async fn nothing_is_written_to_it_until_it_thaws_and_then_all_of_it() {
    let (house, room, mut ann, desk) = house_of_ann().await;
    assert_eq!(desk.does(FREEZE).await, json!({ "sessions": 1 }));
    for number in 0..20 {
        says(&house, room, &number.to_string()).await;
    }
    let session = desk.session_of("ann").await;
    assert_eq!((&session["frozen"], &session["normal"]["frames"]), (&json!(true), &json!(20)));
    assert!(ann.client.try_next().is_none());
    assert_eq!(desk.does(THAW).await, json!({ "sessions": 1 }));
    for number in 0..20 {
        ann.hears_text(&number.to_string()).await;
    }
    assert_eq!(desk.session_of("ann").await["frozen"], false);
}

#[tokio::test]
async fn nothing_is_read_from_it_until_it_thaws() {
    let (house, room, mut ann, desk) = house_of_ann().await;
    let mut bob = house.member_in(room, "bob").await;
    ann.hears_notice(301, "bob").await;
    desk.does(FREEZE).await;
    let message =
        json!({ "op": "send", "id": 7, "roomid": room.to_string(), "msgId": "m", "msgType": 0, "attach": "hi" });
    ann.client.send_raw(message.to_string()).await.unwrap();
    // Whatever the gateway had taken would have come before what bob says himself.
    for _ in 0..3 {
        bob.sends(room, Outgoing::text("anybody?")).await;
        bob.hears_text("anybody?").await;
    }
    desk.does(THAW).await;
    bob.hears_text("hi").await;
}

#[tokio::test]
async fn with_something_waiting_it_is_too_slow_after_the_stall_time() {
    let (house, room, mut ann, desk) = house_of_ann().await;
    desk.does(FREEZE).await;
    says(&house, room, "hello").await;
    desk.sees("ann", |session| session["normal"]["frames"] == 1).await;
    let stall = Settings::default().socket.stall_timeout;
    house.clock.advance(stall - Duration::from_secs(1));
    desk.sees("ann", |session| session["away"] == false).await;
    // It is looked for every second.
    house.clock.advance(Duration::from_secs(1));
    let is_closed = || house.metric(r#"roomgate_closes_total{by="gateway",code="4101"}"#) == 1.0;
    for _ in 0..2 {
        house.clock.advance(Duration::from_secs(1));
    }
    eventually("it is closed as too slow", is_closed).await;
    ann.breaks_off().await;
    assert_eq!(desk.gets("/test/members/ann").await["sessions"], json!([]), "its session is lost");
}

#[tokio::test]
async fn with_nothing_waiting_it_misses_its_heartbeat_and_may_come_back() {
    let (house, room, mut ann, desk) = house_of_ann().await;
    desk.does(FREEZE).await;
    house.clock.advance(Duration::from_secs(25));
    // Whatever happens at that moment has happened when a later ping is due: another member hears it.
    let mut bob = house.member("bob").await;
    bob.client.ping().await.unwrap();
    while desk.session_of("ann").await["away"] == false {
        house.clock.advance(Duration::from_millis(500));
    }
    assert_eq!(house.metric(r#"roomgate_closes_total{by="gateway",code="4102"}"#), 1.0);
    says(&house, room, "meanwhile").await;
    let Member { token, client, accid } = ann;
    let left_off = client.break_off();
    let mut again = house.visitor().await;
    assert!(again.resume("key", "ann", &token, &left_off).await.unwrap(), "its session goes on");
    ann = Member::new(&accid, &token, again);
    ann.hears_text("meanwhile").await;
    assert_eq!(desk.session_of("ann").await["frozen"], false, "the next connection is a good one");
}

#[tokio::test]
async fn a_client_that_has_noticed_goes_on_over_another_connection() {
    let (house, room, mut ann, desk) = house_of_ann().await;
    desk.does(FREEZE).await;
    says(&house, room, "meanwhile").await;
    let mut again = house.visitor().await;
    assert!(again.resume("key", "ann", &ann.token, &ann.client.left_off()).await.unwrap());
    Member::new("ann", &ann.token, again).hears_text("meanwhile").await;
    ann.breaks_off().await;
    let session = desk.session_of("ann").await;
    assert_eq!((&session["frozen"], &session["away"]), (&json!(false), &json!(false)));
}

#[tokio::test]
async fn whoever_is_put_out_meanwhile_hears_nothing_of_it_but_the_end() {
    let (house, _, mut ann, desk) = house_of_ann().await;
    desk.does(FREEZE).await;
    house.call("user/block", &[("accid", "ann"), ("needkick", "true")]).await;
    let heard = ann.event().await;
    assert!(matches!(heard, Event::Closed { code: None, .. }), "ann is frozen and hears {heard:?}");
}

#[tokio::test]
async fn a_slow_session_is_slow_again_when_it_thaws() {
    let (house, room, mut ann, desk) = house_of_ann().await;
    desk.does("/test/members/ann/slow?bytes-per-second=1000").await;
    desk.does(FREEZE).await;
    for number in 0..3 {
        says(&house, room, &format!("{number}{}", "x".repeat(1000))).await;
    }
    house.clock.advance(Duration::from_secs(5));
    assert!(ann.client.try_next().is_none());
    desk.does(THAW).await;
    assert!(ann.hears().await.attach().starts_with('0'));
    let session = desk.session_of("ann").await;
    assert_eq!((&session["bytesPerSecond"], &session["normal"]["frames"]), (&json!(1000), &json!(2)));
    for number in ["1", "2"] {
        house.clock.advance(Duration::from_secs(2));
        assert!(ann.hears().await.attach().starts_with(number));
    }
}

#[tokio::test]
async fn freezing_again_or_thawing_what_is_not_frozen_changes_nothing() {
    let (house, room, mut ann, desk) = house_of_ann().await;
    desk.does(THAW).await;
    for _ in 0..3 {
        desk.does(FREEZE).await;
    }
    says(&house, room, "hello").await;
    desk.does(THAW).await;
    ann.hears_text("hello").await;
    desk.does(THAW).await;
    says(&house, room, "again").await;
    ann.hears_text("again").await;
}

#[tokio::test]
async fn whoever_is_not_frozen_goes_on() {
    let (house, room, _ann, desk) = house_of_ann().await;
    let mut bob = house.member_in(room, "bob").await;
    desk.does(FREEZE).await;
    says(&house, room, "hello").await;
    bob.hears_text("hello").await;
    bob.sends(room, Outgoing::text("to all")).await;
    bob.hears_text("to all").await;
    assert_eq!(code(house.visitor().await.login("key", "ann", "wrong").await), Some(302));
}

#[tokio::test]
async fn one_with_a_full_socket_goes_on_when_it_thaws() {
    let (house, room, mut ann, desk) = house_of_ann().await;
    // More than both sockets' buffers hold, less than the lane does.
    for number in 0..230 {
        says(&house, room, &format!("{number} {}", "x".repeat(1000))).await;
    }
    desk.does(FREEZE).await;
    let waits = desk.session_of("ann").await["normal"]["frames"].as_u64().unwrap();
    desk.does(THAW).await;
    for number in 0..230 {
        assert!(ann.hears().await.attach().starts_with(&format!("{number} ")), "{waits} waited");
    }
}

/// What a desk sees of somebody who is not there.
#[tokio::test]
async fn there_must_be_somebody_to_freeze() {
    let (house, _, ann, desk) = house_of_ann().await;
    assert_eq!(desk.is_refused("/test/members/bob/freeze", 404).await, "bob has no connected session");
    assert_eq!(desk.gets("/test/members/bob").await, json!({ "sessions": [] }));
    house.loses(ann).await;
    for path in [FREEZE, THAW, "/test/members/ann/cut"] {
        assert_eq!(desk.is_refused(path, 404).await, "ann has no connected session", "{path}");
    }
    let desk = Desk::of(&house);
    assert_eq!(desk.session_of("ann").await["away"], true);
}

#[tokio::test]
async fn a_gateway_that_stops_does_not_wait_for_it() {
    let (house, room, mut ann, desk) = house_of_ann().await;
    desk.does(FREEZE).await;
    says(&house, room, "hello").await;
    // Time stands still, so whatever was waited for would be waited for until the grace is over.
    tokio::time::timeout(SOON, house.gateway.stop(10 * SOON)).await.expect("it stops at once");
    ann.breaks_off().await;
}
