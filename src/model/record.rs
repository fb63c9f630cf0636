//! A message as a room's history keeps it (section 6.2).

use serde::Serialize;

use crate::base::{Accid, Millis, RoomId};

use super::message::Message;

/// One message of the past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Its room.
    #[serde(skip)]
    pub room: RoomId,
    /// Who sent it.
    pub from: Accid,
    /// Its sender's own id of it.
    pub msgid: String,
    /// When it was accepted.
    pub sendtime: Millis,
    /// Its type (section 8.1).
    #[serde(rename = "type")]
    pub kind: i64,
    /// What it was sent from, as a number.
    pub fromclienttype: i64,
    /// Its content, as it was sent.
    pub body: String,
    /// Free for the application.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ext: String,
    /// Its sender's nick then.
    #[serde(rename = "fromNick", skip_serializing_if = "String::is_empty")]
    pub nick: String,
    /// Its sender's picture then.
    #[serde(rename = "fromAvator", skip_serializing_if = "String::is_empty")]
    pub avator: String,
    /// The tags it was for, where it was not for all.
    #[serde(skip)]
    pub target: Option<String>,
    /// Tells messages of one moment apart, in the order in which they were told.
    #[serde(skip)]
    pub number: i64,
}

impl Record {
    /// What is kept of a message that was for those with `target`, or for all, and was told as this number.
    pub fn of(message: &Message<'_>, room: RoomId, target: Option<String>, number: i64) -> Record {
        Record {
            room,
            from: message.sender.accid.clone(),
            msgid: message.body.msg_id.to_string(),
            sendtime: message.time,
            kind: message.body.kind.number(),
            fromclienttype: message.sender.client.number(),
            body: message.body.attach.clone(),
            ext: message.body.ext.clone(),
            nick: message.sender.nick.clone(),
            avator: message.sender.avator.clone(),
            target,
            number,
        }
    }
}
