//! One session's way out: its socket and what waits for it. Owned by one writer, so nothing here is locked.

mod writing;

use std::net::Shutdown;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Instant;

#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::base::{LaneBounds, limits};
use crate::wire::CloseCode;

use super::lane::Push;
use super::link::{Away, Line};
use super::missed::Missed;
use super::pace::Pace;
use super::pending::Pending;
use super::sent::Sent;
use super::writer::tape::Taped;
use super::{Amount, Fate, Frame, Link, MessageKey, Waiting};

/// An outlet is small while its member keeps up.
pub(super) struct Outlet {
    pub(super) line: Line,
    pending: Pending,
    /// It gets what is on a tape, and nothing else waits for it.
    pub(super) taped: Option<Taped>,
    sent: Sent,
    /// It exists only where somebody wants the session slower than it reads.
    pace: Option<Box<Pace>>,
    /// It exists only where something was dropped lately.
    missed: Option<Box<Missed>>,
    state: State,
    /// It is in its writer's list of outlets to write.
    pub(super) touched: bool,
    /// Since when its socket has taken nothing; `None` while it takes what it gets.
    pub(super) blocked_since: Option<Instant>,
    /// It is in its writer's list of blocked outlets.
    pub(super) watched: bool,
    /// It is in its writer's list of outlets that may be written later.
    pub(super) paced: bool,
    /// It is in its writer's list of outlets that keep what they sent.
    pub(super) retains: bool,
}

/// What one session's outlet may keep.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) lanes: LaneBounds,
    /// Bytes kept for a session that may come back; 0 where none may.
    pub(super) resume_bytes: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// The connection is gone; the lanes still fill, for as long as the session may come back.
    Cut,
    /// Nothing more is taken; when all is written, the socket is shut for writing.
    Closing,
    /// Shut, or broken.
    Shut,
}

/// What a flush ended in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Flushed {
    /// Nothing waits any more.
    Empty,
    /// The socket takes no more for now.
    Blocked,
    /// The session's pace allows no more before that.
    Paced(Instant),
    /// The connection is held still.
    Frozen,
    /// The socket is of no use any more.
    Shut,
}

/// What pushing a frame did.
pub(super) struct Pushed {
    pub(super) fate: Fate,
    /// Normal frames dropped to make room.
    pub(super) dropped: u64,
}

impl Outlet {
    pub(super) fn new(link: Arc<Link>) -> Outlet {
        Outlet {
            line: Line::Here(link),
            pending: Pending::Nothing,
            taped: None,
            sent: Sent::default(),
            pace: None,
            missed: None,
            state: State::Open,
            touched: false,
            blocked_since: None,
            watched: false,
            paced: false,
            retains: false,
        }
    }

    /// Bytes that wait.
    pub(super) fn bytes(&self) -> usize {
        self.pending.bytes()
    }

    /// Bytes that wait for a socket that is there.
    pub(super) fn backlog(&self) -> usize {
        if self.state == State::Cut { 0 } else { self.bytes() }
    }

    /// What waits for it, and what it keeps.
    pub(super) fn waiting(&mut self, now: Instant) -> Waiting {
        self.hear(|| now);
        let (bytes, frames) = self.sent.retained();
        let pace = self.pace.as_ref().map(|pace| pace.bytes_per_second());
        let waiting = self.pending.waiting();
        let frozen = matches!(&self.line, Line::Here(link) if link.is_frozen());
        Waiting { retained: Amount { frames, bytes }, pace, frozen, ..waiting }
    }

    /// From now on it is written this fast, or as fast as its session reads; it waits in no list any more.
    pub(super) fn set_pace(&mut self, bytes_per_second: Option<NonZeroU64>, now: Instant) {
        self.pace = bytes_per_second.map(|rate| Box::new(Pace::new(rate, now)));
        self.paced = false;
    }

    /// Holds its connection still, or lets it go on; false where there is none. The session has its next connection as usual.
    pub(super) fn freeze(&mut self, frozen: bool) -> bool {
        let Line::Here(link) = &self.line else { return false };
        link.freeze(frozen);
        if !frozen {
            // The socket is tried at once.
            self.blocked_since = None;
        }
        true
    }

    /// Puts a frame into its lane.
    pub(super) fn push(&mut self, frame: &Arc<Frame>, bounds: &Bounds, now: Instant) -> Pushed {
        match self.state {
            State::Open => {}
            State::Cut => return self.push_beyond(frame, bounds),
            State::Closing | State::Shut => return Pushed { fate: Fate::Gone, dropped: 0 },
        }
        if self.pending.take_alone(frame) {
            return Pushed { fate: Fate::Queued, dropped: 0 };
        }
        let (queue, missed) = (self.pending.queued(), &mut self.missed);
        match queue.push(frame, &bounds.lanes, |key| missed.get_or_insert_default().note(key, now)) {
            Push::Queued => Pushed { fate: Fate::Queued, dropped: 0 },
            Push::Dropped(dropped) => Pushed { fate: Fate::Queued, dropped },
            Push::Full => {
                self.give_up(CloseCode::TooSlow);
                Pushed { fate: Fate::Slow, dropped: 0 }
            }
        }
    }

    /// Keeps a frame for a session that is away. What does not fit ends the session: it could not come back without a loss.
    fn push_beyond(&mut self, frame: &Arc<Frame>, bounds: &Bounds) -> Pushed {
        #[cfg(feature = "wrong-gateways")]
        if frame.key.is_some() && Wrong::LoseAfterResume.once_in(3) {
            return Pushed { fate: Fate::Queued, dropped: 0 };
        }
        let (bytes, frames) = self.sent.retained();
        let queue = self.pending.queued();
        let fits = bytes + queue.bytes() + frame.bytes().len() <= bounds.resume_bytes
            && frames + queue.frames() < limits::RETAINED_FRAMES;
        if fits {
            queue.push_beyond(frame);
            return Pushed { fate: Fate::Queued, dropped: 0 };
        }
        (self.pending, self.sent) = (Pending::Nothing, Sent::default());
        self.state = State::Shut;
        self.line.end(CloseCode::TooSlow);
        Pushed { fate: Fate::Slow, dropped: 0 }
    }

    /// Whether its lane has no room for a frame although the socket was not offered yet what waits there.
    pub(super) fn is_full_unoffered(&mut self, frame: &Frame, bounds: &LaneBounds) -> bool {
        self.touched && self.blocked_since.is_none() && !self.pending.has_room(frame, bounds)
    }

    /// The session is logged in: the frames from here on are counted.
    pub(super) fn count(&mut self) {
        self.sent.begin(self.pending.frames());
    }

    /// Lets go of what the client says that it has.
    fn hear(&mut self, now: impl FnOnce() -> Instant) {
        if let Line::Here(link) = &self.line {
            self.sent.hear(link.received(), now);
        }
    }

    /// Whether something that was sent is kept until the client has it.
    pub(super) fn owes_word(&self) -> bool {
        self.sent.retained().1 > 0
    }

    /// Keeps nothing of what was sent if the client says too rarely what it has. Whether something is kept.
    pub(super) fn forget_overdue(&mut self, now: Instant) -> bool {
        self.hear(|| now);
        self.state == State::Cut || self.sent.forget_overdue(now)
    }

    /// The connection is over and the session is kept. `last` is a close frame, if there is somebody to read it. False where the session
    /// can't be kept, since something is lost to it already.
    pub(super) fn part(&mut self, away: Arc<Away>, last: &[u8], now: Instant) -> bool {
        if !matches!(self.state, State::Open | State::Cut) || !self.sent.counts() {
            return false;
        }
        if let (State::Open, Line::Here(link)) = (self.state, &self.line)
            && !self.pending.is_midway()
        {
            // Whether that arrives matters to nobody.
            let _ = if link.is_frozen() { Ok(0) } else { link.socket.try_write(last) };
        }
        self.cut(|| now);
        self.line = Line::Away(away);
        true
    }

    /// Makes ready what a session that has so many frames has still to get; false where that is not all there.
    pub(super) fn take_back(&mut self, received: u64) -> bool {
        if self.state != State::Cut {
            return false;
        }
        let Some(frames) = self.sent.take_back(received) else { return false };
        self.pending.queued().put_back(frames.into_iter());
        true
    }

    /// Goes on over another connection, where `first` comes before all else. False where the session has ended meanwhile.
    pub(super) fn attach(&mut self, link: Arc<Link>, first: Arc<Frame>) -> bool {
        let attached = self.state == State::Cut;
        if attached {
            self.pending.queued().begin_with(first);
            self.line = Line::Here(link);
            self.state = State::Open;
        }
        attached
    }

    /// Gives the connection away, with what still waits for it.
    pub(super) fn detach(self) -> Vec<u8> {
        self.pending.into_bytes()
    }

    /// Whether this session's lane dropped the message, or may have; asking forgets it.
    pub(super) fn take_missed(&mut self, key: MessageKey, now: Instant) -> bool {
        self.missed.take_if(|missed| missed.is_over(now));
        self.missed.as_mut().is_some_and(|missed| missed.take(key))
    }

    /// Queues a control frame ahead of both lanes.
    pub(super) fn control(&mut self, frame: &[u8]) {
        if self.state == State::Open && !self.pending.queued().push_control(frame) {
            self.give_up(CloseCode::Flooding);
        }
    }

    /// Ends it: with `flush` after all that waits, else at once.
    pub(super) fn close(&mut self, frame: Vec<u8>, flush: bool) {
        if self.state == State::Shut {
            return;
        }
        let queue = self.pending.queued();
        if !flush {
            queue.clear();
        }
        queue.close(frame);
        self.state = State::Closing;
    }

    /// Stops taking frames and asks the session to close with `code`.
    pub(super) fn give_up(&mut self, code: CloseCode) {
        if self.state == State::Shut {
            return;
        }
        if let Some(queue) = self.pending.queue() {
            queue.clear();
        }
        self.state = State::Closing;
        self.line.end(code);
    }

    /// Lets go of the socket. Whoever still waits for it to take bytes is woken by this, and lets go too.
    pub(super) fn hang_up(&self) {
        self.shut(Shutdown::Both);
    }

    fn shut(&self, how: Shutdown) {
        if let Line::Here(link) = &self.line {
            let _ = socket2::SockRef::from(&link.socket).shutdown(how);
        }
    }

    fn broke(&mut self, now: impl FnOnce() -> Instant) -> Flushed {
        if let Line::Here(link) = &self.line {
            link.broke();
        }
        if self.state == State::Open && self.sent.counts() {
            // Its session may come back.
            self.cut(now);
        } else {
            self.pending = Pending::Nothing;
            self.state = State::Shut;
        }
        Flushed::Shut
    }

    fn cut(&mut self, now: impl FnOnce() -> Instant) {
        self.hear(now);
        self.shut(Shutdown::Write);
        if let Some(queue) = self.pending.queue() {
            queue.disconnect();
        }
        self.blocked_since = None;
        self.state = State::Cut;
    }
}
