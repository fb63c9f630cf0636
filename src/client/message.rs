//! A message as a client gets it: the object's own JSON text, and what is in it.

use std::borrow::Cow;

use serde::Deserialize;

use crate::base::{Millis, RoomId};

/// A message object that can't be read.
#[derive(Debug, thiserror::Error)]
#[error("not a message object: {0}")]
pub struct BadMessage(String);

impl BadMessage {
    pub(super) fn new(why: &dyn std::fmt::Display) -> BadMessage {
        BadMessage(why.to_string())
    }
}

/// A message of a room, or directed to this member.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceivedMessage {
    raw: String,
    from: String,
    attach: String,
    msg_id: String,
    ext: String,
    room: RoomId,
    time: Millis,
    kind: u16,
    high: bool,
    directed: bool,
}

/// Numbers are texts in this object (server API, section 2.1).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    #[serde(borrow)]
    time: Cow<'a, str>,
    #[serde(borrow)]
    room_id: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    from_account: String,
    attach: String,
    #[serde(rename = "msgid_client")]
    msg_id: String,
    #[serde(default)]
    ext: String,
    high_priority_flag: Option<u8>,
    directed_flag: Option<u8>,
}

impl ReceivedMessage {
    /// Reads a message object.
    pub fn read(raw: &str) -> Result<ReceivedMessage, BadMessage> {
        let object: Object<'_> = serde_json::from_str(raw).map_err(|error| BadMessage::new(&error))?;
        let bad = |member: &str, text: &str| BadMessage(format!("{member} is {text:?}"));
        Ok(ReceivedMessage {
            room: RoomId::parse("roomId", &object.room_id).map_err(|invalid| BadMessage::new(&invalid))?,
            time: object.time.parse().map_err(|_| bad("time", &object.time))?,
            kind: object.kind.parse().map_err(|_| bad("type", &object.kind))?,
            high: object.high_priority_flag == Some(1),
            directed: object.directed_flag == Some(1),
            from: object.from_account,
            attach: object.attach,
            msg_id: object.msg_id,
            ext: object.ext,
            raw: raw.to_owned(),
        })
    }

    /// The object as it came, byte for byte.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The sender's account.
    pub fn from(&self) -> &str {
        &self.from
    }

    /// The content, per type.
    pub fn attach(&self) -> &str {
        &self.attach
    }

    /// The sender's own id of it.
    pub fn msg_id(&self) -> &str {
        &self.msg_id
    }

    /// What the application added.
    pub fn ext(&self) -> &str {
        &self.ext
    }

    /// The room.
    pub fn room(&self) -> RoomId {
        self.room
    }

    /// When the gateway accepted it.
    pub fn time(&self) -> Millis {
        self.time
    }

    /// Its type: 0 text, 5 notification, 100 custom, …
    pub fn kind(&self) -> u16 {
        self.kind
    }

    /// Whether it is a notification: somebody entered, left, ….
    pub fn is_notice(&self) -> bool {
        self.kind == 5
    }

    /// Whether it took the high lane.
    pub fn is_high(&self) -> bool {
        self.high
    }

    /// Whether only listed members get it.
    pub fn is_directed(&self) -> bool {
        self.directed
    }
}

impl std::fmt::Debug for ReceivedMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: &str = r#"{"time":"1651894983250","fromAvator":"","msgid_client":"m1","fromClientType":"REST","attach":"a \"b\"","roomId":"12","fromAccount":"1","fromNick":"nick","type":"100","ext":"","highPriorityFlag":1}"#;

    #[test]
    fn the_documented_object_is_read_and_kept() {
        let message = ReceivedMessage::read(RAW).unwrap();
        assert_eq!((message.from(), message.attach(), message.msg_id()), ("1", "a \"b\"", "m1"));
        assert_eq!((message.time(), message.kind(), message.room().to_string()), (1_651_894_983_250, 100, "12".into()));
        assert!(message.is_high() && !message.is_directed() && !message.is_notice());
        assert_eq!(message.raw(), RAW);
    }

    #[test]
    fn a_number_where_the_protocol_says_text_is_refused() {
        assert!(ReceivedMessage::read(&RAW.replace("\"12\"", "12")).is_err());
        assert!(ReceivedMessage::read(&RAW.replace("\"12\"", "\"x\"")).is_err());
        assert!(ReceivedMessage::read("{}").is_err());
    }
}
