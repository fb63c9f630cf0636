//! What is seen and done besides talking: webhooks, what is read back, faults, memory.

use serde::{Deserialize, Serialize};

use super::{ConnectionNumber, Role, Room, Text};

/// A request at our webhook receiver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Webhook {
    /// `X-Roomgate-Event-Id` or as the gateway calls it; empty where it has none.
    pub id: Text,
    /// The body, as it came.
    pub body: Text,
    /// Whether its signature is right.
    pub signed: bool,
    /// The HTTP status that we answered; `None` where we hung up instead.
    pub answered: Option<u16>,
    /// What its body tells of, where it is a message of a member or of the server API.
    pub message: Option<WebhookMessage>,
}

/// A message that a webhook tells of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WebhookMessage {
    /// The room.
    pub room: Room,
    /// Its sender.
    pub from: Text,
    /// Its id.
    pub msg_id: Text,
    /// Its content.
    pub content: Text,
    /// To whom, where it was directed.
    pub to: Vec<Text>,
}

/// Something that was read back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "kebab-case")]
pub enum State {
    /// Whether an account is there.
    Account {
        /// Which.
        accid: Text,
        /// Whether it is.
        exists: bool,
    },
    /// A room.
    Room {
        /// Which.
        room: Room,
        /// Its announcement, empty where it has none; `None` where there is no such room.
        announcement: Option<Text>,
    },
    /// Who stands how in a room; all of them.
    Roles {
        /// The room.
        room: Room,
        /// Account and role, one pair for each role of an account.
        roles: Vec<(Text, Role)>,
    },
    /// The whole queue of a room, in order.
    Queue {
        /// The room.
        room: Room,
        /// Key and value.
        elements: Vec<(Text, Text)>,
    },
    /// The whole history of a room, without notifications, the oldest first.
    Past {
        /// The room.
        room: Room,
        /// Its messages.
        messages: Vec<Kept>,
    },
}

/// A message in a room's history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Its sender.
    pub from: Text,
    /// Its id.
    pub msg_id: Text,
    /// Its time, milliseconds.
    pub time: u64,
    /// Its content.
    pub content: Text,
}

/// What is done to the gateway or to what it depends on. What has a beginning and an end is two entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
pub enum Fault {
    /// It is about to be killed (`kill -9`).
    Killing,
    /// It is dead. All connections and sessions are over.
    Killed,
    /// It listens again, on the same state.
    Restarted,
    /// Its database is about to be held by somebody else.
    DatabaseHeld,
    /// The database is free again.
    DatabaseFreed,
    /// The webhook receiver answers so from now on.
    Receiver {
        /// How.
        mood: Mood,
    },
    /// The bytes of one connection are split and delayed on their way.
    Split {
        /// Which.
        connection: ConnectionNumber,
    },
}

/// How our webhook receiver answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mood {
    /// 200.
    Well,
    /// It hangs up without an answer.
    Refusing,
    /// 500.
    Failing,
    /// 200, but late.
    Slow,
}

/// When memory is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "moment", rename_all = "kebab-case")]
pub enum Moment {
    /// Before the load.
    Base,
    /// Under load.
    Load,
    /// After the load has gone.
    After,
    /// After one of several equal rounds of connecting and disconnecting, everybody gone again.
    Round {
        /// Which, from 0.
        round: u32,
        /// Connections in a round.
        connections: u32,
    },
}
