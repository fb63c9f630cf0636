//! What waits for one member's socket, and in which order it goes.
//!
//! A frame already begun comes first, then control frames, then the high lane, then the normal one; after `HIGH_RUN` high frames that went
//! ahead of a waiting normal one, that one goes. The close frame comes when all else is written.

use std::io::IoSlice;
use std::sync::Arc;

use smallvec::SmallVec;

#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::base::{LaneBounds, limits};
use crate::model::Lane;

use super::control::Control;
use super::lane::{LaneQueue, Push};
use super::{Frame, MessageKey, Waiting};

#[derive(Default)]
pub(super) struct Queue {
    begun: Option<Begun>,
    control: Control,
    high: LaneQueue,
    normal: LaneQueue,
    order: Order,
    last: Last,
}

/// A frame of which so many bytes are written.
struct Begun {
    frame: Arc<Frame>,
    written: usize,
    /// It is one of the frames that the session counts.
    counts: bool,
}

/// The close frame.
#[derive(Default)]
enum Last {
    #[default]
    None,
    Waits(Vec<u8>),
    /// It is among the control frames; nothing follows it.
    Begun,
}

impl Queue {
    /// Bytes that wait.
    pub(super) fn bytes(&self) -> usize {
        let begun = self.begun.as_ref().map_or(0, |begun| begun.rest().len());
        let last = if let Last::Waits(frame) = &self.last { frame.len() } else { 0 };
        begun + self.control.bytes().len() + self.high.bytes() + self.normal.bytes() + last
    }

    /// Whether its lane has room for the frame as it is.
    pub(super) fn has_room(&self, frame: &Frame, bounds: &LaneBounds) -> bool {
        match frame.lane {
            Lane::High => self.high.has_room(frame, bounds.high_bytes),
            Lane::Normal => self.normal.has_room(frame, bounds.normal_bytes),
        }
    }

    /// What waits in each lane; a frame that is begun is in its own.
    pub(super) fn waiting(&self) -> Waiting {
        let (mut high, mut normal) = (self.high.amount(), self.normal.amount());
        if let Some(begun) = &self.begun {
            let lane = if begun.frame.lane == Lane::High { &mut high } else { &mut normal };
            lane.frames += 1;
            lane.bytes += begun.rest().len();
        }
        Waiting { high, normal, ..Waiting::default() }
    }

    /// Puts a frame into its lane. `missed` hears of every message that is dropped for it.
    pub(super) fn push(&mut self, frame: &Arc<Frame>, bounds: &LaneBounds, missed: impl FnMut(MessageKey)) -> Push {
        match frame.lane {
            #[cfg(feature = "wrong-gateways")]
            Lane::High if Wrong::IgnoresHighLane.is() => self.normal.push_dropping(frame, bounds.normal_bytes, missed),
            #[cfg(feature = "wrong-gateways")]
            Lane::Normal if Wrong::LowBound.is() => self.normal.push_dropping(frame, bounds.normal_bytes / 16, missed),
            Lane::High => self.high.push_whole(frame, bounds.high_bytes),
            Lane::Normal => self.normal.push_dropping(frame, bounds.normal_bytes, missed),
        }
    }

    /// Queues a control frame; false when there is no room.
    pub(super) fn push_control(&mut self, frame: &[u8]) -> bool {
        self.control.push(frame)
    }

    /// Queues the close frame behind all else.
    pub(super) fn close(&mut self, frame: Vec<u8>) {
        self.last = Last::Waits(frame);
    }

    /// Whether the close frame was written, if nothing waits any more.
    pub(super) fn is_closed(&self) -> bool {
        matches!(self.last, Last::Begun)
    }

    /// Throws away what has not begun. A frame half written must be finished, or the other side could not read the close frame.
    pub(super) fn clear(&mut self) {
        // The close frame stays: nothing follows it.
        if !self.is_closed() {
            self.control.clear();
        }
        self.high = LaneQueue::default();
        self.normal = LaneQueue::default();
    }

    /// Makes ready what is to be written where there is so much room; false when nothing waits.
    pub(super) fn settle(&mut self, room: usize) -> bool {
        // What is not written yet may become more.
        if room > 0 {
            self.normal.settle(limits::WRITE_FRAMES);
        }
        let control = !self.control.bytes().is_empty();
        let waits = self.begun.is_some() || control || !self.high.is_empty() || !self.normal.is_empty();
        match std::mem::take(&mut self.last) {
            Last::Waits(frame) if !waits => {
                self.control = Control::of(frame);
                self.last = Last::Begun;
                true
            }
            last => {
                self.last = last;
                waits
            }
        }
    }

    /// What goes next: at most `room` bytes, or one frame if that is larger. Without room it is what goes ahead of both lanes.
    pub(super) fn next_write(&self, room: usize) -> SmallVec<[IoSlice<'_>; limits::WRITE_FRAMES]> {
        let begun = self.begun.as_ref().map(Begun::rest);
        let control = Some(self.control.bytes()).filter(|control| !control.is_empty());
        let mut slices: SmallVec<[IoSlice<'_>; limits::WRITE_FRAMES]> =
            begun.into_iter().chain(control).map(IoSlice::new).collect();
        let mut total: usize = slices.iter().map(|slice| slice.len()).sum();
        let (mut high, mut normal, mut order) = (0, 0, self.order);
        while slices.len() < limits::WRITE_FRAMES && room > 0 {
            let next = order.next(self.high.get(high).is_some(), self.normal.get(normal).is_some());
            let (lane, index) = match next {
                Some(Lane::High) => (&self.high, &mut high),
                Some(Lane::Normal) => (&self.normal, &mut normal),
                None => break,
            };
            let Some(bytes) = lane.get(*index).map(|frame| frame.bytes()) else { break };
            if total + bytes.len() > room && !slices.is_empty() {
                break;
            }
            *index += 1;
            total += bytes.len();
            slices.push(IoSlice::new(bytes));
        }
        slices
    }

    /// Takes out what was written, in the order it was. `done` hears of each frame that is written whole.
    pub(super) fn advance(&mut self, mut written: usize, mut done: impl FnMut(Arc<Frame>)) {
        if let Some(begun) = &mut self.begun {
            let rest = begun.rest().len();
            if written < rest {
                begun.written += written;
                return;
            }
            written -= rest;
            if let Some(begun) = self.begun.take_if(|begun| begun.counts) {
                done(begun.frame);
            }
            self.begun = None;
        }
        written -= self.control.advance(written);
        while written > 0 {
            let next = match self.order.next(!self.high.is_empty(), !self.normal.is_empty()) {
                Some(Lane::High) => self.high.pop(),
                Some(Lane::Normal) => self.normal.pop(),
                None => None,
            };
            let Some(frame) = next else { break };
            if written < frame.bytes().len() {
                self.begun = Some(Begun { frame, written, counts: true });
                return;
            }
            written -= frame.bytes().len();
            done(frame);
        }
    }

    /// Frames that wait.
    pub(super) fn frames(&self) -> usize {
        usize::from(self.begun.is_some()) + self.high.len() + self.normal.len()
    }

    /// Whether bytes of a frame are still to be written before another may begin.
    pub(super) fn is_midway(&self) -> bool {
        self.begun.is_some() || self.control.is_midway()
    }

    /// Takes a frame for a session that is away: its bound is another, and nothing is dropped for it.
    pub(super) fn push_beyond(&mut self, frame: &Arc<Frame>) {
        self.lane(frame.lane).push_beyond(frame);
    }

    /// The connection is gone. What was begun on it has not arrived, and control frames were for it alone.
    pub(super) fn disconnect(&mut self) {
        if let Some(Begun { frame, counts: true, .. }) = self.begun.take() {
            self.lane(frame.lane).put_back(frame);
        }
        self.control = Control::default();
        self.last = Last::None;
    }

    /// Takes frames back that have not arrived, the oldest first, into their lanes.
    pub(super) fn put_back(&mut self, frames: impl DoubleEndedIterator<Item = Arc<Frame>>) {
        for frame in frames.rev() {
            self.lane(frame.lane).put_back(frame);
        }
    }

    /// Begins a new connection with bytes that go before all else and are not counted. All that waits is promised.
    pub(super) fn begin_with(&mut self, first: Arc<Frame>) {
        // To write nothing looks like a socket that is shut.
        let something = !first.bytes().is_empty();
        self.begun = something.then_some(Begun { frame: first, written: 0, counts: false });
        self.high.promise();
        self.normal.promise();
    }

    /// All bytes that wait, as they would be written.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.bytes());
        while self.settle(limits::WRITE_BYTES) {
            let before = bytes.len();
            self.next_write(limits::WRITE_BYTES).iter().for_each(|slice| bytes.extend_from_slice(slice));
            self.advance(bytes.len() - before, drop);
        }
        bytes
    }

    fn lane(&mut self, lane: Lane) -> &mut LaneQueue {
        match lane {
            Lane::High => &mut self.high,
            Lane::Normal => &mut self.normal,
        }
    }
}

impl Begun {
    fn rest(&self) -> &[u8] {
        &self.frame.bytes()[self.written..]
    }
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, Default)]
struct Order {
    high_in_a_row: u32,
}

impl Order {
    fn next(&mut self, high: bool, normal: bool) -> Option<Lane> {
        let lane = match (high, normal) {
            #[cfg(feature = "wrong-gateways")]
            (true, _) if Wrong::StarvesNormal.is() => Lane::High,
            (true, true) if self.high_in_a_row >= limits::HIGH_RUN => Lane::Normal,
            (true, _) => Lane::High,
            (false, true) => Lane::Normal,
            (false, false) => return None,
        };
        // Only high frames that went ahead of a waiting normal one count.
        self.high_in_a_row = if lane == Lane::High && normal { self.high_in_a_row + 1 } else { 0 };
        Some(lane)
    }
}

#[cfg(test)]
mod tests;
