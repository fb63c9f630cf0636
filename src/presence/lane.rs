//! One lane of one member: shared frames in order, bounded in bytes. Frames that must be kept, answers above all, have a bound of their own
//! beside that of messages: a long answer on its way makes nobody too slow for the next message.

use std::collections::VecDeque;
use std::sync::Arc;

#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::wire;

use super::{Amount, Frame, MessageKey};

/// What happened to a frame at a lane.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Push {
    /// It waits.
    Queued,
    /// It waits, and these before it were dropped.
    Dropped(u64),
    /// No room, and nothing here may be dropped.
    Full,
}

#[derive(Debug)]
enum Entry {
    Frame(Arc<Frame>),
    /// So many frames were dropped here; becomes a `lost` frame when its turn to be written comes.
    Lost(u64),
}

#[derive(Debug, Default)]
pub(super) struct LaneQueue {
    entries: VecDeque<Entry>,
    /// Bytes of the frames that are bounded.
    bytes: usize,
    /// Those of them that belong to frames which must be kept.
    kept: usize,
    promised: Promised,
}

/// The first entries of a lane, which were promised to a session that came back: they are not dropped, and take no room from others.
#[derive(Debug, Default, Clone, Copy)]
struct Promised {
    entries: usize,
    bytes: usize,
}

impl LaneQueue {
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes + self.promised.bytes
    }

    /// Frames that wait, and places where some are missing.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn amount(&self) -> Amount {
        Amount { frames: self.len(), bytes: self.bytes() }
    }

    /// Takes a frame if it fits; an empty lane takes any. Nothing is dropped for it.
    pub(super) fn push_whole(&mut self, frame: &Arc<Frame>, bound: usize) -> Push {
        if !self.has_room(frame, bound) {
            return Push::Full;
        }
        self.append(frame);
        Push::Queued
    }

    /// Takes a frame, dropping the oldest that may be dropped until it fits. `missed` hears of every dropped message.
    pub(super) fn push_dropping(
        &mut self,
        frame: &Arc<Frame>,
        bound: usize,
        mut missed: impl FnMut(MessageKey),
    ) -> Push {
        let mut dropped = 0;
        while !frame.keep && !self.has_room(frame, bound) {
            let Some(oldest) = self.drop_oldest() else { break };
            dropped += 1;
            oldest.key.map(&mut missed);
        }
        if !self.has_room(frame, bound) {
            return Push::Full;
        }
        self.append(frame);
        if dropped == 0 { Push::Queued } else { Push::Dropped(dropped) }
    }

    /// Whether the frame fits beside those of its kind; the first of them does, however large it is.
    pub(super) fn has_room(&self, frame: &Frame, bound: usize) -> bool {
        let waits = if frame.keep { self.kept } else { self.bytes - self.kept };
        waits == 0 || waits + frame.bytes().len() <= bound
    }

    /// Takes a frame although there may be no room; nothing is dropped for it.
    pub(super) fn push_beyond(&mut self, frame: &Arc<Frame>) {
        self.append(frame);
    }

    /// Takes a frame back that was here before, as the first.
    pub(super) fn put_back(&mut self, frame: Arc<Frame>) {
        self.promised.entries += 1;
        self.promised.bytes += frame.bytes().len();
        self.entries.push_front(Entry::Frame(frame));
    }

    /// All that waits now is promised.
    pub(super) fn promise(&mut self) {
        self.promised = Promised { entries: self.entries.len(), bytes: self.bytes() };
        (self.bytes, self.kept) = (0, 0);
    }

    fn append(&mut self, frame: &Arc<Frame>) {
        self.bytes += frame.bytes().len();
        self.kept += kept(frame);
        self.entries.push_back(Entry::Frame(frame.clone()));
    }

    /// Drops the oldest frame that may be dropped and leaves a mark in its place, joined with one right before it.
    fn drop_oldest(&mut self) -> Option<Arc<Frame>> {
        let may_go = |entry: &Entry| matches!(entry, Entry::Frame(frame) if !frame.keep);
        let at = self.promised.entries + self.entries.iter().skip(self.promised.entries).position(may_go)?;
        let Entry::Frame(frame) = std::mem::replace(&mut self.entries[at], Entry::Lost(1)) else { return None };
        self.bytes -= frame.bytes().len();
        #[cfg(feature = "wrong-gateways")]
        if Wrong::ForgetsLost.is() {
            self.entries.remove(at);
            return Some(frame);
        }
        if at > self.promised.entries
            && let Some(Entry::Lost(before)) = self.entries.get_mut(at - 1)
        {
            *before += 1;
            self.entries.remove(at);
        }
        Some(frame)
    }

    /// Turns the marks among the next `frames` entries into `lost` frames: they are about to be written.
    pub(super) fn settle(&mut self, frames: usize) {
        for (at, entry) in self.entries.iter_mut().take(frames).enumerate() {
            if let Entry::Lost(count) = *entry {
                #[cfg(feature = "wrong-gateways")]
                let count = count + u64::from(Wrong::WrongLostCount.is());
                let frame = Frame::reply(wire::server::lost(count));
                if at < self.promised.entries {
                    self.promised.bytes += frame.bytes().len();
                } else {
                    self.bytes += frame.bytes().len();
                    self.kept += kept(&frame);
                }
                *entry = Entry::Frame(Arc::new(frame));
            }
        }
    }

    /// The frame at `index`, if it is settled.
    pub(super) fn get(&self, index: usize) -> Option<&Arc<Frame>> {
        match self.entries.get(index)? {
            Entry::Frame(frame) => Some(frame),
            Entry::Lost(_) => None,
        }
    }

    /// Takes the first frame out.
    pub(super) fn pop(&mut self) -> Option<Arc<Frame>> {
        let Entry::Frame(frame) = self.entries.pop_front()? else { return None };
        if self.promised.entries > 0 {
            self.promised.entries -= 1;
            self.promised.bytes -= frame.bytes().len();
        } else {
            self.bytes -= frame.bytes().len();
            self.kept -= kept(&frame);
        }
        Some(frame)
    }
}

fn kept(frame: &Frame) -> usize {
    if frame.keep { frame.bytes().len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;
    use crate::wire::Text;
    use proptest::prelude::*;

    fn frame(number: usize, keep: bool) -> Arc<Frame> {
        let text = Text::json(&number);
        Arc::new(Frame { text, lane: model::Lane::Normal, keep, key: None })
    }

    fn drain(lane: &mut LaneQueue) -> Vec<String> {
        lane.settle(usize::MAX);
        std::iter::from_fn(|| lane.pop()).map(|frame| frame.text.payload().to_owned()).collect()
    }

    #[test]
    fn the_loss_is_told_where_it_happened() {
        let mut lane = LaneQueue::default();
        lane.push_dropping(&frame(1, true), 12, |_| ());
        for number in 2..=6 {
            lane.push_dropping(&frame(number, false), 12, |_| ());
        }
        assert_eq!(drain(&mut lane), ["1", r#"{"op":"lost","lane":"normal","count":1}"#, "3", "4", "5", "6"]);
        assert_eq!(lane.bytes(), 0);
    }

    #[test]
    fn what_must_be_kept_is_never_dropped() {
        let mut lane = LaneQueue::default();
        for number in 1..=4 {
            assert_eq!(lane.push_dropping(&frame(number, true), 12, |_| ()), Push::Queued);
        }
        assert_eq!(lane.push_dropping(&frame(5, true), 12, |_| ()), Push::Full);
        for number in 5..=8 {
            assert_eq!(
                lane.push_dropping(&frame(number, false), 12, |_| ()),
                Push::Queued,
                "they take no room from messages"
            );
        }
        assert_eq!(lane.push_dropping(&frame(9, false), 12, |_| ()), Push::Dropped(1));
        assert_eq!(lane.push_dropping(&frame(10, true), 12, |_| ()), Push::Full, "nor messages from them");
        assert_eq!(drain(&mut lane)[..4], ["1", "2", "3", "4"]);
    }

    #[test]
    fn an_empty_lane_takes_a_frame_of_any_size() {
        let mut lane = LaneQueue::default();
        assert_eq!(lane.push_whole(&frame(123_456_789, false), 2), Push::Queued);
        assert_eq!(lane.push_whole(&frame(1, false), 2), Push::Full);
    }

    proptest! {
        /// Whatever is pushed and popped: order is kept, the bound holds, and what is missing is told exactly where it is missing.
        #[test]
        fn every_loss_is_accounted_for_in_place(
            steps in proptest::collection::vec((any::<bool>(), any::<bool>(), 0usize..4), 1..200),
            bound in 8usize..64,
        ) {
            let mut lane = LaneQueue::default();
            let (mut pushed, mut next, mut refused) = (0usize, 0usize, Vec::new());
            let take = |lane: &mut LaneQueue, next: &mut usize, refused: &[usize]| {
                lane.settle(1);
                let Some(frame) = lane.pop() else { return };
                let payload = frame.text.payload();
                if let Ok(number) = payload.parse::<usize>() {
                    while refused.contains(next) { *next += 1; }
                    assert_eq!(number, *next, "a gap that was not told");
                    *next += 1;
                } else {
                    let count = payload.trim_end_matches('}').rsplit(':').next().unwrap().parse::<usize>().unwrap();
                    for _ in 0..count {
                        while refused.contains(next) { *next += 1; }
                        *next += 1;
                    }
                }
            };
            for (keep, push, pops) in steps {
                if push {
                    if lane.push_dropping(&frame(pushed, keep), bound, |_| ()) == Push::Full {
                        refused.push(pushed);
                    }
                    pushed += 1;
                }
                prop_assert!(lane.bytes() <= 2 * bound + 45, "one lost frame may stand above the bounds");
                for _ in 0..pops { take(&mut lane, &mut next, &refused); }
            }
            while !lane.is_empty() { take(&mut lane, &mut next, &refused); }
            while refused.contains(&next) { next += 1; }
            prop_assert_eq!(next, pushed);
            prop_assert_eq!(lane.bytes(), 0);
        }
    }
}
