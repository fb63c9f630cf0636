//! Where scenes are played: a gateway whose clock stands still at a known moment, and connections that are read byte for byte.

use std::collections::BTreeMap;

use roomgate::base::Clock;
use roomgate::settings::Settings;
use serde_json::{Value, json};

use super::album::Album;
use crate::support::House;
use crate::support::raw::{Raw, TEXT};

/// When every scene begins: 2027-01-15, 08:00:00 UTC.
pub const MORNING: u64 = 1_800_000_000_000;
/// In the files for what is random; tests/golden/README.md tells of them.
const SESSION: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const MSG_ID: &str = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";

pub struct Stage<'a> {
    pub house: House,
    pub script: Script<'a>,
}

/// What is to be said and heard.
pub struct Script<'a> {
    album: &'a mut Album,
    /// What each connection was told to be its session.
    sessions: BTreeMap<String, String>,
}

/// A connection whose frames are those of files.
pub struct Actor {
    name: &'static str,
    raw: Raw,
}

impl<'a> Stage<'a> {
    /// A gateway with the accounts ann, bob and cat, and room 1 of an owner.
    pub async fn open(album: &'a mut Album) -> Stage<'a> {
        Stage::open_with(album, |_| ()).await
    }

    pub async fn open_with(album: &'a mut Album, change: impl FnOnce(&mut Settings)) -> Stage<'a> {
        let house = House::start(Clock::standing_at(MORNING), change).await;
        for (accid, name, ex) in
            [("owner", "Olivia", ""), ("ann", "Ann", r#"{"level":7}"#), ("bob", "Bob", ""), ("cat", "Cat", "")]
        {
            let (icon, token) = (format!("https://example.com/{accid}.png"), format!("{accid}-token"));
            let params = [("accid", accid), ("name", name), ("icon", &icon), ("ex", ex), ("token", &token)];
            house.call("user/create", &params).await;
        }
        house
            .call("chatroom/create", &[("creator", "owner"), ("name", "Town hall"), ("announcement", "Be kind")])
            .await;
        Stage { house, script: Script { album, sessions: BTreeMap::new() } }
    }

    /// Calls the server API about room 1.
    pub async fn call(&self, action: &str, params: &[(&str, &str)]) -> Value {
        self.house.call(&format!("chatroom/{action}"), &[&[("roomid", "1")], params].concat()).await
    }

    /// Sets or cancels a role, without a word to anybody.
    pub async fn assign(&self, accid: &str, opt: &str, set: bool) {
        let set = if set { "true" } else { "false" };
        self.call("setMemberRole", &[("operator", "owner"), ("target", accid), ("opt", opt), ("optvalue", set)]).await;
    }

    /// A connection that has said nothing yet.
    pub async fn connection(&self, name: &'static str) -> Actor {
        Actor { name, raw: Raw::connect(self.house.gateway.addr(), "/ws").await }
    }

    /// Somebody who has logged in, but is in no room.
    pub async fn actor(&self, name: &'static str) -> Actor {
        let mut actor = self.connection(name).await;
        actor
            .asks(json!({"op": "login", "id": 1, "appKey": "key", "accid": name, "token": format!("{name}-token")}))
            .await;
        actor
    }

    /// Somebody who has entered room 1, and has heard so.
    pub async fn actor_in_room(&self, name: &'static str) -> Actor {
        let mut actor = self.actor(name).await;
        actor.asks(json!({"op": "join", "id": 2, "roomid": "1"})).await;
        actor.overhears(301).await;
        actor
    }

    /// Ann, the owner and bob in room 1, who have heard of each other.
    pub async fn three_in_room(&self) -> [Actor; 3] {
        let mut ann = self.actor_in_room("ann").await;
        let mut owner = self.actor_in_room("owner").await;
        ann.overhears(301).await;
        let bob = self.actor_in_room("bob").await;
        for before in [&mut ann, &mut owner] {
            before.overhears(301).await;
        }
        [ann, owner, bob]
    }

    /// Says what a file of tests/golden/client has; the name of what shall answer.
    pub async fn says(&mut self, actor: &mut Actor, file: &str) -> Option<String> {
        let (text, answer) = self.script.line(actor, file);
        actor.raw.sends(TEXT, text.as_bytes()).await;
        answer
    }

    /// Hears what a file of tests/golden/server has.
    pub async fn hears(&mut self, actor: &mut Actor, file: &str) {
        let text = actor.raw.hears_text().await;
        self.script.compare(actor, &format!("server/{file}"), &text);
    }

    /// Says what a file has, and hears next the answer that it names.
    pub async fn asks(&mut self, actor: &mut Actor, file: &str) {
        let answer = self.says(actor, file).await.unwrap_or_else(|| panic!("client/{file} names no answer"));
        let text = actor.raw.hears_text().await;
        self.script.compare(actor, &answer, &text);
    }

    /// Says what a file has where another scene looks at the answer; it must be done.
    pub async fn repeats(&mut self, actor: &mut Actor, file: &str) {
        let (text, _) = self.script.line(actor, file);
        actor.asks(serde_json::from_str(&text).expect("JSON")).await;
    }

    /// Says what a file has, and hears the answer after what everybody in the room is told of it.
    pub async fn does(&mut self, actor: &mut Actor, file: &str, notice: u64) {
        let answer = self.says(actor, file).await.unwrap_or_else(|| panic!("client/{file} names no answer"));
        actor.overhears(notice).await;
        let text = actor.raw.hears_text().await;
        self.script.compare(actor, &answer, &text);
    }
}

impl Script<'_> {
    /// The text of a file, with the connection's own session; and the name of what answers it.
    fn line(&mut self, actor: &Actor, file: &str) -> (String, Option<String>) {
        let (frame, answer) = self.album.show(&format!("client/{file}"));
        let session = self.sessions.get(actor.name).map_or(SESSION, String::as_str);
        (frame.compact().replace(SESSION, session), answer)
    }

    /// Compares a frame with a file, but for what is random.
    pub fn compare(&mut self, actor: &Actor, file: &str, text: &str) {
        let frame: Value = serde_json::from_str(text).unwrap_or_else(|_| panic!("{file}: not JSON: {text}"));
        let mut text = text.to_owned();
        if let Some(session) = frame["session"].as_str() {
            text = text.replace(session, SESSION);
            self.sessions.insert(actor.name.to_owned(), session.to_owned());
        }
        if let Some(id) = frame["message"]["msgid_client"].as_str().filter(|id| is_random(id)) {
            text = text.replace(id, MSG_ID);
        }
        for (name, usual) in [("count", 12), ("reconnectAfter", 1500)] {
            if let Some(number) = frame.get(name) {
                text = text.replace(&format!("\"{name}\":{number}"), &format!("\"{name}\":{usual}"));
            }
        }
        self.album.compare(file, &text);
    }
}

/// Whether the gateway made this id: 32 hexadecimal digits.
fn is_random(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Actor {
    pub fn over(name: &'static str, raw: Raw) -> Actor {
        Actor { name, raw }
    }

    /// Asks for something that is in no file; it must be done. What comes before the answer is forgotten.
    pub async fn asks(&mut self, frame: Value) -> Value {
        self.raw.sends(TEXT, frame.to_string().as_bytes()).await;
        loop {
            let reply: Value = serde_json::from_str(&self.raw.hears_text().await).expect("JSON");
            if reply["op"] == "reply" {
                assert_eq!((&reply["id"], &reply["code"]), (&frame["id"], &json!(200)), "{reply}");
                return reply;
            }
        }
    }

    /// The next frame must be this notice; it is in a file elsewhere, or in none.
    pub async fn overhears(&mut self, id: u64) {
        let text = self.raw.hears_text().await;
        let frame: Value = serde_json::from_str(&text).expect("JSON");
        let attach: Value =
            serde_json::from_str(frame["message"]["attach"].as_str().unwrap_or("null")).unwrap_or_default();
        assert_eq!(attach["id"], id, "{} hears {text}", self.name);
    }

    /// The next frame as it comes.
    pub async fn hears_text(&mut self) -> String {
        self.raw.hears_text().await
    }

    pub async fn is_closed_with(self, code: u16) {
        self.raw.is_closed_with(code).await;
    }
}
