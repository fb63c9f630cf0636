//! How an outlet is written: at once where nothing waits, from a tape, or from its lanes.

use std::io::ErrorKind;
use std::net::Shutdown;
use std::sync::Arc;
use std::time::Instant;

use crate::base::limits;
use crate::presence::link::Line;
use crate::presence::pending::Pending;
use crate::presence::writer::tape::Tape;
use crate::presence::{Frame, Link};

use super::{Bounds, Flushed, Outlet, State};

impl Outlet {
    /// Whether nothing waits for it but perhaps its part of a tape, and it may be written at once, as fast as that goes.
    pub(in crate::presence) fn keeps_up(&self) -> bool {
        let Line::Here(link) = &self.line else { return false };
        self.state == State::Open
            && matches!(self.pending, Pending::Nothing)
            && self.pace.is_none()
            && self.blocked_since.is_none()
            && !link.is_frozen()
    }

    /// Writes a frame at once if it keeps up. Answers how much of it is written; `None` where that is nothing.
    pub(in crate::presence) fn write_ahead(
        &mut self,
        frame: &Arc<Frame>,
        bounds: &Bounds,
        now: impl Fn() -> Instant,
    ) -> Option<usize> {
        let Line::Here(link) = &self.line else { return None };
        if !self.keeps_up() {
            return None;
        }
        // Before it is written nobody can say that they have it.
        self.sent.hear(link.received(), &now);
        // What is wrong with the socket shows when the lane is written.
        let written = link.socket.try_write(frame.bytes()).ok().filter(|written| *written > 0)?;
        if written == frame.bytes().len() {
            self.sent.wrote(frame.clone(), bounds.resume_bytes, now);
        }
        Some(written)
    }

    /// So much of a frame is written; the rest of it comes next.
    pub(in crate::presence) fn go_on_with(&mut self, frame: &Arc<Frame>, written: usize) {
        let queue = self.pending.queued();
        queue.push_beyond(frame);
        queue.advance(written, drop);
    }

    /// Takes its part of a tape into its own queue, since something else comes first or behind. Answers how many frames were dropped.
    pub(in crate::presence) fn take_off(&mut self, frames: &[Arc<Frame>], bounds: &Bounds, now: Instant) -> u64 {
        self.taped = None;
        frames.iter().map(|frame| self.push(frame, bounds, now).dropped).sum()
    }

    /// Writes its part of a tape; what the socket does not take at once waits in its queue.
    pub(in crate::presence) fn flush_tape(
        &mut self,
        tape: &Tape,
        bounds: &Bounds,
        now: impl Fn() -> Instant,
    ) -> Flushed {
        let (Some(taped), Line::Here(link)) = (self.taped.take(), &self.line) else { return self.flush(bounds, now) };
        let link = link.clone();
        self.sent.hear(link.received(), &now);
        let mut pieces = tape.pieces(taped);
        if pieces.by_ref().all(|piece| self.write_piece(&link, piece.frames, piece.bytes, bounds, &now)) {
            return self.emptied();
        }
        // A tape is shorter than what a lane holds, and the lane was empty.
        pieces.for_each(|piece| piece.frames.iter().for_each(|frame| self.pending.queued().push_beyond(frame)));
        self.flush(bounds, now)
    }

    /// Writes frames whose bytes are these, for which nothing waits before them. Whether the socket took them all; else they wait.
    fn write_piece(
        &mut self,
        link: &Link,
        frames: &[Arc<Frame>],
        bytes: &[u8],
        bounds: &Bounds,
        now: impl Fn() -> Instant,
    ) -> bool {
        // What is wrong with a socket shows when the queue is written.
        let written = link.socket.try_write(bytes).unwrap_or(0);
        if written == bytes.len() {
            frames.iter().for_each(|frame| self.sent.wrote(frame.clone(), bounds.resume_bytes, &now));
            return true;
        }
        let (queue, sent) = (self.pending.queued(), &mut self.sent);
        frames.iter().for_each(|frame| queue.push_beyond(frame));
        queue.advance(written, |frame| sent.wrote(frame, bounds.resume_bytes, &now));
        false
    }

    /// Writes until nothing waits or the socket takes no more.
    pub(in crate::presence) fn flush(&mut self, bounds: &Bounds, now: impl Fn() -> Instant) -> Flushed {
        if matches!(self.state, State::Shut | State::Cut) {
            return Flushed::Shut;
        }
        let Line::Here(link) = &self.line else { return Flushed::Shut };
        if link.is_frozen() {
            return self.hold(now);
        }
        let link = link.clone();
        self.sent.hear(link.received(), &now);
        // Whoever is to end need not wait for its pace.
        let is_paced = self.pace.is_some() && self.state == State::Open;
        if !is_paced
            && let Some(alone) = self.pending.give_alone()
            && self.write_piece(&link, std::slice::from_ref(&alone), alone.bytes(), bounds, &now)
        {
            return self.emptied();
        }
        let (sent, mut pace) = (&mut self.sent, self.pace.as_deref_mut().filter(|_| is_paced));
        while let Some(queue) = self.pending.queue() {
            let room = pace.as_ref().map_or(Ok(limits::WRITE_BYTES), |pace| pace.room(now()));
            if !queue.settle(room.unwrap_or(0)) {
                break;
            }
            let next = queue.next_write(room.unwrap_or(0));
            if let (true, Err(later)) = (next.is_empty(), room) {
                self.blocked_since = None;
                return Flushed::Paced(later);
            }
            // One piece goes by a cheaper call than several.
            let written = match &next[..] {
                [one] => link.socket.try_write(one),
                several => link.socket.try_write_vectored(several),
            };
            drop(next);
            match written {
                Ok(0) => return self.broke(now),
                Ok(written) => {
                    if let Some(pace) = &mut pace {
                        pace.wrote(written, now());
                    }
                    queue.advance(written, |frame| sent.wrote(frame, bounds.resume_bytes, &now));
                    self.blocked_since = None;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.blocked_since.get_or_insert_with(now);
                    return Flushed::Blocked;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return self.broke(now),
            }
        }
        self.emptied()
    }

    /// Writes nothing to a connection that is held still. A ping for a peer that is gone would still find room in the kernel, so only
    /// frames count as what a socket does not take.
    fn hold(&mut self, now: impl Fn() -> Instant) -> Flushed {
        if self.pending.frames() == 0 {
            return Flushed::Empty;
        }
        self.blocked_since.get_or_insert_with(now);
        Flushed::Frozen
    }

    fn emptied(&mut self) -> Flushed {
        // What was blocked may have been thrown away meanwhile, so that nothing was written just now.
        self.blocked_since = None;
        let ended = matches!(std::mem::take(&mut self.pending), Pending::Many(queue) if queue.is_closed());
        if !ended {
            return Flushed::Empty;
        }
        // The reader still waits for the other side's close; only our direction is done.
        self.shut(Shutdown::Write);
        self.state = State::Shut;
        Flushed::Shut
    }
}
