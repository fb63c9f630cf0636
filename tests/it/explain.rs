//! `explain` says of an account in a room what happens when the account tries: for each rule both are asked.

use roomgate::base::RoomId;
use roomgate::client::{Client, ClientError, Operator, Outgoing};
use serde_json::{Value, json};

use crate::support::program::run;
use crate::support::{House, Http, Member};

/// A code, and its text.
type Told = (u16, String);

impl House {
    async fn explains(&self, room: RoomId, accid: &str) -> Value {
        let operator = Operator::new(&format!("http://{}", self.gateway.internal_addr())).unwrap();
        let answer = operator.get(&format!("/explain?room={room}&account={accid}")).await;
        serde_json::from_str(&answer.unwrap()).unwrap()
    }

    /// What explain says, which must be what happens when the account tries to join with a new session, to send from `inside` or else
    /// from outside, and when the application server sends in its name.
    async fn agrees(&self, room: RoomId, ann: &Account<'_>, inside: Option<&mut Member>) -> Value {
        let said = self.explains(room, ann.accid).await;
        let mut visitor = self.visitor().await;
        let logged_in = visitor.login("key", ann.accid, ann.token).await;
        assert_eq!(said["logIn"]["may"], logged_in.is_ok(), "{said}");
        let sent = match inside {
            Some(member) => told(member.client.send(room, Outgoing::text("x")).await),
            None => told_outside(&mut visitor, room).await.unwrap_or_else(|| first(&said["send"])),
        };
        assert_eq!(first(&said["send"]), sent, "send: {said}");
        assert_eq!(first(&said["sendFor"]), self.sends_for(room, ann.accid).await, "sendFor: {said}");
        if logged_in.is_ok() {
            assert_eq!(first(&said["join"]), told(visitor.join(room).await), "join: {said}");
        }
        visitor.close().await;
        said
    }

    async fn sends_for(&self, room: RoomId, accid: &str) -> Option<Told> {
        let room = room.to_string();
        let params = [("roomid", room.as_str()), ("fromAccid", accid), ("msgId", "m"), ("attach", "x")];
        match self.api.call("chatroom/sendMsg", &params).await {
            Ok(_) => None,
            Err(roomgate::client::ApiError::Refused { code, desc }) => Some((code, desc)),
            Err(other) => panic!("{other}"),
        }
    }

    async fn changes(&self, path: &str, room: RoomId, params: &[(&str, &str)]) {
        let room = room.to_string();
        self.call(path, &[&[("roomid", room.as_str()), ("operator", "owner")], params].concat()).await;
    }
}

struct Account<'a> {
    accid: &'a str,
    token: &'a str,
}

fn told<T>(result: Result<T, ClientError>) -> Option<Told> {
    match result {
        Ok(_) => None,
        Err(ClientError::Refused { code, desc }) => Some((code, desc)),
        Err(other) => panic!("{other}"),
    }
}

/// Whoever is not logged in can't even try.
async fn told_outside(visitor: &mut Client, room: RoomId) -> Option<Option<Told>> {
    match visitor.send(room, Outgoing::text("x")).await {
        Err(ClientError::Refused { code, desc }) => Some(Some((code, desc))),
        Err(_) => None,
        Ok(_) => Some(None),
    }
}

fn first(ruling: &Value) -> Option<Told> {
    let against = ruling["against"].as_array().unwrap();
    assert_eq!(ruling["may"], against.is_empty(), "{ruling}");
    let against = against.first()?;
    Some((against["code"].as_u64().unwrap().try_into().unwrap(), against["why"].as_str().unwrap().to_owned()))
}

fn rules(ruling: &Value) -> Vec<&str> {
    ruling["against"].as_array().unwrap().iter().map(|against| against["rule"].as_str().unwrap()).collect()
}

fn set_by(ruling: &Value) -> Vec<&str> {
    ruling["against"].as_array().unwrap().iter().map(|against| against["setBy"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn whoever_may_do_all_is_told_so() {
    let house = House::open().await;
    let room = house.room().await;
    let token = house.account("ann").await;
    let ann = Account { accid: "ann", token: &token };
    let said = house.agrees(room, &ann, None).await;
    assert_eq!((&said["role"], &said["sessions"]), (&json!("TEMPORARY"), &json!([])));
    assert_eq!((rules(&said["send"]), set_by(&said["send"])), (vec!["not_in_room"], vec!["join"]));
    let mut inside = house.log_in("ann", &token).await;
    inside.enters_with(room, json!({"tags": ["a"]})).await;
    let said = house.agrees(room, &ann, Some(&mut inside)).await;
    assert_eq!(said["sessions"][0]["tags"], json!(["a"]));
    assert_eq!(said["highPriorityPerSecond"], 10);
    let asked = json!({"callbackJoins": false, "callbackMessages": false, "moderation": "off", "dryRun": false});
    assert_eq!(said["asked"], asked);
    assert_eq!(house.explains(room, "owner").await["role"], "CREATOR");
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let house = House::open().await;
    let room = house.room().await;
    let nowhere = RoomId::parse("room", "99").unwrap();
    let said = house.agrees(room, &Account { accid: "nobody", token: "t" }, None).await;
    assert_eq!((rules(&said["logIn"]), rules(&said["join"])), (vec!["no_account"], vec!["no_account"]));
    let token = house.account("ann").await;
    let said = house.agrees(nowhere, &Account { accid: "ann", token: &token }, None).await;
    assert_eq!((rules(&said["join"]), rules(&said["sendFor"])), (vec!["no_room"], vec!["no_room"]));
}

#[tokio::test]
async fn a_disabled_account_may_not_log_in() {
    let house = House::open().await;
    let room = house.room().await;
    let token = house.account("ann").await;
    house.call("user/block", &[("accid", "ann")]).await;
    let said = house.agrees(room, &Account { accid: "ann", token: &token }, None).await;
    assert_eq!((rules(&said["logIn"]), set_by(&said["logIn"])), (vec!["disabled"], vec!["user/block"]));
}

#[tokio::test]
async fn a_closed_room_and_a_blocklist_keep_everybody_out() {
    let house = House::open().await;
    let room = house.room().await;
    let token = house.account("ann").await;
    let ann = Account { accid: "ann", token: &token };
    house.assigns(room, "ann", -1, true).await;
    let said = house.agrees(room, &ann, None).await;
    assert_eq!(rules(&said["join"]), ["blocklist"]);
    assert_eq!(set_by(&said["sendFor"]), ["chatroom/setMemberRole opt -1"]);
    house.changes("chatroom/toggleCloseStat", room, &[("valid", "false")]).await;
    let said = house.agrees(room, &ann, None).await;
    assert_eq!(rules(&said["join"]), ["room_closed", "blocklist"]);
}

#[tokio::test]
async fn all_mutes_are_named_the_one_that_is_told_first() {
    let house = House::with_patient_clock().await;
    let room = house.room().await;
    let mut inside = house.member_in(room, "ann").await;
    let token = inside.token.clone();
    let ann = Account { accid: "ann", token: &token };
    house.changes("chatroom/muteRoom", room, &[("mute", "true")]).await;
    assert_eq!(rules(&house.agrees(room, &ann, Some(&mut inside)).await["send"]), ["room_muted"]);
    house.mutes(room, "ann", 600).await;
    let said = house.agrees(room, &ann, Some(&mut inside)).await;
    assert_eq!(said["send"]["against"][0]["until"], said["now"].as_u64().unwrap() + 600_000);
    house.assigns(room, "ann", -2, true).await;
    house.agrees(room, &ann, Some(&mut inside)).await;
    house.call("user/mute", &[("accid", "ann"), ("mute", "true")]).await;
    let said = house.agrees(room, &ann, Some(&mut inside)).await;
    assert_eq!(rules(&said["send"]), ["silenced", "muted", "muted", "room_muted"]);
    let by =
        ["user/mute, user/muteModule", "chatroom/setMemberRole opt -2", "chatroom/temporaryMute", "chatroom/muteRoom"];
    assert_eq!((set_by(&said["send"]), set_by(&said["sendFor"])), (by.to_vec(), by.to_vec()));
    assert_eq!(said["role"], "LIMITED");
}

#[tokio::test]
async fn a_muted_module_silences_and_a_manager_speaks_in_a_muted_room() {
    let house = House::open().await;
    let room = house.room().await;
    let mut inside = house.member_in(room, "ann").await;
    let token = inside.token.clone();
    let ann = Account { accid: "ann", token: &token };
    house.call("user/muteModule", &[("accid", "ann"), ("muteRoom", "true")]).await;
    assert_eq!(rules(&house.agrees(room, &ann, Some(&mut inside)).await["send"]), ["silenced"]);
    house.call("user/muteModule", &[("accid", "ann"), ("muteRoom", "false")]).await;
    house.changes("chatroom/muteRoom", room, &[("mute", "true")]).await;
    house.assigns(room, "ann", 1, true).await;
    let said = house.agrees(room, &ann, Some(&mut inside)).await;
    assert_eq!((&said["send"]["may"], &said["role"]), (&json!(true), &json!("MANAGER")));
}

#[tokio::test]
async fn each_muted_tag_is_named_and_a_session_without_it_may_speak() {
    let house = House::with_patient_clock().await;
    let room = house.room().await;
    let mut inside = house.member("ann").await;
    inside.enters_with(room, json!({"tags": ["a", "b"]})).await;
    let token = inside.token.clone();
    let ann = Account { accid: "ann", token: &token };
    for (tag, seconds) in [("a", "30"), ("b", "60"), ("c", "90")] {
        house.changes("chatroom/tagTemporaryMute", room, &[("targetTag", tag), ("muteDuration", seconds)]).await;
    }
    let said = house.agrees(room, &ann, Some(&mut inside)).await;
    assert_eq!(set_by(&said["send"]), ["chatroom/tagTemporaryMute"; 2]);
    assert_eq!(said["send"]["against"][1]["until"], said["now"].as_u64().unwrap() + 60_000);
    let mut free = house.log_in("ann", &token).await;
    free.enters_with(room, json!({})).await;
    let said = house.agrees(room, &ann, Some(&mut free)).await;
    assert_eq!((&said["send"]["may"], &said["sendFor"]["may"]), (&json!(true), &json!(true)));
}

#[tokio::test]
async fn a_virtual_member_is_known_as_one() {
    let house = House::open().await;
    let room = house.room().await;
    house.account("ann").await;
    house.call("chatroom/addRobot", &[("roomid", &room.to_string()), ("accids", r#"["ann"]"#)]).await;
    assert_eq!(house.explains(room, "ann").await["virtual"], true);
}

#[tokio::test]
async fn a_question_that_makes_no_sense_is_refused_by_name() {
    let house = House::open().await;
    let internal = Http::to(house.gateway.internal_addr());
    for (query, parameter) in [("", "room"), ("?room=x&account=ann", "room"), ("?room=1&account=a%20b", "account")] {
        let answer = internal.send("GET", &format!("/explain{query}"), &[], b"").await;
        let error: Value = serde_json::from_str(&answer.body).unwrap();
        assert!(error["error"].as_str().unwrap().starts_with(parameter), "{answer:?}");
        assert_eq!(answer.status, 400);
    }
}

#[tokio::test]
async fn the_command_says_it_in_words_and_in_json() {
    let house = House::open().await;
    let room = house.room().await;
    house.account("ann").await;
    house.assigns(room, "ann", -1, true).await;
    let (room, url) = (room.to_string(), format!("http://{}", house.gateway.internal_addr()));
    let explain = ["explain", "--room", &room, "--account", "ann", "--internal-url", &url];
    let (code, text, complaint) = run(&explain).await;
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    let line =
        format!("may join       no: ann is in the blocklist of room {room} (13003); see chatroom/setMemberRole opt -1");
    assert!(text.lines().any(|shown| shown == line), "{text}");
    let (_, text, _) = run(&[&explain[..], &["--json"]].concat()).await;
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["account"], "ann");
    let (code, _, complaint) = run(&["explain", "--room", &room, "--account", "a b", "--internal-url", &url]).await;
    assert_eq!(code, Some(1));
    assert!(complaint.starts_with("roomgate: explain refused: account: "), "{complaint}");
}
