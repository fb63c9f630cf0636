//! Rooms that close by themselves. The clock stands still until a test turns it, by milliseconds.

use roomgate::base::RoomId;
use serde_json::json;

use crate::support::House;

async fn schedule(house: &House, room: RoomId, policy: &str, seconds: &str) {
    let params = [("roomid", &*room.to_string()), ("delayClosePolicy", policy), ("delaySeconds", seconds)];
    house.call("chatroom/updateDelayClosePolicy", &params).await;
}

/// Turns the clock by so much, at least a second, and sees that the gateway has closed what is due by then: another room that is due at
/// this very moment.
async fn turn(house: &House, millis: u64) {
    let seconds = (millis / 1000).to_string();
    house.turn(millis % 1000);
    let (witness, _) = house.room_with(&[("delayClosePolicy", "1"), ("delaySeconds", &seconds)]).await;
    house.turn(millis - millis % 1000);
    house.sees_closed(witness).await;
}

async fn is_open(house: &House, room: RoomId) -> bool {
    house.look_at(room).await["valid"] == true
}

#[tokio::test]
async fn at_its_moment_a_room_closes_and_not_before() {
    let house = House::with_patient_clock().await;
    let (room, _) = house.room_with(&[("delayClosePolicy", "1"), ("delaySeconds", "100")]).await;
    let mut ann = house.member_in(room, "ann").await;
    turn(&house, 99_999).await;
    assert!(is_open(&house, room).await);
    ann.hears_nothing().await;
    house.turn(1);
    let notice = ann.hears_of_room(311).await;
    assert_eq!(notice["data"]["operator"], "owner", "in its creator's name");
    ann.is_out(room, 1).await;
    let closed = house.look_at(room).await;
    assert_eq!((&closed["valid"], &closed["delayInfo"]["status"]), (&json!(false), &json!(0)));
}

#[tokio::test]
async fn a_schedule_begins_anew_with_every_call() {
    let house = House::with_patient_clock().await;
    let (room, _) = house.room_with(&[("delayClosePolicy", "1"), ("delaySeconds", "100")]).await;
    turn(&house, 60_000).await;
    schedule(&house, room, "1", "100").await;
    assert_eq!(house.look_at(room).await["delayInfo"]["startTime"], house.clock.wall());
    turn(&house, 99_999).await;
    assert!(is_open(&house, room).await, "the first moment has passed");
    house.turn(1);
    house.sees_closed(room).await;
}

#[tokio::test]
async fn a_schedule_taken_back_closes_nothing() {
    let house = House::with_patient_clock().await;
    let (room, _) = house.room_with(&[("delayClosePolicy", "1"), ("delaySeconds", "100")]).await;
    // Some clients never send 0.
    let answer = house.call("chatroom/updateDelayClosePolicy", &[("roomid", &room.to_string())]).await;
    assert_eq!(answer["chatroom"]["delayInfo"]["delayCloseEnable"], false);
    assert_eq!(house.look_at(room).await.get("delayInfo"), None);
    turn(&house, 1_000_000).await;
    assert!(is_open(&house, room).await);
}

#[tokio::test]
async fn the_answer_has_the_schedule_and_the_default_is_seven_days() {
    let house = House::with_patient_clock().await;
    let room = house.room().await;
    let id = room.to_string();
    for (policy, seconds, expected) in
        [("1", "", 604_800), ("2", "0", 604_800), ("1", "604800", 604_800), ("2", "1", 1)]
    {
        let params = [("roomid", &*id), ("delayClosePolicy", policy), ("delaySeconds", seconds)];
        let answer = house.call("chatroom/updateDelayClosePolicy", &params).await;
        let expected = json!({"delayCloseEnable": true, "delayClosePolicy": policy.parse::<u8>().unwrap(),
            "delaySeconds": expected, "status": 1, "startTime": house.clock.wall()});
        assert_eq!(answer["chatroom"]["delayInfo"], expected, "{policy} {seconds}");
    }
    for wrong in [("delayClosePolicy", "3"), ("delaySeconds", "604801"), ("delaySeconds", "-1")] {
        assert_eq!(house.refusal("chatroom/updateDelayClosePolicy", &[("roomid", &id), wrong]).await.0, 414);
    }
    assert_eq!(house.refusal("chatroom/updateDelayClosePolicy", &[("roomid", "77")]).await.0, 404);
    schedule(&house, room, "1", "").await;
    turn(&house, 604_799_999).await;
    assert!(is_open(&house, room).await);
    house.turn(1);
    house.sees_closed(room).await;
}

#[tokio::test]
async fn idle_time_begins_when_the_last_leaves_and_ends_when_somebody_enters() {
    let house = House::with_patient_clock().await;
    let (room, _) = house.room_with(&[("delayClosePolicy", "2"), ("delaySeconds", "10")]).await;
    let mut ann = house.member("ann").await;
    let mut bob = house.member("bob").await;
    turn(&house, 9000).await;
    ann.client.join(room).await.unwrap();
    turn(&house, 100_000).await;
    assert!(is_open(&house, room).await, "somebody is in");
    bob.client.join(room).await.unwrap();
    ann.client.leave(room).await.unwrap();
    turn(&house, 100_000).await;
    assert!(is_open(&house, room).await, "the last has not left");
    bob.client.leave(room).await.unwrap();
    turn(&house, 9000).await;
    ann.client.join(room).await.unwrap();
    ann.client.leave(room).await.unwrap();
    turn(&house, 9999).await;
    assert!(is_open(&house, room).await, "it began anew");
    house.turn(1);
    house.sees_closed(room).await;
}

#[tokio::test]
async fn a_room_that_nobody_ever_entered_is_idle_from_its_beginning() {
    let house = House::with_patient_clock().await;
    let (room, _) = house.room_with(&[("delayClosePolicy", "2"), ("delaySeconds", "10")]).await;
    turn(&house, 9999).await;
    assert!(is_open(&house, room).await);
    house.turn(1);
    house.sees_closed(room).await;
}

#[tokio::test]
async fn a_policy_set_while_somebody_is_in_waits_for_it_to_go_however_it_goes() {
    let house = House::with_patient_clock().await;
    let (kicked, dropped) = (house.room().await, house.room().await);
    let mut ann = house.member_in(kicked, "ann").await;
    ann.enters(dropped).await;
    for room in [kicked, dropped] {
        schedule(&house, room, "2", "10").await;
    }
    turn(&house, 20_000).await;
    assert!(is_open(&house, kicked).await && is_open(&house, dropped).await);
    let kick = [("roomid", &*kicked.to_string()), ("accid", "owner"), ("targetAccid", "ann")];
    house.call("chatroom/kickMember", &kick).await;
    turn(&house, 9999).await;
    assert!(is_open(&house, kicked).await);
    turn(&house, 1000).await;
    house.sees_closed(kicked).await;
    assert!(is_open(&house, dropped).await);
    house.loses(ann).await;
    turn(&house, 30_000).await;
    while house.look_at(dropped).await["onlineusercount"] != 0 {}
    turn(&house, 9999).await;
    assert!(is_open(&house, dropped).await);
    turn(&house, 1000).await;
    house.sees_closed(dropped).await;
}

#[tokio::test]
async fn virtual_members_keep_no_room_open() {
    let house = House::with_patient_clock().await;
    let (room, _) = house.room_with(&[("delayClosePolicy", "2"), ("delaySeconds", "10")]).await;
    house.account("bot").await;
    house.call("chatroom/addRobot", &[("roomid", &room.to_string()), ("accids", r#"["bot"]"#)]).await;
    assert_eq!(house.look_at(room).await["onlineusercount"], 1);
    turn(&house, 10_000).await;
    house.sees_closed(room).await;
}

#[tokio::test]
async fn opening_again_gives_a_new_schedule_or_none() {
    let house = House::with_patient_clock().await;
    let (room, _) = house.room_with(&[("delayClosePolicy", "1"), ("delaySeconds", "10")]).await;
    let id = room.to_string();
    house.turn(10_000);
    house.sees_closed(room).await;
    let open = [("roomid", &*id), ("operator", "owner"), ("valid", "true")];
    let scheduled = [&open[..], &[("delayClosePolicy", "2"), ("delaySeconds", "20")]].concat();
    let answer = house.call("chatroom/toggleCloseStat", &scheduled).await;
    assert_eq!(answer["desc"]["delayInfo"]["delayClosePolicy"], 2);
    turn(&house, 19_999).await;
    assert!(is_open(&house, room).await);
    house.turn(1);
    house.sees_closed(room).await;
    let answer = house.call("chatroom/toggleCloseStat", &open).await;
    assert_eq!(answer["desc"].get("delayInfo"), None);
    turn(&house, 1_000_000).await;
    assert!(is_open(&house, room).await);
}

#[tokio::test]
async fn where_it_is_not_enabled_every_call_that_asks_for_it_says_how_to() {
    let house = House::with(|settings| settings.rooms.scheduled_closing = false).await;
    let room = house.room().await.to_string();
    let policy = ("delayClosePolicy", "2");
    let cases: [(&str, &[(&str, &str)]); 3] = [
        ("chatroom/create", &[("creator", "owner"), ("name", "R"), policy]),
        ("chatroom/toggleCloseStat", &[("roomid", &room), ("operator", "owner"), policy]),
        ("chatroom/updateDelayClosePolicy", &[("roomid", &room), policy]),
    ];
    for (path, params) in cases {
        let (code, desc) = house.refusal(path, params).await;
        assert_eq!((code, desc.contains("rooms.scheduled_closing = true")), (13009, true), "{path}: {desc}");
    }
    // None is no schedule.
    let none = ("delayClosePolicy", "0");
    house.call("chatroom/create", &[("creator", "owner"), ("name", "R"), none]).await;
    house.call("chatroom/updateDelayClosePolicy", &[("roomid", &room), none]).await;
    house.call("chatroom/toggleCloseStat", &[("roomid", &room), ("operator", "owner"), none]).await;
}
