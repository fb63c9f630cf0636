//! Killed at any moment: whatever was answered 200 is told, whatever was not committed is not, and each event has the same body each time.

use std::collections::{BTreeMap, BTreeSet};

use roomgate::base::RoomId;
use roomgate::client::{Api, Client, Outgoing};
use serde_json::Value;
use tokio::task::JoinSet;

use super::checked;
use crate::support::eventually;
use crate::support::past::{texts, whole_past};
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
    let program = Program::in_folder_with(folder.path(), &options).await;
    let told = |receiver: &Peer| -> BTreeSet<String> {
        receiver.heard().iter().map(|heard| heard.json()["attach"].as_str().unwrap().to_owned()).collect()
    };
    eventually("all that was accepted is told", || accepted.is_subset(&told(&receiver))).await;
    let api = program.api();
    let mut past = BTreeSet::new();
    for room in &rooms {
        past.extend(texts(&whole_past(&api, *room).await));
    }
    let invented: Vec<_> = told(&receiver).difference(&past).cloned().collect();
    assert_eq!(invented, Vec::<String>::new(), "what is told is in the history too");
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

/// Offers elements again and again until the program dies; the keys that were accepted.
async fn offer(api: Api, room: RoomId, round: usize) -> Vec<String> {
    let (room, mut accepted) = (room.to_string(), Vec::new());
    for key in (0..).map(|number| format!("{round}-{number}")) {
        let params = [("roomid", &*room), ("key", &key), ("value", "v"), ("operator", "ann")];
        if api.call("chatroom/queueOffer", &params).await.is_err() {
            break;
        }
        accepted.push(key);
        if accepted.len() % 500 == 0 {
            let _ = api.call("chatroom/queueDrop", &[("roomid", &room)]).await;
        }
    }
    accepted
}

/// Enters and leaves again and again until the program dies; how often it was let in.
async fn come_and_go(
    program: &Program,
    room: RoomId,
    accid: String,
    token: String,
) -> impl Future<Output = usize> + use<> {
    let mut client = Client::connect(&program.address).await.unwrap();
    client.login("key", &accid, &token).await.unwrap();
    async move {
        let mut entered = 0;
        while client.join(room).await.is_ok() {
            entered += 1;
            if client.leave(room).await.is_err() {
                break;
            }
        }
        entered
    }
}

#[tokio::test]
async fn queues_and_who_is_in_are_told_through_a_kill_too() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = Peer::good().await;
    let url = receiver.url();
    let options = ["--webhook-url", url.as_str()];
    let (mut keys, mut entered, mut room) = (BTreeSet::new(), 0, None);
    for round in 0..2 {
        let program = Program::in_folder_with(folder.path(), &options).await;
        let api = program.api();
        if round == 0 {
            api.create_user("ann", "Ann").await.unwrap();
            room = Some(api.create_room("ann", "a room").await.unwrap());
        }
        let room = room.unwrap();
        let token = api.create_user(&format!("bob{round}"), "Bob").await.unwrap();
        let coming = tokio::spawn(come_and_go(&program, room, format!("bob{round}"), token).await);
        let offering = tokio::spawn(offer(api, room, round));
        let before = receiver.heard().len();
        eventually("some events have come", || receiver.heard().len() > before + 60).await;
        program.kill().await;
        keys.extend(offering.await.unwrap());
        entered += coming.await.unwrap();
    }
    let _program = Program::in_folder_with(folder.path(), &options).await;
    let told = || {
        let bodies: Vec<Value> = receiver.heard().iter().map(checked).collect();
        let offered = bodies.iter().filter(|body| body["eventType"] == "14" && body["qEvent"] != "8");
        let keys: BTreeSet<String> = offered.map(|body| body["keys"].as_str().unwrap().to_owned()).collect();
        let came: BTreeSet<&str> =
            bodies.iter().filter(|body| body["event"] == "IN").map(|body| body["eventId"].as_str().unwrap()).collect();
        (keys, came.len())
    };
    let wanted: BTreeSet<String> = keys.iter().map(|key| format!("[\"{key}\"]")).collect();
    eventually("all that was done is told", || {
        let (keys, came) = told();
        wanted.is_subset(&keys) && came >= entered
    })
    .await;
    assert!(entered > 0 && !wanted.is_empty());
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
