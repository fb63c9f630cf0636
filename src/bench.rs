//! The door of `benches/micro`, which measures some inner things by themselves. It is no part of the library's face and promises nothing.
//! It only makes values and takes them apart: nothing behind it reaches a gateway, so no rule can be gone around.

use hyper::Request;
use hyper::http::request::Parts;

use crate::base::{Accid, Invalid, MsgId, Params, RoomId, Stamp};
use crate::model::{Body, ClientType, Lane, Message, MsgType, Sender};
use crate::wire;

pub use crate::presence::bench::{Lanes, Seats};

/// A message to be encoded.
#[derive(Debug)]
pub struct Encoder {
    sender: Sender,
    body: Body,
    room: RoomId,
}

impl Encoder {
    /// A text of a member.
    pub fn new(accid: &str, attach: &str) -> Result<Encoder, Invalid> {
        let accid = Accid::parse("accid", accid)?;
        let nick = accid.to_string();
        Ok(Encoder {
            sender: Sender { accid, nick, avator: String::new(), ext: None, client: ClientType::REST },
            body: Body {
                msg_id: MsgId::parse("msgId", "7a0f1c62-5b0e-4c8e-9a55-0d6b1f3f2c11")?,
                kind: MsgType::Text,
                attach: attach.to_owned(),
                ext: String::new(),
                sub_type: None,
                resend: None,
                callback_ext: None,
            },
            room: RoomId::parse("roomid", "1")?,
        })
    }

    /// The frame's bytes, as they are encoded once for all who receive it. Answers how many.
    pub fn encode(&self) -> usize {
        let message = Message {
            stamp: Stamp { time: 1_800_000_000_000, number: 1 },
            room: Some(self.room),
            sender: &self.sender,
            body: &self.body,
            lane: Lane::Normal,
            directed: false,
            abandoned: false,
            point: None,
        };
        wire::server::message(&message).bytes().len()
    }
}

/// A call's head, whose body is to be decoded.
#[derive(Debug)]
pub struct Form(Parts);

impl Form {
    /// As clients send it.
    pub fn new() -> Form {
        Form(Request::new(()).into_parts().0)
    }

    /// Decodes the parameters in a body.
    pub fn decode(&self, body: &[u8]) -> Result<Params, Invalid> {
        crate::rest::read_form(&self.0, body)
    }
}

impl Default for Form {
    fn default() -> Form {
        Form::new()
    }
}
