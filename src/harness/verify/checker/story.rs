//! Histories as a test writes them: who does what, and what arrives. Everything goes well unless the test says otherwise.

use crate::harness::verify::history::{
    Answer, Bounds, CallNumber, ConnectionNumber, Entry, Fault, Frame, History, Lane, Message, Reach, Request, Room,
    Send, Setup, State, Text, What,
};

use super::{Invariant, Outcome, check};

/// Entries are a millisecond apart.
const STEP: u64 = 1000;

/// A history that grows.
pub(super) struct Story {
    pub(super) history: History,
    calls: CallNumber,
    connections: ConnectionNumber,
    /// The time that the next message is given.
    pub(super) clock: u64,
}

/// A message to a room.
pub(super) fn to_room(room: Room, msg_id: &str) -> Send {
    Send {
        room,
        msg_id: msg_id.into(),
        lane: Lane::Normal,
        kind: 0,
        content: "hello".into(),
        ext: "".into(),
        to: Vec::new(),
        resend: false,
        outcomes: false,
    }
}

/// A message to some of a room.
pub(super) fn to(room: Room, msg_id: &str, accids: &[&str]) -> Send {
    let to = accids.iter().map(|accid| Text::from(*accid)).collect();
    Send { to, outcomes: true, ..to_room(room, msg_id) }
}

/// The same, urgently.
pub(super) fn urgent(send: Send) -> Send {
    Send { lane: Lane::High, ..send }
}

/// The same, marked as sent again.
pub(super) fn again(send: Send) -> Send {
    Send { resend: true, ..send }
}

impl Story {
    pub(super) fn new() -> Story {
        let reach = Reach { process: true, folder: true, webhooks: false };
        let bounds = Bounds {
            normal_lane_bytes: 10_000,
            high_lane_bytes: 5000,
            overtaking_bytes: 4000,
            high_in_a_row: 32,
            resume_ms: 30_000,
            resend_ms: 300_000,
            memory_slack_bytes: 1_000_000,
        };
        let history = History { setup: Setup { seed: 1, reach, bounds }, entries: Vec::new() };
        Story { history, calls: 0, connections: 0, clock: 1_000_000 }
    }

    pub(super) fn note(&mut self, what: What) {
        let at = self.history.entries.len() as u64 * STEP;
        self.history.entries.push(Entry { at, what });
    }

    pub(super) fn connect(&mut self, accid: &str, receive_buffer: Option<u32>) -> ConnectionNumber {
        self.connections += 1;
        let connection = self.connections;
        self.note(What::Connecting { connection, accid: accid.into(), receive_buffer });
        self.note(What::Connected { connection });
        connection
    }

    pub(super) fn log_in(&mut self, connection: ConnectionNumber) {
        self.note(What::LoggingIn { connection, token_is_right: true, resume: None });
        self.note(What::LoggedIn { connection, session: connection, resumed: false });
    }

    /// Somebody who is connected, logged in, and in these rooms.
    pub(super) fn member(&mut self, accid: &str, rooms: &[Room]) -> ConnectionNumber {
        let connection = self.connect(accid, None);
        self.log_in(connection);
        rooms.iter().for_each(|room| self.join(connection, *room));
        connection
    }

    fn accid(&self, connection: ConnectionNumber) -> Text {
        let known = self.history.entries.iter().find_map(|entry| match &entry.what {
            What::Connecting { connection: of, accid, .. } if *of == connection => Some(accid.clone()),
            _ => None,
        });
        known.expect("it is connected")
    }

    /// A call begins at the server API.
    pub(super) fn call(&mut self, by: &str, request: Request) -> CallNumber {
        self.calls += 1;
        self.note(What::Invoked { call: self.calls, by: by.into(), connection: None, request });
        self.calls
    }

    /// A call begins on a connection.
    pub(super) fn ask(&mut self, connection: ConnectionNumber, request: Request) -> CallNumber {
        self.calls += 1;
        let by = self.accid(connection);
        self.note(What::Invoked { call: self.calls, by, connection: Some(connection), request });
        self.calls
    }

    pub(super) fn complete(&mut self, call: CallNumber, answer: Answer) {
        self.note(What::Completed { call, answer });
    }

    /// A call on a connection is answered.
    pub(super) fn reply(&mut self, connection: ConnectionNumber, call: CallNumber, answer: Answer) {
        let code = if let Answer::Refused { code, .. } = answer { code } else { 200 };
        self.arrives(connection, 50, Frame::Reply { call: Some(call), code });
        self.complete(call, answer);
    }

    pub(super) fn join(&mut self, connection: ConnectionNumber, room: Room) {
        let call = self.ask(connection, Request::Join { room });
        self.reply(connection, call, Answer::Done);
    }

    pub(super) fn leave(&mut self, connection: ConnectionNumber, room: Room) {
        let call = self.ask(connection, Request::Leave { room });
        self.reply(connection, call, Answer::Done);
    }

    pub(super) fn ping(&mut self, connection: ConnectionNumber) {
        let call = self.ask(connection, Request::Ping);
        self.reply(connection, call, Answer::Done);
    }

    /// What its sender is told of a message that is accepted now.
    pub(super) fn accepted(&mut self, by: &str, send: &Send) -> Message {
        self.clock += 1;
        Message {
            room: send.room,
            from: by.into(),
            msg_id: send.msg_id.clone(),
            time: self.clock,
            lane: send.lane,
            directed: !send.to.is_empty(),
            kind: send.kind,
            content: send.content.clone(),
            ext: send.ext.clone(),
            digest: self.clock,
        }
    }

    /// Somebody's message is sent at the server API and accepted; all recipients are there.
    pub(super) fn send(&mut self, by: &str, send: &Send) -> Message {
        let outcomes = send.to.iter().map(|accid| (accid.clone(), "queued".into())).collect();
        self.send_told(by, send, outcomes)
    }

    /// The same with the outcomes that are answered.
    pub(super) fn send_told(&mut self, by: &str, send: &Send, outcomes: Vec<(Text, Text)>) -> Message {
        let call = self.call(by, Request::Send(send.clone()));
        let message = self.accepted(by, send);
        self.complete(call, Answer::Sent { message: message.clone(), outcomes });
        message
    }

    pub(super) fn gets(&mut self, connection: ConnectionNumber, message: &Message) {
        let bytes = 200 + u32::try_from(message.content.len()).unwrap();
        self.arrives(connection, bytes, Frame::Message(message.clone()));
    }

    pub(super) fn arrives(&mut self, connection: ConnectionNumber, bytes: u32, frame: Frame) {
        self.note(What::Arrived { connection, place: 1, bytes, frame });
    }

    pub(super) fn restart(&mut self) {
        for fault in [Fault::Killing, Fault::Killed, Fault::Restarted] {
            self.note(What::Nemesis { fault });
        }
    }

    pub(super) fn read(&mut self, state: State) {
        let since = self.history.entries.len() as u64 * STEP;
        self.note(What::Phase { name: "read back".into() });
        self.note(What::Read { since, state });
    }

    /// Exactly these do not hold.
    #[track_caller]
    pub(super) fn breaks(&self, expected: &[Invariant]) {
        let broken: Vec<_> = check(&self.history)
            .into_iter()
            .filter(|verdict| matches!(verdict.outcome, Outcome::Broken { .. }))
            .collect();
        let names: Vec<Invariant> = broken.iter().map(|verdict| verdict.invariant).collect();
        assert_eq!(names, expected, "{broken:#?}");
    }

    /// How many were judged of one that holds.
    pub(super) fn judged(&self, invariant: Invariant) -> u64 {
        let verdicts = check(&self.history);
        match verdicts.iter().find(|verdict| verdict.invariant == invariant).map(|verdict| &verdict.outcome) {
            Some(Outcome::Held { judged, .. }) => *judged,
            _ => 0,
        }
    }
}
