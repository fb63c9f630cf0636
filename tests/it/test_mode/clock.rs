//! `POST /test/clock/advance` at the real program: what becomes due does so when the clock is turned.

use roomgate::base::RoomId;
use roomgate::client::{Client, Event, Outgoing};
use serde_json::json;

use crate::support::program::Program;
use crate::support::raw::{PING, Raw, TEXT};
use crate::support::{Member, code};

use super::{Desk, program};

async fn member(program: &Program, accid: &str) -> Member {
    let token = program.api().create_user(accid, accid).await.unwrap();
    let mut client = Client::connect(&program.address).await.unwrap();
    client.login("key", accid, &token).await.unwrap();
    Member::new(accid, &token, client)
}

async fn room(program: &Program, more: &[(&str, &str)]) -> RoomId {
    program.api().create_user("owner", "The owner").await.unwrap();
    let params = [&[("creator", "owner"), ("name", "a room")], more].concat();
    let made = program.api().call("chatroom/create", &params).await.unwrap();
    RoomId::parse("roomid", &made["chatroom"]["roomid"].to_string()).unwrap()
}

#[tokio::test]
async fn it_stands_until_it_is_turned_and_then_by_exactly_so_much() {
    let program = program(&[]).await;
    let desk = Desk::at(&program.internal);
    let before = desk.gets("/test/clock").await;
    assert_eq!(before["turnedMs"], 0);
    for (by, millis) in [("25s", 25_000), ("500ms", 25_500), ("2m", 145_500), ("1", 146_500), ("365d", 31_536_146_500)]
    {
        let now = before["now"].as_u64().unwrap() + millis;
        assert_eq!(desk.turns(by).await, json!({ "now": now, "turnedMs": millis }), "{by}");
    }
    assert_eq!(desk.gets("/test/clock").await["turnedMs"], 31_536_146_500_u64);
}

#[tokio::test]
async fn a_turn_that_is_none_is_refused_and_turns_nothing() {
    let program = program(&[]).await;
    let desk = Desk::at(&program.internal);
    for (query, came) in
        [("", "nothing"), ("?by=", "nothing"), ("?by=0", "\"0\""), ("?by=1.5s", "\"1.5s\""), ("?by=366d", "\"366d\"")]
    {
        let why = desk.is_refused(&format!("/test/clock/advance{query}"), 400).await;
        assert_eq!(why, format!("by: expected a time from 1ms to 365d such as 500ms, 25s or 2m, got {came}"));
    }
    let why = desk.is_refused("/test/clock/advance?to=5s", 400).await;
    assert_eq!(why, "unknown parameter to: expected by");
    assert_eq!(desk.is_refused("/test/clock", 405).await, "this path takes GET");
    assert_eq!(desk.gets("/test/clock").await["turnedMs"], 0);
}

#[tokio::test]
async fn a_silent_member_is_pinged_and_then_given_up() {
    let program = program(&["--socket-resume-time", "0s"]).await;
    let desk = Desk::at(&program.internal);
    let token = program.api().create_user("ann", "Ann").await.unwrap();
    let mut ann = Raw::connect(program.address.parse().unwrap(), "/ws").await;
    let login = json!({ "op": "login", "id": 1, "appKey": "key", "accid": "ann", "token": token });
    ann.sends(TEXT, login.to_string().as_bytes()).await;
    ann.hears_text().await;
    desk.turns("25s").await;
    assert_eq!(ann.hears().await, (PING, vec![]));
    desk.turns("10s").await;
    ann.is_closed_with(4102).await;
}

#[tokio::test]
async fn whoever_asks_for_something_between_two_turns_stays() {
    let program = program(&[]).await;
    let desk = Desk::at(&program.internal);
    let mut ann = member(&program, "ann").await;
    for by in ["1h", "10s", "25s", "10d", "10s", "35s"] {
        desk.turns(by).await;
        ann.client.ping().await.expect(by);
    }
}

#[tokio::test]
async fn a_mute_ends() {
    let program = program(&[]).await;
    let desk = Desk::at(&program.internal);
    let room = room(&program, &[]).await;
    let mut bob = member(&program, "bob").await;
    bob.enters(room).await;
    let mute = [("roomid", &*room.to_string()), ("operator", "owner"), ("target", "bob"), ("muteDuration", "300")];
    program.api().call("chatroom/temporaryMute", &mute).await.unwrap();
    desk.turns("299s").await;
    assert_eq!(code(bob.client.send(room, Outgoing::text("hm")).await), Some(13004));
    desk.turns("1s").await;
    bob.sends(room, Outgoing::text("at last")).await;
}

#[tokio::test]
async fn a_room_closes_as_scheduled() {
    let program = program(&[]).await;
    let desk = Desk::at(&program.internal);
    let room = room(&program, &[("delayClosePolicy", "1"), ("delaySeconds", "86400")]).await;
    let mut bob = member(&program, "bob").await;
    bob.enters(room).await;
    desk.turns("1d").await;
    bob.hears_of_room(311).await;
    bob.is_out(room, 1).await;
}

#[tokio::test]
async fn a_session_may_come_back_for_half_a_minute() {
    for (after, comes_back) in [("29s", true), ("30s", false)] {
        let program = program(&["--test-chaos"]).await;
        let desk = Desk::at(&program.internal);
        let Member { token, client, .. } = member(&program, "ann").await;
        let left_off = client.break_off();
        desk.sees("ann", |session| session["away"] == true).await;
        desk.turns(after).await;
        let mut again = Client::connect(&program.address).await.unwrap();
        assert_eq!(again.resume("key", "ann", &token, &left_off).await.unwrap(), comes_back, "{after}");
    }
}

#[tokio::test]
async fn the_program_ends_although_its_time_stands_still() {
    let program = program(&["--stop-grace", "1s"]).await;
    let mut ann = member(&program, "ann").await;
    let ended = tokio::spawn(program.terminate());
    assert!(matches!(ann.event().await, Event::Drain { .. }));
    ann.is_closed_with(1001).await;
    drop(ann);
    assert_eq!(ended.await.unwrap().1.code(), Some(0));
}
