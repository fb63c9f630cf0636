//! One session's way out: what waits for its socket, and in which order it goes. Owned by one writer, so nothing here is locked.
//!
//! Order: a frame already begun, then control frames, then the high lane, then the normal one; after `HIGH_RUN` high frames in a row
//! one normal frame goes.

use std::io::{ErrorKind, IoSlice};
use std::sync::Arc;
use std::time::Instant;

use smallvec::SmallVec;

use crate::base::{LaneBounds, limits};
use crate::model::Lane as Name;
use crate::wire::CloseCode;

use super::lane::{Lane, Push};
use super::missed::Missed;
use super::{Fate, Frame, Link, MessageKey};

/// An outlet is small while its member keeps up: the queue exists only while something waits.
pub(super) struct Outlet {
    pub(super) link: Arc<Link>,
    queue: Option<Box<Queue>>,
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

#[derive(Default)]
struct Queue {
    /// Begun: so many bytes of it are written.
    begun: Option<(Arc<Frame>, usize)>,
    control: Vec<u8>,
    high: Lane,
    normal: Lane,
    order: Order,
    /// The close frame, written when all else is.
    last: Option<Vec<u8>>,
    missed: Missed,
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
        Outlet { link, queue: None, state: State::Open, touched: false, blocked_since: None, watched: false }
    }

    /// Bytes that wait.
    pub(super) fn bytes(&self) -> usize {
        self.queue.as_ref().map_or(0, |queue| queue.bytes())
    }

    /// Puts a frame into its lane.
    pub(super) fn push(&mut self, frame: &Arc<Frame>, bounds: &LaneBounds) -> Pushed {
        if self.state != State::Open {
            return Pushed { fate: Fate::Gone, dropped: 0 };
        }
        let queue = self.queue.get_or_insert_default();
        match queue.push(frame, bounds) {
            Push::Queued => Pushed { fate: Fate::Queued, dropped: 0 },
            Push::Dropped(dropped) => Pushed { fate: Fate::Queued, dropped },
            Push::Full => {
                self.give_up(CloseCode::TooSlow);
                Pushed { fate: Fate::Slow, dropped: 0 }
            }
        }
    }

    /// Whether this session's lane dropped the message, or may have; asking forgets it.
    pub(super) fn take_missed(&mut self, key: MessageKey) -> bool {
        self.queue.as_mut().is_some_and(|queue| queue.missed.take(key))
    }

    /// Queues bytes ahead of both lanes.
    pub(super) fn control(&mut self, bytes: &[u8]) {
        if self.state != State::Open {
            return;
        }
        let control = &mut self.queue.get_or_insert_default().control;
        if control.len() + bytes.len() > limits::CONTROL_BYTES {
            return self.give_up(CloseCode::Flooding);
        }
        control.extend_from_slice(bytes);
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
        queue.last = Some(frame);
        self.state = State::Closing;
    }

    /// Stops taking frames and asks the session to close with `code`.
    pub(super) fn give_up(&mut self, code: CloseCode) {
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
        let ended = self.queue.as_ref().is_some_and(|queue| queue.order.closed);
        self.queue = self.queue.take().filter(|queue| !queue.missed.is_empty());
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

impl Queue {
    fn bytes(&self) -> usize {
        let begun = self.begun.as_ref().map_or(0, |(frame, offset)| frame.bytes().len() - offset);
        let last = self.last.as_ref().map_or(0, Vec::len);
        begun + self.control.len() + self.high.bytes() + self.normal.bytes() + last
    }

    fn push(&mut self, frame: &Arc<Frame>, bounds: &LaneBounds) -> Push {
        match frame.lane {
            Name::High => self.high.push_whole(frame, bounds.high_bytes),
            Name::Normal => {
                let missed = &mut self.missed;
                self.normal.push_dropping(frame, bounds.normal_bytes, |key| missed.note(key))
            }
        }
    }

    /// Throws away what has not begun. A frame half written must be finished, or the other side could not read the close frame.
    fn clear(&mut self) {
        self.control.clear();
        self.high = Lane::default();
        self.normal = Lane::default();
        self.missed = Missed::default();
    }

    /// Makes ready what is to be written; false when nothing is.
    fn settle(&mut self) -> bool {
        self.normal.settle(limits::WRITE_FRAMES);
        let waits =
            self.begun.is_some() || !self.control.is_empty() || !self.high.is_empty() || !self.normal.is_empty();
        if !waits && let Some(last) = self.last.take() {
            self.control = last;
            self.order.closed = true;
            return true;
        }
        waits
    }

    /// What goes next: at most `WRITE_BYTES`, or one frame if that is larger.
    fn next_write(&self) -> SmallVec<[IoSlice<'_>; limits::WRITE_FRAMES]> {
        let begun = self.begun.as_ref().map(|(frame, offset)| &frame.bytes()[*offset..]);
        let control = Some(self.control.as_slice()).filter(|control| !control.is_empty());
        let mut slices: SmallVec<[IoSlice<'_>; limits::WRITE_FRAMES]> =
            begun.into_iter().chain(control).map(IoSlice::new).collect();
        let mut total: usize = slices.iter().map(|slice| slice.len()).sum();
        let (mut high, mut normal, mut order) = (0, 0, self.order);
        while slices.len() < limits::WRITE_FRAMES {
            let next = order.next(self.high.get(high).is_some(), self.normal.get(normal).is_some());
            let (lane, index) = match next {
                Some(Name::High) => (&self.high, &mut high),
                Some(Name::Normal) => (&self.normal, &mut normal),
                None => break,
            };
            let Some(bytes) = lane.get(*index).map(|frame| frame.bytes()) else { break };
            if total + bytes.len() > limits::WRITE_BYTES && !slices.is_empty() {
                break;
            }
            *index += 1;
            total += bytes.len();
            slices.push(IoSlice::new(bytes));
        }
        slices
    }

    /// Takes out what was written, in the order it was.
    fn advance(&mut self, mut written: usize) {
        if let Some((frame, offset)) = &mut self.begun {
            let rest = frame.bytes().len() - *offset;
            if written < rest {
                *offset += written;
                return;
            }
            written -= rest;
            self.begun = None;
        }
        let control = written.min(self.control.len());
        self.control.drain(..control);
        written -= control;
        while written > 0 {
            let next = match self.order.next(!self.high.is_empty(), !self.normal.is_empty()) {
                Some(Name::High) => self.high.pop(),
                Some(Name::Normal) => self.normal.pop(),
                None => None,
            };
            let Some(frame) = next else { break };
            if written < frame.bytes().len() {
                self.begun = Some((frame, written));
                return;
            }
            written -= frame.bytes().len();
        }
    }
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, Default)]
struct Order {
    high_in_a_row: u32,
    /// The close frame is among what is written now: nothing follows it.
    closed: bool,
}

impl Order {
    fn next(&mut self, high: bool, normal: bool) -> Option<Name> {
        let lane = match (high, normal) {
            (true, true) if self.high_in_a_row >= limits::HIGH_RUN => Name::Normal,
            (true, _) => Name::High,
            (false, true) => Name::Normal,
            (false, false) => return None,
        };
        // Only high frames that went ahead of a waiting normal one count.
        self.high_in_a_row = if lane == Name::High && normal { self.high_in_a_row + 1 } else { 0 };
        Some(lane)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Text;
    use proptest::prelude::*;

    const BOUNDS: LaneBounds = LaneBounds { high_bytes: 64 * 1024, normal_bytes: 64 * 1024 };

    fn frame(lane: Name, text: &str) -> Arc<Frame> {
        Arc::new(Frame::message(Text::json(&text), lane, None))
    }

    /// Writes up to `bytes` as a socket would, to `out`.
    fn write(queue: &mut Queue, bytes: usize, out: &mut Vec<u8>) {
        if !queue.settle() {
            return;
        }
        let next: Vec<u8> = queue.next_write().iter().flat_map(|slice| slice.to_vec()).collect();
        let written = bytes.min(next.len());
        out.extend_from_slice(&next[..written]);
        queue.advance(written);
    }

    /// The texts of whole frames, in order.
    fn texts(mut bytes: &[u8]) -> Vec<String> {
        let mut texts = Vec::new();
        while let [_, length, ..] = *bytes {
            let end = 2 + usize::from(length);
            texts.push(serde_json::from_slice(&bytes[2..end]).unwrap());
            bytes = &bytes[end..];
        }
        texts
    }

    #[test]
    fn high_goes_first_but_a_begun_frame_is_finished() {
        let mut queue = Queue::default();
        let mut out = Vec::new();
        queue.push(&frame(Name::Normal, "n1"), &BOUNDS);
        queue.push(&frame(Name::Normal, "n2"), &BOUNDS);
        write(&mut queue, 1, &mut out);
        queue.push(&frame(Name::High, "h1"), &BOUNDS);
        while queue.bytes() > 0 {
            write(&mut queue, 3, &mut out);
        }
        assert_eq!(texts(&out), ["n1", "h1", "n2"]);
    }

    #[test]
    fn after_a_run_of_high_frames_one_normal_frame_goes() {
        let mut queue = Queue::default();
        for number in 0..100 {
            queue.push(&frame(Name::High, &format!("h{number}")), &BOUNDS);
        }
        for number in 0..3 {
            queue.push(&frame(Name::Normal, &format!("n{number}")), &BOUNDS);
        }
        let mut out = Vec::new();
        while queue.bytes() > 0 {
            write(&mut queue, usize::MAX, &mut out);
        }
        let texts = texts(&out);
        let run = limits::HIGH_RUN as usize;
        for number in 0..3 {
            assert_eq!(texts[run + number * (run + 1)], format!("n{number}"));
        }
    }

    #[test]
    fn a_high_frame_that_nobody_waited_behind_does_not_count() {
        let mut queue = Queue::default();
        let mut out = Vec::new();
        for _ in 0..limits::HIGH_RUN {
            queue.push(&frame(Name::High, "h"), &BOUNDS);
        }
        write(&mut queue, usize::MAX, &mut out);
        queue.push(&frame(Name::Normal, "n"), &BOUNDS);
        queue.push(&frame(Name::High, "urgent"), &BOUNDS);
        write(&mut queue, usize::MAX, &mut out);
        assert_eq!(texts(&out)[limits::HIGH_RUN as usize..], ["urgent", "n"]);
    }

    #[test]
    fn a_write_stays_small() {
        let mut queue = Queue::default();
        for _ in 0..40 {
            queue.push(&frame(Name::Normal, &"x".repeat(1000)), &BOUNDS);
        }
        let total: usize = queue.next_write().iter().map(|slice| slice.len()).sum();
        assert!((limits::WRITE_BYTES - 1100..=limits::WRITE_BYTES).contains(&total), "{total}");
    }

    proptest! {
        /// However pushes and partial writes are mixed: whole frames come out, each lane in its order, nothing missing.
        #[test]
        fn what_goes_in_comes_out_whole_and_in_lane_order(
            steps in proptest::collection::vec((any::<bool>(), 0usize..40, 0usize..3), 1..150)
        ) {
            let mut queue = Queue::default();
            let mut out = Vec::new();
            let (mut high, mut normal) = (Vec::new(), Vec::new());
            for (is_high, bytes, pushes) in steps {
                for _ in 0..pushes {
                    let (lane, sent, letter) =
                        if is_high { (Name::High, &mut high, 'h') } else { (Name::Normal, &mut normal, 'n') };
                    let text = format!("{letter}{}", sent.len());
                    prop_assert_eq!(queue.push(&frame(lane, &text), &BOUNDS), Push::Queued);
                    sent.push(text);
                }
                write(&mut queue, bytes, &mut out);
            }
            while queue.bytes() > 0 {
                write(&mut queue, usize::MAX, &mut out);
            }
            let (came_high, came_normal): (Vec<_>, Vec<_>) =
                texts(&out).into_iter().partition(|text| text.starts_with('h'));
            prop_assert_eq!(came_high, high);
            prop_assert_eq!(came_normal, normal);
        }
    }
}
