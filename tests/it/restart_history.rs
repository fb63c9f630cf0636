//! Killed right after the answer to a send: the message is in the room's history at the next start.

use roomgate::base::RoomId;
use roomgate::client::{Api, Client, Outgoing};
use serde_json::Value;

use crate::support::past::texts;
use crate::support::program::Program;

async fn past(api: &Api, room: RoomId) -> Vec<Value> {
    let room = room.to_string();
    let params = [("roomid", room.as_str()), ("accid", "ann"), ("timetag", "0"), ("limit", "200"), ("reverse", "1")];
    api.call("history/queryChatroomMsg", &params).await.unwrap()["msgs"].as_array().unwrap().clone()
}

#[tokio::test]
async fn what_was_answered_is_in_the_history_after_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::in_folder(folder.path()).await;
    let token = program.api().create_user("ann", "Ann").await.unwrap();
    let room = program.api().create_room("ann", "room").await.unwrap();
    program.kill().await;
    let mut expected: Vec<String> = Vec::new();
    for round in 0..6 {
        let program = Program::in_folder(folder.path()).await;
        assert_eq!(texts(&past(&program.api(), room).await), expected);
        let message = Outgoing::text(round.to_string());
        expected.push(round.to_string());
        if round % 2 == 0 {
            program.api().send(room, "ann", message).await.unwrap();
        } else {
            let mut ann = Client::connect(&program.address).await.unwrap();
            ann.login("key", "ann", &token).await.unwrap();
            ann.join(room).await.unwrap();
            ann.send(room, message).await.unwrap();
        }
        program.kill().await;
    }
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
    let past = past(&program.api(), room).await;
    assert_eq!(texts(&past), ["stays"]);
    assert_eq!(past.iter().filter(|message| message["type"] == 5).count(), 2, "both recalls were told: {past:?}");
}
