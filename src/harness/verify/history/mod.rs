//! What happened in a run, in the order in which it was seen: all that the checker knows. Nothing here judges.
//!
//! One recorder puts the entries in, under one lock, and reads the clock there, so times never go back from one entry to the next. What is
//! begun is recorded before its first byte goes out, and what has ended after its last byte has come in: where an entry stands before
//! another, it was so in the world too. What lies between the two entries of a call may have happened at any moment between them.

mod call;
mod frame;
mod outside;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use call::{Answer, Lane, Request, Role, Send};
pub use frame::{Ending, Frame, Left, Message, Pace};
pub use outside::{Fault, Kept, Moment, Mood, State, Webhook, WebhookMessage};

/// An account, a message id, a content: texts that occur often.
pub type Text = Arc<str>;
/// Microseconds since the run began.
pub type Micros = u64;
/// The gateway's number of a room.
pub type Room = u64;
/// A number that the run gave to a connection. No number is given twice.
pub type ConnectionNumber = u32;
/// A number that the run gave to a session; a connection that resumes one has its number.
pub type SessionNumber = u32;
/// A number that the run gave to a call.
pub type CallNumber = u64;

/// A whole run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// What is known before it begins.
    pub setup: Setup,
    /// What happened.
    pub entries: Vec<Entry>,
}

/// What a run is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Setup {
    /// The plan's seed.
    pub seed: u64,
    /// What can be done to the gateway besides talking to it.
    pub reach: Reach,
    /// The bounds that it keeps to.
    pub bounds: Bounds,
}

/// What of the gateway is in the run's hands. What isn't can't be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// It is a process of ours: its memory, its log and its end are seen, and it can be killed.
    pub process: bool,
    /// Its state is in a folder, so it outlives the process.
    pub folder: bool,
    /// Its webhooks come to us.
    pub webhooks: bool,
}

/// Bounds that are published, or settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Of a session's normal lane; one frame more than this and the oldest goes.
    pub normal_lane_bytes: u64,
    /// Of a session's high lane; beyond it the session is closed with 4101.
    pub high_lane_bytes: u64,
    /// What may wait ahead of an urgent frame without the client's own receive buffer: twice the send buffer, and one write.
    pub overtaking_bytes: u64,
    /// Urgent frames in a row while a normal one waits.
    pub high_in_a_row: u32,
    /// How long a session is kept for a resume, milliseconds.
    pub resume_ms: u64,
    /// How long a message id is known for one that is sent again, milliseconds.
    pub resend_ms: u64,
    /// What may be left above the memory of an idle gateway after the load has gone, bytes.
    pub memory_slack_bytes: u64,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was recorded.
    pub at: Micros,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What an entry tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum What {
    /// A part of the plan begins.
    Phase {
        /// Its name.
        name: Text,
    },
    /// A call goes out.
    Invoked {
        /// Its number.
        call: CallNumber,
        /// Whose it is: the sender, the operator, or the member that joins.
        by: Text,
        /// Where it goes in; `None` for the server API.
        connection: Option<ConnectionNumber>,
        /// What is asked.
        request: Request,
    },
    /// What a call came to. A call without this entry was never answered: its outcome is unknown.
    Completed {
        /// Its number.
        call: CallNumber,
        /// What was answered.
        answer: Answer,
    },
    /// A connection is about to be opened.
    Connecting {
        /// Its number.
        connection: ConnectionNumber,
        /// Who will log in.
        accid: Text,
        /// Its `SO_RCVBUF` as the kernel counts it, where it was set before connecting; only such a connection bounds what may be overtaken.
        receive_buffer: Option<u32>,
    },
    /// It was opened; nobody has logged in on it yet.
    Connected {
        /// Its number.
        connection: ConnectionNumber,
    },
    /// A login is about to be sent. One with the wrong token is meant to be refused.
    LoggingIn {
        /// On which connection.
        connection: ConnectionNumber,
        /// Whether the token is the account's.
        token_is_right: bool,
        /// The session that is to go on, and how many of its frames have come.
        resume: Option<Left>,
    },
    /// A login was accepted.
    LoggedIn {
        /// On which connection.
        connection: ConnectionNumber,
        /// The session, a new number unless it was resumed.
        session: SessionNumber,
        /// Whether it is the one that was asked for.
        resumed: bool,
    },
    /// A login was refused.
    LoginRefused {
        /// On which connection.
        connection: ConnectionNumber,
        /// With which code.
        code: u16,
    },
    /// A connection is about to be ended from our side, or made useless.
    Ending {
        /// Its number.
        connection: ConnectionNumber,
        /// How.
        how: Ending,
    },
    /// A connection is over: nothing more of it is read. Frames that were on their way to it are gone, unless the session is resumed.
    Ended {
        /// Its number.
        connection: ConnectionNumber,
        /// The gateway's close code, if one came.
        code: Option<u16>,
    },
    /// How a member reads from now on.
    Reading {
        /// Its connection.
        connection: ConnectionNumber,
        /// How.
        pace: Pace,
    },
    /// A frame was read.
    Arrived {
        /// On which connection.
        connection: ConnectionNumber,
        /// Which frame of its session this is, counted as for `received`; 0 where it is not counted (a login's reply that resumes, before login).
        place: u64,
        /// Its bytes on the wire, head included.
        bytes: u32,
        /// What it says.
        frame: Frame,
    },
    /// A request came in at our webhook receiver.
    Webhook(Webhook),
    /// What is true of the gateway when everything is quiet, read between `since` and this entry.
    Read {
        /// When the reading began.
        since: Micros,
        /// What was read.
        state: State,
    },
    /// Something is done to the gateway, its database, its network or our receiver, or has been done.
    Nemesis {
        /// What.
        fault: Fault,
    },
    /// How much memory the process has.
    Memory {
        /// Resident bytes.
        bytes: u64,
        /// In which moment of the plan.
        moment: Moment,
    },
    /// The process ended though nobody ended it.
    Died {
        /// Its last words, or how it ended.
        why: Text,
    },
    /// A line of its log that tells of a panic.
    Panicked {
        /// The line.
        line: Text,
    },
}

impl History {
    /// Writes it as JSON lines: the setup, then an entry a line.
    pub fn write(&self, mut to: impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut to, &self.setup)?;
        for entry in &self.entries {
            to.write_all(b"\n")?;
            serde_json::to_writer(&mut to, entry)?;
        }
        to.write_all(b"\n")?;
        to.flush()
    }

    /// Reads what [`write`](History::write) wrote.
    pub fn read(from: impl BufRead) -> io::Result<History> {
        let mut lines = from.lines();
        let empty = || io::Error::new(io::ErrorKind::UnexpectedEof, "a history begins with its setup, got nothing");
        let setup = serde_json::from_str(&lines.next().ok_or_else(empty)??)?;
        let entries = lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect::<io::Result<_>>()?;
        Ok(History { setup, entries })
    }
}
