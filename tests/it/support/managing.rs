//! What tests say about rooms that are managed: at which door, by whom, and what the members hear of it.

use std::path::Path;
use std::time::Duration;

use roomgate::base::{Clock, RoomId};
use roomgate::client::{Event, Outgoing};
use serde_json::{Map, Value, json};

use super::{House, Member, SOON, openapi};

/// Where somebody asks for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The application server, in its name.
    Rest,
    /// It does, on its socket.
    Socket,
}

impl House {
    /// A gateway on a still clock that misses no silent member, however far the clock is turned.
    pub async fn with_patient_clock() -> House {
        House::with_patience(|_| ()).await
    }

    /// The same with its data in `folder`, on a clock that may have told another gateway the time.
    pub async fn in_folder(folder: &Path, clock: &Clock) -> House {
        let folder = folder.to_owned();
        House::start(clock.clone(), |settings| {
            settings.data = Some(folder);
            settings.socket.ping_interval = Duration::from_secs(1_000_000_000);
        })
        .await
    }

    /// The clock goes on by so many milliseconds.
    pub fn turn(&self, millis: u64) {
        self.clock.advance(Duration::from_millis(millis));
    }

    /// The creator of every [`room`](House::room), logged in.
    pub async fn owner(&self) -> Member {
        let token = self.call("user/refreshToken", &[("accid", "owner")]).await;
        self.log_in("owner", token["info"]["token"].as_str().expect("a token")).await
    }

    /// A room with these parameters besides the owner and a name; its object.
    pub async fn room_with(&self, params: &[(&str, &str)]) -> (RoomId, Value) {
        // Makes the owner, where there is none yet.
        let _ = self.api.create_user("owner", "The owner").await;
        let all = [&[("creator", "owner"), ("name", "a room")], params].concat();
        let room = self.call("chatroom/create", &all).await["chatroom"].take();
        (RoomId::parse("roomid", &room["roomid"].to_string()).expect("a room id"), room)
    }

    /// The owner sets a role (`opt` 1, 2, -1 or -2) or cancels it; what the account is then.
    pub async fn assigns(&self, room: RoomId, target: &str, opt: i64, set: bool) -> String {
        let (room, opt, set) = (room.to_string(), opt.to_string(), set.to_string());
        let params = [("roomid", &*room), ("operator", "owner"), ("target", target), ("opt", &opt), ("optvalue", &set)];
        let answer = self.call("chatroom/setMemberRole", &params).await;
        answer["desc"]["type"].as_str().expect("a role").to_owned()
    }

    /// The owner mutes an account for so many seconds, or lifts that with 0; the seconds it is answered.
    pub async fn mutes(&self, room: RoomId, target: &str, seconds: u64) -> u64 {
        let (room, seconds) = (room.to_string(), seconds.to_string());
        let params = [("roomid", &*room), ("operator", "owner"), ("target", target), ("muteDuration", &seconds)];
        let answer = self.call("chatroom/temporaryMute", &params).await;
        answer["desc"]["muteDuration"].as_u64().expect("a number")
    }

    /// The room as it is now.
    pub async fn look_at(&self, room: RoomId) -> Value {
        let params = [("roomid", &*room.to_string()), ("needOnlineUserCount", "true")];
        self.call("chatroom/get", &params).await["chatroom"].take()
    }

    /// The room is found closed, soon.
    pub async fn sees_closed(&self, room: RoomId) {
        let deadline = tokio::time::Instant::now() + SOON;
        while self.look_at(room).await["valid"] != false {
            assert!(tokio::time::Instant::now() < deadline, "room {room} stays open");
        }
    }

    /// Has somebody do something with a room at that door; `operator` is the parameter that says who, where the application server asks.
    /// Answers the code.
    pub async fn has(&self, door: Door, who: &mut Member, verb: &str, operator: &'static str, params: &Value) -> u16 {
        if door == Door::Socket {
            return who
                .client
                .request(verb, params.clone())
                .await
                .err()
                .map_or(200, |error| error.code().expect("a code"));
        }
        let mut form: Vec<(&str, String)> = vec![(operator, who.accid.clone())];
        let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        form.extend(params.as_object().expect("an object").iter().map(|(name, value)| (name.as_str(), plain(value))));
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let path = format!("chatroom/{verb}");
        openapi::check_params(&path, &form);
        self.api.call(&path, &form).await.err().map_or(200, |error| error.code().expect("a code"))
    }
}

impl Member {
    /// Asks for an action in a room, which must be refused; the code and the text.
    pub async fn refusal_of(&mut self, room: RoomId, verb: &str, params: Value) -> (u16, String) {
        let refusal = self.client.request(verb, in_room(room, params)).await.expect_err("refused");
        (refusal.code().unwrap_or_else(|| panic!("{refusal}")), refusal.to_string())
    }

    /// Says something in a room; it must be accepted.
    pub async fn speaks(&mut self, room: RoomId) {
        self.sends(room, Outgoing::text("hello")).await;
    }

    /// Says something in a room; it must be refused with this code, and with this in its text.
    #[track_caller]
    pub fn may_not_speak(&mut self, room: RoomId, code: u16, text: &str) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let sent = self.client.send(room, Outgoing::text("hello")).await;
            let refusal =
                sent.map_or_else(|error| (error.code(), error.to_string()), |sent| (None, format!("{sent:?}")));
            assert!(refusal.0 == Some(code) && refusal.1.contains(text), "{refusal:?}, at {caller}");
        }
    }

    /// The next event must be this notice about the room itself.
    pub async fn hears_of_room(&mut self, id: u64) -> Value {
        match self.event().await {
            Event::Message(message) if message.is_notice() => {
                let attach: Value = serde_json::from_str(message.attach()).expect("a notice is JSON");
                assert_eq!((&attach["id"], &attach["data"]["target"]), (&json!(id), &json!([])));
                attach
            }
            other => panic!("{} expected notice {id}, got {other:?}", self.accid),
        }
    }

    /// The next event must be that it is out of the room; what whoever put it out had to say.
    pub async fn is_out(&mut self, room: RoomId, reason: u8) -> Option<String> {
        match self.event().await {
            Event::Kicked { room: came, reason: why, notify_ext } => {
                assert_eq!((came, why), (room, reason), "{}", self.accid);
                notify_ext
            }
            other => panic!("{} expected to be put out of {room}, got {other:?}", self.accid),
        }
    }

    /// Everything that has come by now: what was queued before arrives before the answer to this.
    pub async fn has_heard(&mut self) -> Vec<Event> {
        self.client.ping().await.expect("an answer");
        std::iter::from_fn(|| self.client.try_next()).collect()
    }

    /// Nothing at all has come.
    pub async fn hears_nothing(&mut self) {
        assert_eq!(self.has_heard().await, [], "{} should hear nothing", self.accid);
    }
}

fn in_room(room: RoomId, params: Value) -> Value {
    let mut all = Map::from_iter([("roomid".to_owned(), json!(room.to_string()))]);
    if let Value::Object(params) = params {
        all.extend(params);
    }
    Value::Object(all)
}
