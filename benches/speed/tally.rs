//! What came to all members of a room together, and what they do about it.

use std::cell::{Cell, RefCell};

use hdrhistogram::Histogram;
use roomgate::harness::frames::{Frame, Kind};

use crate::stamp::{self, Lane};

/// The longest latency that is told apart, in microseconds.
const LONGEST_US: u64 = 60_000_000;

/// Counts.
#[derive(Debug)]
pub struct Tally {
    /// Messages, each once for every member it came to.
    pub deliveries: Cell<u64>,
    /// Messages that members were told to be lost.
    pub lost: Cell<u64>,
    /// Connections that the server ended.
    pub ended: Cell<u64>,
    /// The length of the latest message's frame.
    pub frame_bytes: Cell<usize>,
    /// Latencies are noted.
    pub timing: Cell<bool>,
    /// Members say after so many frames what they have; 0 is never.
    pub ack: Cell<u64>,
    normal: RefCell<Histogram<u64>>,
    high: RefCell<Histogram<u64>>,
}

/// A histogram of microseconds.
pub fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, LONGEST_US, 3).expect("bounds that are in order")
}

impl Default for Tally {
    fn default() -> Tally {
        Tally {
            deliveries: Cell::default(),
            lost: Cell::default(),
            ended: Cell::default(),
            frame_bytes: Cell::default(),
            timing: Cell::default(),
            ack: Cell::default(),
            normal: RefCell::new(histogram()),
            high: RefCell::new(histogram()),
        }
    }
}

impl Tally {
    /// Counts a frame that came at `now`; `timed` members' latencies are noted too.
    pub fn note(&self, frame: Frame<'_>, timed: bool, now: u64) {
        match frame.kind {
            Kind::Message => {
                self.deliveries.set(self.deliveries.get() + 1);
                self.frame_bytes.set(frame.bytes);
                if timed && self.timing.get() {
                    self.note_latency(frame, now);
                }
            }
            Kind::Lost => self.lost.set(self.lost.get() + frame.lost().unwrap_or(1)),
            Kind::Reply | Kind::Kicked | Kind::Drain | Kind::Ping | Kind::Close | Kind::Other => {}
        }
    }

    fn note_latency(&self, frame: Frame<'_>, now: u64) {
        if let Some((lane, due)) = frame.msg_id().and_then(stamp::read) {
            self.lane(lane).borrow_mut().saturating_record(now.saturating_sub(due) / 1000);
        }
    }

    fn lane(&self, lane: Lane) -> &RefCell<Histogram<u64>> {
        if lane == Lane::High { &self.high } else { &self.normal }
    }

    /// Takes the latencies of a lane that were noted until now.
    pub fn take_latencies(&self, lane: Lane) -> Histogram<u64> {
        self.lane(lane).replace(histogram())
    }
}
