//! Killed right after the answer to a send: the message is in the room's history at the next start.

use std::collections::BTreeSet;

use roomgate::base::RoomId;
use roomgate::client::{Client, Outgoing};
use tokio::task::JoinSet;

use crate::support::past::{texts, whole_past};
use crate::support::program::Program;

/// Accounts are made all the time, each with a wait for the disk, so that whatever is not waited for would come too late.
fn keep_busy(program: &Program, round: usize) -> JoinSet<Vec<String>> {
    let mut busy = JoinSet::new();
    for worker in 0..4 {
        let api = program.api();
        busy.spawn(async move {
            for number in 0.. {
                if api.create_user(&format!("a{round}-{worker}-{number}"), "name").await.is_err() {
                    break;
                }
            }
            Vec::new()
        });
    }
    busy
}

/// Says something again and again, through either door, until the program dies; what was accepted.
async fn speak(
    program: &Program,
    room: RoomId,
    token: &str,
    round: usize,
    answered: &tokio::sync::mpsc::Sender<()>,
) -> JoinSet<Vec<String>> {
    let mut speakers = keep_busy(program, round);
    let (api, told) = (program.api(), answered.clone());
    speakers.spawn(async move {
        let mut accepted = Vec::new();
        for text in (0..).map(|number| format!("server {round} {number}")) {
            if api.send(room, "ann", Outgoing::text(&text)).await.is_err() {
                break;
            }
            accepted.push(text);
            let _ = told.try_send(());
        }
        accepted
    });
    let mut ann = Client::connect(&program.address).await.unwrap();
    ann.login("key", "ann", token).await.unwrap();
    ann.join(room).await.unwrap();
    speakers.spawn(async move {
        let mut accepted = Vec::new();
        for text in (0..).map(|number| format!("member {round} {number}")) {
            if ann.send(room, Outgoing::text(&text)).await.is_err() {
                break;
            }
            accepted.push(text);
        }
        accepted
    });
    speakers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_in_the_history_after_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::in_folder(folder.path()).await;
    let token = program.api().create_user("ann", "Ann").await.unwrap();
    let room = program.api().create_room("ann", "room").await.unwrap();
    program.kill().await;
    let mut accepted: BTreeSet<String> = BTreeSet::new();
    for round in 0..5 {
        let program = Program::in_folder(folder.path()).await;
        let (answered, mut answers) = tokio::sync::mpsc::channel(1);
        let mut speakers = speak(&program, room, &token, round, &answered).await;
        for _ in 0..5 + 3 * round {
            answers.recv().await;
        }
        program.kill().await;
        while let Some(texts) = speakers.join_next().await {
            accepted.extend(texts.unwrap());
        }
    }
    let program = Program::in_folder(folder.path()).await;
    let kept: BTreeSet<String> = texts(&whole_past(&program.api(), room).await).into_iter().collect();
    let lost: Vec<_> = accepted.difference(&kept).collect();
    assert!(lost.is_empty(), "of {} messages these were accepted and are not kept: {lost:?}", accepted.len());
}

#[tokio::test]
async fn what_was_taken_back_stays_so() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::in_folder(folder.path()).await;
    let api = program.api();
    api.create_user("ann", "Ann").await.unwrap();
    let room = api.create_room("ann", "room").await.unwrap();
    for text in ["stays", "goes"] {
        let sent = api.send(room, "ann", Outgoing::text(text).id(text)).await.unwrap();
        let (id, time) = (room.to_string(), sent.message.time().to_string());
        let recall = [
            ("roomid", id.as_str()),
            ("msgTimetag", &time),
            ("fromAcc", "ann"),
            ("msgId", "goes"),
            ("operatorAcc", "ann"),
        ];
        api.call("chatroom/recall", &recall).await.unwrap();
    }
    program.kill().await;
    let program = Program::in_folder(folder.path()).await;
    let past = whole_past(&program.api(), room).await;
    assert_eq!(texts(&past), ["stays"]);
    assert_eq!(past.iter().filter(|message| message["type"] == 5).count(), 2, "both recalls were told: {past:?}");
}
