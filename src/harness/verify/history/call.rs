//! What is asked of the gateway, and what it answers.

use serde::{Deserialize, Serialize};

use super::{Message, Room, Text};

/// What is asked of the gateway.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "kebab-case")]
pub enum Request {
    /// Sends a message.
    Send(Send),
    /// Enters a room.
    Join {
        /// The room.
        room: Room,
    },
    /// Leaves a room.
    Leave {
        /// The room.
        room: Room,
    },
    /// Puts a member out.
    Kick {
        /// The room.
        room: Room,
        /// Whom.
        target: Text,
    },
    /// Changes how an account stands in a room.
    SetRole {
        /// The room.
        room: Room,
        /// Whose.
        target: Text,
        /// What.
        role: Role,
        /// Given, or taken away.
        given: bool,
    },
    /// Sets an element of a room's queue.
    Offer {
        /// The room.
        room: Room,
        /// Its key.
        key: Text,
        /// Its value.
        value: Text,
    },
    /// Takes an element out of a room's queue.
    Poll {
        /// The room.
        room: Room,
        /// Its key.
        key: Text,
    },
    /// Gives a room another announcement.
    UpdateRoom {
        /// The room.
        room: Room,
        /// What.
        announcement: Text,
    },
    /// Makes an account.
    CreateAccount {
        /// Its name.
        accid: Text,
    },
    /// Makes a room; its number is in the answer.
    CreateRoom {
        /// Its name.
        name: Text,
    },
    /// Asks whether anybody is there. What was queued for the session before the answer was made has arrived before it.
    Ping,
    /// Something that must be refused, whatever the gateway's state: not JSON, no such verb, sent before the login, a false signature.
    Bad {
        /// What.
        kind: Text,
    },
}

/// What is in the lane of those who are to be told first, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lane {
    /// `highPriority`.
    High,
    /// Everything else.
    Normal,
}

/// A message as it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Send {
    /// The room.
    pub room: Room,
    /// Its id.
    pub msg_id: Text,
    /// Which lane is asked for; which it went in the answer and the frames say.
    pub lane: Lane,
    /// `msgType`.
    pub kind: u16,
    /// `attach`.
    pub content: Text,
    /// `ext`; empty where there is none.
    pub ext: Text,
    /// To whom; empty for the whole room.
    pub to: Vec<Text>,
    /// `resendFlag`.
    pub resend: bool,
    /// Whether `outcomes` were asked for.
    pub outcomes: bool,
}

/// How an account may stand in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A manager.
    Manager,
    /// A common member.
    Common,
    /// May not enter; who is in is put out.
    Blocklisted,
    /// May not send.
    Muted,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum Answer {
    /// A send was accepted.
    Sent {
        /// The message as its sender was told.
        message: Message,
        /// What became of it for each recipient, where that was asked.
        outcomes: Vec<(Text, Text)>,
    },
    /// A room was made.
    Room {
        /// Its number.
        room: Room,
    },
    /// It was done.
    Done,
    /// The gateway refused, with a status code.
    Refused {
        /// The code.
        code: u16,
        /// What it said.
        desc: Text,
    },
    /// It answered with an HTTP status that is no answer of this API.
    Status {
        /// The status.
        status: u16,
    },
    /// Nobody knows whether it was done: no answer in time, or the connection broke.
    Unknown {
        /// What happened.
        why: Text,
    },
}
