//! What a connection brings, and how it is treated.

use serde::{Deserialize, Serialize};

use super::{CallNumber, Lane, Room, SessionNumber, Text};

/// What is needed to go on with a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// The session.
    pub session: SessionNumber,
    /// How many of its frames have come.
    pub received: u64,
}

/// How we end a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// A close frame with code 1000: the session is over.
    Goodbye,
    /// A close frame with code 4900: the session is kept.
    Away,
    /// A reset: the session is kept.
    Cut,
    /// The network goes silent in both directions; nobody is told.
    HalfOpen,
}

/// How fast a member reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "pace", rename_all = "kebab-case")]
pub enum Pace {
    /// As fast as it comes.
    Free,
    /// So many bytes a second.
    Slow {
        /// How many.
        bytes_per_second: u32,
    },
    /// Not at all.
    Stopped,
}

/// What a frame of the gateway's says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "says", rename_all = "kebab-case")]
pub enum Frame {
    /// A message, or a notification (type 5).
    Message(Message),
    /// The session is out of a room.
    Kicked {
        /// The room.
        room: Room,
        /// Why.
        reason: u8,
    },
    /// Frames are missing here.
    Lost {
        /// Of which lane.
        lane: Text,
        /// How many.
        count: u64,
    },
    /// The answer to a call. What it says is in the call's `Completed`, which follows at once.
    Reply {
        /// Which; `None` where it answers none that is known, such as a login or what had no id.
        call: Option<CallNumber>,
        /// Its code.
        code: u16,
    },
    /// The gateway is going away.
    Drain,
    /// None of these: its text, or the beginning of it.
    Other {
        /// The text.
        text: Text,
    },
}

/// A message object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The room.
    pub room: Room,
    /// `fromAccount`.
    pub from: Text,
    /// `msgid_client`.
    pub msg_id: Text,
    /// `time`, milliseconds.
    pub time: u64,
    /// By `highPriorityFlag`.
    pub lane: Lane,
    /// By `directedFlag`.
    pub directed: bool,
    /// `type`; 5 is a notification.
    pub kind: u16,
    /// `attach`.
    pub content: Text,
    /// `ext`.
    pub ext: Text,
    /// A hash of the object's bytes: what a receiver gets is, byte for byte, what the sender was told. Of the sending that it was handed over by.
    pub digest: u64,
}
