//! What members hear of events in a room, and what they ask for in their own name.

use roomgate::base::RoomId;
use roomgate::client::{ClientError, Event, ReceivedMessage};
use serde_json::Value;

use super::{House, Member, code, openapi};

impl House {
    /// A new token of an account that was made without keeping its first.
    pub async fn token(&self, accid: &str) -> String {
        let answer = self.call("user/refreshToken", &[("accid", accid)]).await;
        answer["info"]["token"].as_str().expect("a token").to_owned()
    }

    /// Makes an account a manager of a room.
    pub async fn makes_manager(&self, room: RoomId, accid: &str) {
        let room = room.to_string();
        let params =
            [("roomid", room.as_str()), ("operator", "owner"), ("target", accid), ("opt", "1"), ("optvalue", "true")];
        self.call("chatroom/setMemberRole", &params).await;
    }
}

impl Member {
    /// Enters a room, saying more of itself than its account, and throws away what has come until now.
    pub async fn enters_with(&mut self, room: RoomId, params: Value) -> Value {
        let reply = self.request(room, "join", params).await.expect("joined");
        self.forgets_all().await;
        reply
    }

    /// The next event must be this notice, whoever it is about: the message, and its `data`.
    pub async fn hears_event(&mut self, id: u64) -> (ReceivedMessage, Value) {
        match self.event().await {
            Event::Message(message) if message.is_notice() => {
                let attach: Value = serde_json::from_str(message.attach()).expect("a notice is JSON");
                assert_eq!(attach["id"], id, "{} hears of something else: {attach}", self.accid);
                (message, attach["data"].clone())
            }
            other => panic!("{} expected notice {id}, got {other:?}", self.accid),
        }
    }

    /// Throws away what has come until now.
    pub async fn forgets_all(&mut self) {
        self.client.ping().await.expect("an answer");
        while self.client.try_next().is_some() {}
    }

    /// Asks for an action of this name about a room; it must be done, and its answer must be what the document says of the server API's.
    pub async fn asks(&mut self, room: RoomId, action: &str, params: Value) -> Value {
        let mut answer = self.request(room, action, params).await.unwrap_or_else(|error| panic!("{action}: {error}"));
        let members = answer.as_object_mut().expect("an object");
        members.remove("op");
        members.remove("id");
        openapi::check_answer(&format!("chatroom/{action}"), &answer);
        answer
    }

    /// Asks for an action about a room; it must be refused with this code.
    #[track_caller]
    pub fn is_refused<'a>(
        &'a mut self,
        room: RoomId,
        action: &'a str,
        params: Value,
        expected: u16,
    ) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let refused = self.request(room, action, params).await;
            assert_eq!(code(refused), Some(expected), "{action} ({caller})");
        }
    }

    async fn request(&mut self, room: RoomId, action: &str, mut params: Value) -> Result<Value, ClientError> {
        params["roomid"] = room.to_string().into();
        self.client.request(action, params).await
    }
}
