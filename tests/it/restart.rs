//! Killed at any moment: whatever was answered with 200 is there at the next start.

use roomgate::base::RoomId;
use roomgate::client::{Client, Outgoing};

use crate::support::program::Program;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let mut accounts: Vec<(String, String)> = Vec::new();
    let mut rooms: Vec<RoomId> = Vec::new();
    for round in 0..5 {
        let program = Program::in_folder(folder.path()).await;
        check(&program, &accounts, &rooms).await;
        let (more_accounts, more_rooms) = write_until_killed(program, round).await;
        assert!(!more_accounts.is_empty() && !more_rooms.is_empty(), "it was killed in the middle of its work");
        accounts.extend(more_accounts);
        rooms.extend(more_rooms);
    }
    let distinct: std::collections::HashSet<_> = rooms.iter().collect();
    assert_eq!(distinct.len(), rooms.len(), "no room number was given twice");
    let program = Program::in_folder(folder.path()).await;
    check(&program, &accounts, &rooms).await;
}

/// Several writers at once; the program dies while they write. What it acknowledged comes back.
async fn write_until_killed(program: Program, round: usize) -> (Vec<(String, String)>, Vec<RoomId>) {
    let (first_done, mut first) = tokio::sync::mpsc::channel(100);
    let mut writers = Vec::new();
    for writer in 0..4 {
        let (api, first_done) = (program.api(), first_done.clone());
        writers.push(tokio::spawn(async move {
            let (mut accounts, mut rooms) = (Vec::new(), Vec::new());
            for number in 0.. {
                let accid = format!("a{round}-{writer}-{number}");
                let Ok(token) = api.create_user(&accid, "name").await else { break };
                let made = api.create_room(&accid, "room").await;
                accounts.push((accid, token));
                let Ok(room) = made else { break };
                rooms.push(room);
                let _ = first_done.try_send(());
            }
            (accounts, rooms)
        }));
    }
    for _ in 0..20 + 17 * round {
        first.recv().await;
    }
    program.kill().await;
    let (mut accounts, mut rooms) = (Vec::new(), Vec::new());
    for writer in writers {
        let (more_accounts, more_rooms) = writer.await.unwrap();
        accounts.extend(more_accounts);
        rooms.extend(more_rooms);
    }
    (accounts, rooms)
}

async fn check(program: &Program, accounts: &[(String, String)], rooms: &[RoomId]) {
    let api = program.api();
    for chunk in accounts.chunks(200) {
        let accids: Vec<&str> = chunk.iter().map(|(accid, _)| accid.as_str()).collect();
        let accids = serde_json::to_string(&accids).unwrap();
        let found = api.call("user/getUinfos", &[("accids", &accids)]).await.unwrap();
        assert_eq!(found["uinfos"].as_array().unwrap().len(), chunk.len());
    }
    for room in rooms {
        api.call("chatroom/get", &[("roomid", &room.to_string())]).await.unwrap();
    }
    let (Some((accid, token)), Some(room)) = (accounts.last(), rooms.last()) else { return };
    let mut client = Client::connect(&program.address).await.unwrap();
    client.login("key", accid, token).await.expect("the token still holds");
    client.join(*room).await.unwrap();
    let sent = api.send(*room, accid, Outgoing::text("x").to([accid.as_str()]).outcomes()).await.unwrap();
    assert_eq!(sent.outcomes[0].1, "queued");
}
