//! A message to be sent, written the way one says it, and what its sender gets back.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::base::{MsgId, RoomId};

use super::{BadMessage, ReceivedMessage};

/// A message to be sent. Without [`to`](Outgoing::to) it goes to the whole room.
#[derive(Debug, Clone)]
pub struct Outgoing {
    msg_id: String,
    kind: u16,
    attach: String,
    ext: Option<String>,
    to: Vec<String>,
    high: bool,
    resend: bool,
    outcomes: bool,
}

/// A message that was sent.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The message object, as its receivers get it.
    pub message: ReceivedMessage,
    /// What became of it for each listed account, in the order listed; empty unless asked for.
    pub outcomes: Vec<(String, String)>,
}

impl Outgoing {
    /// A text message with a fresh random id.
    pub fn text(attach: impl Into<String>) -> Outgoing {
        Outgoing {
            msg_id: MsgId::fresh().as_str().to_owned(),
            kind: 0,
            attach: attach.into(),
            ext: None,
            to: Vec::new(),
            high: false,
            resend: false,
            outcomes: false,
        }
    }

    /// Only to these accounts; to the whole room where there are none.
    #[must_use]
    pub fn to<S: Into<String>>(mut self, accids: impl IntoIterator<Item = S>) -> Outgoing {
        self.to.extend(accids.into_iter().map(Into::into));
        self
    }

    /// Ahead of everything that is not high.
    #[must_use]
    pub fn high(mut self) -> Outgoing {
        self.high = true;
        self
    }

    /// Again: who has this id already does not get it twice.
    #[must_use]
    pub fn resend(mut self) -> Outgoing {
        self.resend = true;
        self
    }

    /// With this id.
    #[must_use]
    pub fn id(mut self, msg_id: impl Into<String>) -> Outgoing {
        self.msg_id = msg_id.into();
        self
    }

    /// Of another type than text (0): 100 for custom, ….
    #[must_use]
    pub fn kind(mut self, kind: u16) -> Outgoing {
        self.kind = kind;
        self
    }

    /// With something of the application's own.
    #[must_use]
    pub fn ext(mut self, ext: impl Into<String>) -> Outgoing {
        self.ext = Some(ext.into());
        self
    }

    /// Asking what becomes of it for each listed account.
    #[must_use]
    pub fn outcomes(mut self) -> Outgoing {
        self.outcomes = true;
        self
    }

    /// Whether it goes to listed accounts only.
    pub fn is_directed(&self) -> bool {
        !self.to.is_empty()
    }

    /// The members of a `send` frame, which are the parameters of a call too. What is as usual is left out.
    pub(super) fn params(&self, room: RoomId) -> Map<String, Value> {
        let mut params = Map::new();
        params.insert("roomid".into(), room.to_string().into());
        params.insert("msgId".into(), self.msg_id.clone().into());
        params.insert("msgType".into(), self.kind.into());
        params.insert("attach".into(), self.attach.clone().into());
        let more = [
            ("ext", self.ext.clone().map(Value::from)),
            ("toAccids", self.is_directed().then(|| self.to.clone().into())),
            ("highPriority", self.high.then(|| true.into())),
            ("resendFlag", self.resend.then(|| 1.into())),
            ("outcomes", self.outcomes.then(|| true.into())),
        ];
        params.extend(more.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        params
    }
}

impl Sent {
    /// Reads the answer to a send, of either door.
    pub fn read(answer: &str) -> Result<Sent, BadMessage> {
        let answer: Answer<'_> = serde_json::from_str(answer).map_err(|error| BadMessage::new(&error))?;
        let message = ReceivedMessage::read(answer.desc.get())?;
        Ok(Sent { message, outcomes: answer.outcomes.unwrap_or_default().0 })
    }
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    desc: &'a RawValue,
    outcomes: Option<Outcomes>,
}

/// An object whose members keep their order: it is the order of the recipients.
#[derive(Default)]
struct Outcomes(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Outcomes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Outcomes, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Outcomes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of account and outcome")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outcomes, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Outcomes(pairs))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_said_is_sent() {
        let room = RoomId::parse("roomid", "3").unwrap();
        let plain = Value::Object(Outgoing::text("hi").id("m").params(room)).to_string();
        assert_eq!(plain, r#"{"attach":"hi","msgId":"m","msgType":0,"roomid":"3"}"#);
        let full = Outgoing::text("hi").id("m").to(["bob"]).high().resend().kind(100).ext("e").outcomes();
        assert_eq!(
            Value::Object(full.params(room)),
            serde_json::json!({
                "attach": "hi", "msgId": "m", "msgType": 100, "roomid": "3", "ext": "e",
                "toAccids": ["bob"], "highPriority": true, "resendFlag": 1, "outcomes": true,
            })
        );
    }

    #[test]
    fn outcomes_keep_the_order_of_the_recipients() {
        let sent = Sent::read(
            r#"{"code":200,"desc":{"time":"1","msgid_client":"m","attach":"","roomId":"3","fromAccount":"a","type":"0"},
                "outcomes":{"zoe":"queued","bob":"not_in_room"}}"#,
        )
        .unwrap();
        let pair = |accid: &str, outcome: &str| (accid.to_owned(), outcome.to_owned());
        assert_eq!(sent.outcomes, [pair("zoe", "queued"), pair("bob", "not_in_room")]);
    }
}
