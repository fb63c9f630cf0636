//! Killed at any moment: whatever was answered 200 is told, whatever was not committed is not, and each event has the same body each time.

use std::collections::{BTreeMap, BTreeSet};

use roomgate::base::RoomId;
use roomgate::client::{Api, Outgoing};
use serde_json::Value;
use tokio::task::JoinSet;

use super::checked;
use crate::support::eventually;
use crate::support::peer::{Peer, Say};
use crate::support::program::Program;

/// Says something again and again until the program dies; what was accepted.
async fn speak(api: Api, room: RoomId, name: String) -> Vec<String> {
    let mut accepted = Vec::new();
    for text in (0..).map(|number| format!("{name} {number}")) {
        if api.send(room, "ann", Outgoing::text(&text)).await.is_err() {
            break;
        }
        accepted.push(text);
    }
    accepted
}

#[tokio::test]
async fn what_was_answered_is_told_however_often_the_gateway_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    // It takes some and fails others, so that there is always something to be sent again.
    let receiver = Peer::with(|count, _| Say::Status(if count % 5 == 4 { 503 } else { 200 })).await;
    let url = receiver.url();
    let options = ["--webhook-url", url.as_str(), "--webhook-retry-max", "1s"];
    let mut accepted = BTreeSet::new();
    let mut rooms: Vec<RoomId> = Vec::new();
    for round in 0..3 {
        let program = Program::in_folder_with(folder.path(), &options).await;
        let api = program.api();
        if round == 0 {
            api.create_user("ann", "Ann").await.unwrap();
            for _ in 0..3 {
                rooms.push(api.create_room("ann", "a room").await.unwrap());
            }
        }
        let mut speakers = JoinSet::new();
        for (at, room) in rooms.iter().enumerate() {
            speakers.spawn(speak(program.api(), *room, format!("{round}-{at}")));
        }
        let before = receiver.heard().len();
        eventually("some events have come", || receiver.heard().len() > before + 30).await;
        program.kill().await;
        accepted.extend(speakers.join_all().await.into_iter().flatten());
    }
    let _program = Program::in_folder_with(folder.path(), &options).await;
    let told = |receiver: &Peer| -> BTreeSet<String> {
        receiver.heard().iter().map(|heard| heard.json()["attach"].as_str().unwrap().to_owned()).collect()
    };
    eventually("all that was accepted is told", || accepted.is_subset(&told(&receiver))).await;
    let mut bodies: BTreeMap<String, String> = BTreeMap::new();
    for heard in receiver.heard() {
        let id = checked(&heard)["eventId"].as_str().unwrap().to_owned();
        let before = bodies.entry(id).or_insert_with(|| heard.body.clone());
        assert_eq!(*before, heard.body, "the same each time");
    }
    let sequences: BTreeSet<(String, i64)> = bodies
        .values()
        .map(|body| serde_json::from_str::<Value>(body).unwrap())
        .map(|body| (body["roomId"].as_str().unwrap().to_owned(), body["sequence"].as_str().unwrap().parse().unwrap()))
        .collect();
    assert_eq!(sequences.len(), bodies.len(), "each event has a number of its own in its room");
    for room in rooms {
        let of_room = sequences.iter().filter(|(id, _)| *id == room.to_string());
        let numbers: Vec<i64> = of_room.map(|(_, number)| *number).collect();
        assert_eq!(numbers, (1..=numbers.len() as i64).collect::<Vec<_>>(), "none is missing");
    }
}

#[tokio::test]
async fn nobody_waits_for_a_receiver_that_is_dead() {
    let folder = tempfile::tempdir().unwrap();
    let address = Peer::nobody();
    let url = format!("http://{address}/hook");
    let program = Program::in_folder_with(folder.path(), &["--webhook-url", &url, "--webhook-retry-max", "1s"]).await;
    let api = program.api();
    api.create_user("ann", "Ann").await.unwrap();
    let room = api.create_room("ann", "a room").await.unwrap();
    for number in 0..50 {
        api.send(room, "ann", Outgoing::text(number.to_string())).await.unwrap();
    }
    let receiver = Peer::at(address, |_, _| Say::Status(200)).await;
    eventually("all come when it is back", || {
        let texts: BTreeSet<String> = receiver.heard().iter().map(|heard| heard.json()["attach"].to_string()).collect();
        texts.len() == 50
    })
    .await;
}
