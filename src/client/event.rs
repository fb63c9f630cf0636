//! What the gateway says to a client, taken apart.

use std::borrow::Cow;
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::base::RoomId;

use super::{ClientError, ReceivedMessage};

/// Something that happened to a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A message.
    Message(ReceivedMessage),
    /// The session is out of a room.
    Kicked {
        /// The room.
        room: RoomId,
        /// Why (socket protocol, section 3).
        reason: u8,
    },
    /// Frames are missing here, because this client read too slowly.
    Lost {
        /// The lane they were in.
        lane: String,
        /// How many.
        count: u64,
    },
    /// The gateway is going away.
    Drain {
        /// When to come back.
        reconnect_after: Duration,
    },
    /// The connection is over; nothing comes after this.
    Closed {
        /// The close code; `None` where the connection broke without one.
        code: Option<u16>,
        /// What was said, or how it broke.
        reason: String,
    },
    /// A frame that is none of these, as it came: a word of a later protocol, or a reply nobody waits for.
    Other(String),
}

/// What one text frame is.
pub(super) enum Incoming {
    Event(Event),
    Reply(Reply),
}

/// The answer to a request.
pub(super) struct Reply {
    pub(super) id: u64,
    code: u16,
    desc: Option<String>,
    pub(super) text: String,
}

/// What tells frames apart. A reply may have any other member besides, of any type: only what has no answer in it is read further.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow)]
    op: Cow<'a, str>,
    id: Option<u64>,
    code: Option<u16>,
    #[serde(borrow)]
    desc: Option<&'a RawValue>,
}

/// Every member that a frame may have which is no reply; `op` says which count.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Frame<'a> {
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    roomid: Option<String>,
    reason: Option<u8>,
    lane: Option<String>,
    count: Option<u64>,
    reconnect_after: Option<u64>,
}

impl Incoming {
    pub(super) fn read(text: &str) -> Incoming {
        known(text).unwrap_or_else(|| Incoming::Event(Event::Other(text.to_owned())))
    }
}

fn known(text: &str) -> Option<Incoming> {
    let head: Head<'_> = serde_json::from_str(text).ok()?;
    if head.op == "reply" {
        let desc = head.desc.and_then(|desc| serde_json::from_str(desc.get()).ok());
        return Some(Incoming::Reply(Reply { id: head.id?, code: head.code?, desc, text: text.to_owned() }));
    }
    serde_json::from_str::<Frame<'_>>(text).ok()?.event(&head.op).map(Incoming::Event)
}

impl Frame<'_> {
    fn event(self, op: &str) -> Option<Event> {
        Some(match op {
            "message" => Event::Message(ReceivedMessage::read(self.message?.get()).ok()?),
            "kicked" => Event::Kicked { room: RoomId::parse("roomid", &self.roomid?).ok()?, reason: self.reason? },
            "lost" => Event::Lost { lane: self.lane?, count: self.count? },
            "drain" => Event::Drain { reconnect_after: Duration::from_millis(self.reconnect_after?) },
            _ => return None,
        })
    }
}

impl Reply {
    /// The reply's text, unless it is a refusal.
    pub(super) fn accepted(self) -> Result<String, ClientError> {
        match self.code {
            200 => Ok(self.text),
            code => Err(ClientError::Refused { code, desc: self.desc.unwrap_or_default() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(text: &str) -> Event {
        match Incoming::read(text) {
            Incoming::Event(event) => event,
            Incoming::Reply(reply) => panic!("a reply: {}", reply.text),
        }
    }

    #[test]
    fn the_short_frames_are_read() {
        let room = RoomId::parse("roomid", "5").unwrap();
        assert_eq!(event(r#"{"op":"kicked","roomid":"5","reason":3}"#), Event::Kicked { room, reason: 3 });
        assert_eq!(
            event(r#"{"op":"lost","lane":"normal","count":9}"#),
            Event::Lost { lane: "normal".into(), count: 9 }
        );
        let drain = Event::Drain { reconnect_after: Duration::from_millis(1500) };
        assert_eq!(event(r#"{"op":"drain","reconnectAfter":1500}"#), drain);
    }

    #[test]
    fn what_is_not_understood_is_handed_on_as_it_came() {
        for text in ["", "[]", r#"{"op":"dance"}"#, r#"{"op":"message"}"#, r#"{"op":"reply","code":414,"desc":"x"}"#] {
            assert_eq!(event(text), Event::Other(text.into()));
        }
    }

    #[test]
    fn a_reply_may_say_anything_else_besides() {
        let text =
            r#"{"op":"reply","id":7,"code":200,"desc":{"level":0},"roomid":5,"reason":"none","count":[],"lane":1}"#;
        let Incoming::Reply(reply) = Incoming::read(text) else { panic!("not a reply") };
        assert_eq!((reply.id, reply.accepted().unwrap().as_str()), (7, text));
    }

    #[test]
    fn a_refusal_keeps_its_code_and_text() {
        let Incoming::Reply(reply) =
            Incoming::read(r#"{"op":"reply","id":7,"code":404,"desc":"room 9 does not exist"}"#)
        else {
            panic!("not a reply")
        };
        assert_eq!(reply.id, 7);
        assert_eq!(reply.accepted().unwrap_err().to_string(), "404 room 9 does not exist");
    }
}
