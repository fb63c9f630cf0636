//! What a room has besides its members, after the gateway was killed: all of it is there, but for what leaves with somebody.

use roomgate::base::RoomId;
use roomgate::client::{Api, Client, Outgoing};
use serde_json::{Value, json};

use crate::support::code;
use crate::support::program::Program;
use crate::support::queue::elements;

async fn call(api: &Api, path: &str, room: RoomId, params: &[(&str, &str)]) -> Value {
    let room = room.to_string();
    api.call(path, &[&[("roomid", room.as_str())], params].concat())
        .await
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

async fn list(api: &Api, room: RoomId) -> Vec<String> {
    elements(&call(api, "chatroom/queueList", room, &[]).await["desc"]["list"])
}

async fn enter(program: &Program, room: RoomId, accid: &str, token: &str) -> Client {
    let mut client = Client::connect(&program.address).await.unwrap();
    client.login("key", accid, token).await.unwrap();
    client.request("join", json!({"roomid": room.to_string(), "tags": ["a"]})).await.unwrap();
    client
}

#[tokio::test]
async fn the_queue_the_virtual_members_and_the_muted_tags_of_a_room() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::in_folder(folder.path()).await;
    let api = program.api();
    let token = api.create_user("ann", "Ann").await.unwrap();
    for accid in ["owner", "1", "2"] {
        api.create_user(accid, accid).await.unwrap();
    }
    let room = api.create_room("owner", "a room").await.unwrap();
    let _ann = enter(&program, room, "ann", &token).await;
    call(&api, "chatroom/queueInit", room, &[("sizeLimit", "4")]).await;
    for (key, transient) in [("c", "false"), ("t", "true"), ("a", "false"), ("b", "false")] {
        let params = [("operator", "ann"), ("key", key), ("value", "v"), ("transient", transient)];
        call(&api, "chatroom/queueOffer", room, &params).await;
    }
    call(&api, "chatroom/addRobot", room, &[("accids", "[1,2]"), ("roleExt", "e")]).await;
    call(&api, "chatroom/removeRobot", room, &[("accids", "[2]")]).await;
    let mute = [("operator", "owner"), ("targetTag", "a"), ("muteDuration", "1000")];
    call(&api, "chatroom/tagTemporaryMute", room, &mute).await;
    assert_eq!(list(&api, room).await, ["c=v", "t=v", "a=v", "b=v"]);
    program.kill().await;

    let program = Program::in_folder(folder.path()).await;
    let api = program.api();
    assert_eq!(list(&api, room).await, ["c=v", "a=v", "b=v"], "its owner is gone, and what leaves with it");
    let more = r#"[{"key":"d","value":"v"},{"key":"e","value":"v"}]"#;
    let offered = call(&api, "chatroom/queueBatchOffer", room, &[("elements", more)]).await;
    assert_eq!(offered["desc"]["failedKeys"], json!(["e"]), "the size was kept");
    let page = call(&api, "chatroom/membersByPage", room, &[("type", "1"), ("endtime", "0"), ("limit", "10")]).await;
    let robot = &page["desc"]["data"][0];
    assert_eq!((&robot["accid"], &robot["isRobot"], &robot["ext"]), (&json!("1"), &json!(true), &json!("e")));
    assert_eq!(page["desc"]["data"].as_array().unwrap().len(), 1);
    let mut ann = enter(&program, room, "ann", &token).await;
    assert_eq!(code(ann.send(room, Outgoing::text("x")).await), Some(13004));
    let lifted = call(&api, "chatroom/tagTemporaryMute", room, &[&mute[..2], &[("muteDuration", "0")]].concat()).await;
    let left = lifted["desc"]["muteDuration"].as_u64().unwrap();
    assert!((900..=1000).contains(&left), "{left} s were left");
    ann.send(room, Outgoing::text("x")).await.unwrap();
}
