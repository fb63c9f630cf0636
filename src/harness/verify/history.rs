//! What happened in a run, in the order in which it was seen: all that the checker knows. Nothing here judges.
//!
//! One recorder puts the entries in, under one lock, and reads the clock there, so times never go back from one entry to the next. What is
//! begun is recorded before its first byte goes out, and what has ended after its last byte has come in: where an entry stands before
//! another, it was so in the world too. What lies between the two entries of a call may have happened at any moment between them.

use std::io::{self, BufRead, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

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

/// What is needed to go on with a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// The session.
    pub session: SessionNumber,
    /// How many of its frames have come.
    pub received: u64,
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Text {
        Text::from(text)
    }

    fn message() -> Message {
        Message {
            room: 3,
            from: text("ann"),
            msg_id: text("m"),
            time: 7,
            lane: Lane::High,
            directed: true,
            kind: 100,
            content: text("a \"b\""),
            ext: text(""),
            digest: u64::MAX,
        }
    }

    /// One of each that has members which could be mistaken for another's.
    fn entries() -> Vec<What> {
        let send = Send {
            room: 3,
            msg_id: text("m"),
            lane: Lane::Normal,
            kind: 0,
            content: text("x"),
            ext: text(""),
            to: vec![text("bob")],
            resend: true,
            outcomes: true,
        };
        let invoked = |request| What::Invoked { call: 1, by: text("ann"), connection: Some(2), request };
        let arrived = |frame| What::Arrived { connection: 2, place: 1, bytes: 9, frame };
        let outcomes = vec![(text("bob"), text("queued"))];
        let webhook = Webhook { id: text("1"), body: text("{}"), signed: true, answered: None, message: None };
        vec![
            invoked(Request::Send(send)),
            invoked(Request::Bad { kind: text("dance") }),
            invoked(Request::SetRole { room: 3, target: text("bob"), role: Role::Muted, given: true }),
            What::Completed { call: 1, answer: Answer::Sent { message: message(), outcomes } },
            What::Completed { call: 2, answer: Answer::Refused { code: 403, desc: text("no") } },
            What::LoggingIn { connection: 2, token_is_right: true, resume: Some(Left { session: 1, received: 4 }) },
            What::Reading { connection: 2, pace: Pace::Slow { bytes_per_second: 5 } },
            arrived(Frame::Message(message())),
            arrived(Frame::Lost { lane: text("normal"), count: 4 }),
            arrived(Frame::Reply { call: Some(3), code: 200 }),
            arrived(Frame::Other { text: text("?") }),
            What::Webhook(webhook),
            What::Read { since: 1, state: State::Room { room: 3, announcement: None } },
            What::Read { since: 1, state: State::Roles { room: 3, roles: vec![(text("bob"), Role::Manager)] } },
            What::Nemesis { fault: Fault::Receiver { mood: Mood::Slow } },
            What::Memory { bytes: 5, moment: Moment::Round { round: 1, connections: 2 } },
        ]
    }

    #[test]
    fn a_history_is_read_as_it_was_written() {
        let setup = Setup {
            seed: u64::MAX,
            reach: Reach { process: true, folder: true, webhooks: false },
            bounds: Bounds::usual(),
        };
        let entries = (0..).zip(entries()).map(|(at, what)| Entry { at, what }).collect();
        let history = History { setup, entries };
        let mut file = Vec::new();
        history.write(&mut file).unwrap();
        assert_eq!(History::read(&*file).unwrap(), history);
        assert!(History::read(&b""[..]).unwrap_err().to_string().contains("begins with its setup"));
    }
}
