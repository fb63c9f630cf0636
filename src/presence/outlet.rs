//! One session's way out: its socket and what waits for it. Owned by one writer, so nothing here is locked.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Instant;

use crate::base::LaneBounds;
use crate::wire::CloseCode;

use super::lane::Push;
use super::missed::Missed;
use super::queue::Queue;
use super::{Fate, Frame, Link, MessageKey};

/// An outlet is small while its member keeps up: the queue exists only while something waits.
pub(super) struct Outlet {
    pub(super) link: Arc<Link>,
    queue: Option<Box<Queue>>,
    /// It exists only where something was dropped lately.
    missed: Option<Box<Missed>>,
    state: State,
    /// It is in its writer's list of outlets to write.
    pub(super) touched: bool,
    /// Since when its socket has taken nothing; `None` while it takes what it gets.
    pub(super) blocked_since: Option<Instant>,
    /// It is in its writer's list of blocked outlets.
    pub(super) watched: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
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
            link,
            queue: None,
            missed: None,
            state: State::Open,
            touched: false,
            blocked_since: None,
            watched: false,
        }
    }

    /// Bytes that wait.
    pub(super) fn bytes(&self) -> usize {
        self.queue.as_ref().map_or(0, |queue| queue.bytes())
    }

    /// Puts a frame into its lane.
    pub(super) fn push(&mut self, frame: &Arc<Frame>, bounds: &LaneBounds, now: Instant) -> Pushed {
        if self.state != State::Open {
            return Pushed { fate: Fate::Gone, dropped: 0 };
        }
        let (queue, missed) = (self.queue.get_or_insert_default(), &mut self.missed);
        match queue.push(frame, bounds, |key| missed.get_or_insert_default().note(key, now)) {
            Push::Queued => Pushed { fate: Fate::Queued, dropped: 0 },
            Push::Dropped(dropped) => Pushed { fate: Fate::Queued, dropped },
            Push::Full => {
                self.give_up(CloseCode::TooSlow);
                Pushed { fate: Fate::Slow, dropped: 0 }
            }
        }
    }

    /// Whether its lane has no room for a frame although the socket was not offered yet what waits there.
    pub(super) fn is_full_unoffered(&self, frame: &Frame, bounds: &LaneBounds) -> bool {
        let full = self.queue.as_ref().is_some_and(|queue| !queue.has_room(frame, bounds));
        full && self.touched && self.blocked_since.is_none()
    }

    /// Whether this session's lane dropped the message, or may have; asking forgets it.
    pub(super) fn take_missed(&mut self, key: MessageKey, now: Instant) -> bool {
        self.missed.take_if(|missed| missed.is_over(now));
        self.missed.as_mut().is_some_and(|missed| missed.take(key))
    }

    /// Queues a control frame ahead of both lanes.
    pub(super) fn control(&mut self, frame: &[u8]) {
        if self.state == State::Open && !self.queue.get_or_insert_default().push_control(frame) {
            self.give_up(CloseCode::Flooding);
        }
    }

    /// Ends it: with `flush` after all that waits, else at once.
    pub(super) fn close(&mut self, frame: Vec<u8>, flush: bool) {
        if self.state == State::Shut {
            return;
        }
        let queue = self.queue.get_or_insert_default();
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
        if let Some(queue) = &mut self.queue {
            queue.clear();
        }
        self.state = State::Closing;
        self.link.end(code);
    }

    /// Writes until nothing waits or the socket takes no more.
    pub(super) fn flush(&mut self, now: impl Fn() -> Instant) -> Flushed {
        if self.state == State::Shut {
            return Flushed::Shut;
        }
        while let Some(queue) = &mut self.queue
            && queue.settle()
        {
            let written = self.link.socket.try_write_vectored(&queue.next_write());
            match written {
                Ok(0) => return self.broke(),
                Ok(written) => {
                    queue.advance(written);
                    self.blocked_since = None;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.blocked_since.get_or_insert_with(now);
                    return Flushed::Blocked;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return self.broke(),
            }
        }
        self.emptied()
    }

    /// Lets go of the socket. Whoever still waits for it to take bytes is woken by this, and lets go too.
    pub(super) fn hang_up(&self) {
        let _ = socket2::SockRef::from(&self.link.socket).shutdown(std::net::Shutdown::Both);
    }

    fn emptied(&mut self) -> Flushed {
        // What was blocked may have been thrown away meanwhile, so that nothing was written just now.
        self.blocked_since = None;
        let ended = self.queue.take().is_some_and(|queue| queue.is_closed());
        if !ended {
            return Flushed::Empty;
        }
        // The reader still waits for the other side's close; only our direction is done.
        let _ = socket2::SockRef::from(&self.link.socket).shutdown(std::net::Shutdown::Write);
        self.state = State::Shut;
        Flushed::Shut
    }

    fn broke(&mut self) -> Flushed {
        self.queue = None;
        self.state = State::Shut;
        self.link.broke();
        Flushed::Shut
    }
}
