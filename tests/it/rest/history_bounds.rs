//! How long and how much rooms keep: `history.keep` and `history.messages_per_room`.

use std::path::Path;
use std::time::Duration;

use roomgate::base::RoomId;
use roomgate::client::Outgoing;
use roomgate::settings::Settings;
use serde_json::{Value, json};

use crate::support::{House, SOON};

const HOUR: Duration = Duration::from_secs(3600);
/// How often some rooms are looked at for what is too old.
const SWEEP: Duration = Duration::from_secs(10);

async fn send(house: &House, room: RoomId, first: usize, count: usize) {
    let room = room.to_string();
    let items = (first..first + count).map(|n| json!({"msgId": n.to_string(), "attach": n.to_string()}));
    let list = Value::from_iter(items).to_string();
    house.call("chatroom/batchSendMsg", &[("roomid", &room), ("msgList", &list), ("fromAccid", "owner")]).await;
}

/// Turns the clock until the room is swept: until it has so many messages, of more.
async fn sweep(house: &House, room: RoomId, bound: usize) {
    let mut first = 0;
    while house.past_texts(room).await.len() <= bound {
        send(house, room, first, 10).await;
        first += 10;
    }
    let deadline = std::time::Instant::now() + SOON;
    while house.past_texts(room).await.len() > bound {
        assert!(std::time::Instant::now() < deadline, "it is never swept");
        house.clock.advance(SWEEP);
    }
}

#[tokio::test]
async fn what_is_too_old_is_not_answered_from_that_moment_on() {
    let house = House::with_patience(|settings| settings.history.keep = HOUR).await;
    let room = house.room().await;
    let _ann = house.member_in(room, "ann").await;
    house.server_sends(room, "owner", Outgoing::text("old")).await;
    house.clock.advance(HOUR / 2);
    house.server_sends(room, "owner", Outgoing::text("new")).await;
    house.clock.advance(HOUR / 2);
    assert_eq!(house.past_texts(room).await, ["old", "new"]);
    house.clock.advance(Duration::from_millis(1));
    let past = house.past(room, &[]).await;
    assert_eq!(past.len(), 1, "notices are no older: {past:?}");
    assert_eq!(house.past_texts(room).await, ["new"]);
    for params in [[("reverse", "2"), ("timetag", "0")], [("reverse", "1"), ("timetag", "1")]] {
        assert_eq!(house.past(room, &params).await, past);
    }
    house.clock.advance(HOUR);
    assert!(house.past(room, &[]).await.is_empty());
}

fn in_folder(folder: &Path, keep: Duration) -> impl FnOnce(&mut Settings) {
    move |settings| {
        settings.data = Some(folder.to_owned());
        settings.history.keep = keep;
        settings.history.messages_per_room = 3;
    }
}

/// A gateway that keeps longer would show what is still in the table.
#[tokio::test]
async fn what_is_too_old_goes_from_the_table_too() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::with_patience(in_folder(folder.path(), HOUR)).await;
    let (room, swept_later) = (house.room().await, house.room().await);
    house.server_sends(room, "owner", Outgoing::text("old")).await;
    house.clock.advance(HOUR + SWEEP);
    // Rooms are swept in the order of their numbers.
    sweep(&house, swept_later, 3).await;
    sweep(&house, swept_later, 3).await;
    house.gateway.stop(SOON).await;
    let house = House::with_patience(in_folder(folder.path(), 1000 * HOUR)).await;
    assert!(house.past_texts(room).await.is_empty());
    assert_eq!(house.past_texts(swept_later).await.len(), 3);
}

#[tokio::test]
async fn a_room_keeps_its_newest_messages() {
    let house = House::with_patience(|settings| settings.history.messages_per_room = 3).await;
    let (room, other) = (house.room().await, house.room().await);
    send(&house, other, 100, 3).await;
    send(&house, room, 0, 10).await;
    sweep(&house, room, 3).await;
    let kept = house.past_texts(room).await;
    assert_eq!(kept, ["7", "8", "9"]);
    assert_eq!(house.past_texts(other).await, ["100", "101", "102"], "each room has its own bound");
}

/// Every 1,024 messages the writing itself looks after it.
#[tokio::test]
async fn a_busy_room_is_bounded_before_it_is_swept() {
    const SENT: usize = 1200;
    let house = House::with_patience(|settings| settings.history.messages_per_room = 10).await;
    let room = house.room().await;
    for first in (0..SENT).step_by(10) {
        send(&house, room, first, 10).await;
        house.clock.advance(Duration::from_millis(1));
    }
    let oldest = &house.past(room, &[("limit", "1")]).await[0]["body"];
    let oldest: usize = oldest.as_str().unwrap().parse().unwrap();
    assert!(oldest >= SENT - 10 - 1024, "the oldest is {oldest}");
    assert_eq!(house.past(room, &[("limit", "1"), ("reverse", "2")]).await[0]["body"], (SENT - 1).to_string());
}

#[tokio::test]
async fn nothing_is_kept_where_nothing_shall_be() {
    let house = House::with(|settings| settings.history.keep = Duration::ZERO).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let sent = house.server_sends(room, "owner", Outgoing::text("x").id("m")).await;
    ann.hears_text("x").await;
    assert!(house.past(room, &[]).await.is_empty());
    let (id, time) = (room.to_string(), sent.message.time().to_string());
    let recall = [
        ("roomid", id.as_str()),
        ("msgTimetag", &time),
        ("fromAcc", "owner"),
        ("msgId", "m"),
        ("operatorAcc", "owner"),
    ];
    house.call("chatroom/recall", &recall).await;
    ann.hears_notice(323, "owner").await;
}
