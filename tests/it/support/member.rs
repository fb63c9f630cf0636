//! A logged-in account as tests see it.

use roomgate::base::RoomId;
use roomgate::client::{Client, Event, Outgoing, ReceivedMessage, Sent};
use serde_json::Value;

use super::SOON;

/// One session of an account. Helpers panic at the caller's line where something else happens than expected.
pub struct Member {
    pub accid: String,
    pub token: String,
    pub client: Client,
}

impl Member {
    pub fn new(accid: &str, token: &str, client: Client) -> Member {
        Member { accid: accid.into(), token: token.into(), client }
    }

    /// Enters a room, and sees that it has.
    pub async fn enters(&mut self, room: RoomId) {
        self.client.join(room).await.expect("joined");
        let accid = self.accid.clone();
        self.hears_notice(301, &accid).await;
    }

    /// Sends; it must be accepted.
    pub async fn sends(&mut self, room: RoomId, message: Outgoing) -> Sent {
        self.client.send(room, message).await.expect("accepted")
    }

    /// The next event of any kind.
    pub async fn event(&mut self) -> Event {
        match self.client.next_within(SOON).await {
            Some(event) => event,
            None => panic!("{} hears nothing", self.accid),
        }
    }

    /// The next message that is not a notice.
    pub async fn hears(&mut self) -> ReceivedMessage {
        loop {
            match self.event().await {
                Event::Message(message) if message.is_notice() => {}
                Event::Message(message) => return message,
                other => panic!("{} expected a message, got {other:?}", self.accid),
            }
        }
    }

    /// The next message must say this.
    pub async fn hears_text(&mut self, text: &str) -> ReceivedMessage {
        let message = self.hears().await;
        assert_eq!(message.attach(), text, "{} heard something else", self.accid);
        message
    }

    /// The next event must be this notice about this account.
    pub async fn hears_notice(&mut self, id: u64, about: &str) -> Value {
        match self.event().await {
            Event::Message(message) if message.is_notice() => {
                let attach: Value = serde_json::from_str(message.attach()).expect("a notice is JSON");
                assert_eq!((attach["id"].as_u64(), &attach["data"]["target"]), (Some(id), &serde_json::json!([about])));
                attach
            }
            other => panic!("{} expected notice {id} about {about}, got {other:?}", self.accid),
        }
    }

    /// Nothing has come: whatever was queued before now arrives before the answer to this.
    pub async fn hears_nothing_but_notices(&mut self) {
        self.client.ping().await.expect("an answer");
        while let Some(event) = self.client.try_next() {
            match event {
                Event::Message(message) if message.is_notice() => {}
                other => panic!("{} should hear nothing, got {other:?}", self.accid),
            }
        }
    }

    /// The connection ends, and nothing was said about it.
    pub async fn breaks_off(&mut self) {
        loop {
            if let Event::Closed { code, reason } = self.event().await {
                assert_eq!(code, None, "{reason}");
                return;
            }
        }
    }

    /// The connection ends with this code.
    pub async fn is_closed_with(&mut self, code: u16) {
        loop {
            if let Event::Closed { code: came, reason } = self.event().await {
                assert_eq!(came, Some(code), "{reason}");
                return;
            }
        }
    }
}
