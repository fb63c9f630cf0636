//! Rooms that close by themselves although the gateway was not there all the time.

use std::path::Path;
use std::time::Duration;

use roomgate::base::{Clock, RoomId};
use roomgate::client::Client;

use crate::support::program::Program;
use crate::support::{House, code};

/// The gateway ends, the time goes on by so much, and another takes over.
async fn restart(house: House, folder: &Path, millis: u64) -> House {
    let House { gateway, api, clock } = house;
    // Nothing shall have to be waited for.
    drop(api);
    gateway.stop(Duration::from_secs(5)).await;
    clock.advance(Duration::from_millis(millis));
    House::in_folder(folder, &clock).await
}

/// The room closes so many milliseconds from now and not one before; another room, due at the very moment before, shows that the
/// gateway has looked. It must be less than 2 s.
async fn closes_in(house: &House, room: RoomId, millis: u64) {
    house.turn(millis - 1001);
    let (witness, _) = house.room_with(&[("delayClosePolicy", "1"), ("delaySeconds", "1")]).await;
    house.turn(1000);
    house.sees_closed(witness).await;
    assert_eq!(house.look_at(room).await["valid"], true);
    house.turn(1);
    house.sees_closed(room).await;
}

#[tokio::test]
async fn a_schedule_goes_on_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::in_folder(folder.path(), &Clock::test()).await;
    let (room, _) = house.room_with(&[("delayClosePolicy", "1"), ("delaySeconds", "100")]).await;
    house.turn(30_000);
    let house = restart(house, folder.path(), 68_500).await;
    assert_eq!(house.look_at(room).await["delayInfo"]["delaySeconds"], 100);
    closes_in(&house, room, 1500).await;
}

#[tokio::test]
async fn a_moment_that_passed_meanwhile_closes_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::in_folder(folder.path(), &Clock::test()).await;
    let (fixed, _) = house.room_with(&[("delayClosePolicy", "1"), ("delaySeconds", "100")]).await;
    let (idle, _) = house.room_with(&[("delayClosePolicy", "2"), ("delaySeconds", "100")]).await;
    let house = restart(house, folder.path(), 100_000).await;
    house.sees_closed(fixed).await;
    house.sees_closed(idle).await;
    let mut ann = house.member("ann").await;
    assert_eq!(code(ann.client.join(idle).await), Some(13002));
}

#[tokio::test]
async fn a_gateway_that_goes_empties_its_rooms() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::in_folder(folder.path(), &Clock::test()).await;
    let (room, _) = house.room_with(&[("delayClosePolicy", "2"), ("delaySeconds", "10")]).await;
    let mut ann = house.member_in(room, "ann").await;
    house.turn(60_000);
    let goes = async move { ann.is_closed_with(1001).await };
    let (house, ()) = tokio::join!(restart(house, folder.path(), 8500), goes);
    closes_in(&house, room, 1500).await;
}

#[tokio::test]
async fn a_power_cut_empties_them_too() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::in_folder(folder.path()).await;
    let api = program.api();
    let token = api.create_user("ann", "Ann").await.unwrap();
    let mut rooms = Vec::new();
    for policy in ["1", "2"] {
        let params = [("creator", "ann"), ("name", "R"), ("delayClosePolicy", policy), ("delaySeconds", "1")];
        let made = api.call("chatroom/create", &params).await.unwrap();
        rooms.push(made["chatroom"]["roomid"].to_string());
    }
    let mut ann = Client::connect(&program.address).await.unwrap();
    ann.login("key", "ann", &token).await.unwrap();
    ann.join(RoomId::parse("roomid", &rooms[1]).unwrap()).await.unwrap();
    program.kill().await;
    let program = Program::in_folder(folder.path()).await;
    for room in rooms {
        let deadline = tokio::time::Instant::now() + crate::support::SOON;
        let closed = async || {
            let found = program.api().call("chatroom/get", &[("roomid", &room)]).await.unwrap();
            found["chatroom"]["valid"] == false
        };
        while !closed().await {
            assert!(tokio::time::Instant::now() < deadline, "room {room} stays open");
        }
    }
}
