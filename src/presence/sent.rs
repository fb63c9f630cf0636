//! What was written to a session and its client may not have yet: counted, and kept until the client says that it has it (promise 5 of the
//! socket protocol). Kept are the shared frames themselves; an idle session keeps none.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::base::limits;

use super::Frame;

/// Places that stay in any case: giving them back after each acknowledgement would only mean to take them again.
const SPARE_PLACES: usize = 64;

#[derive(Default)]
pub(super) struct Sent {
    /// The number of the last frame written. Frames before the reply to the login have none, so it begins below 1.
    written: i64,
    counts: bool,
    /// What its client said last of how many it has.
    heard: u64,
    /// The client says too rarely what it has: nothing more is kept until it does.
    lapsed: bool,
    retained: Option<Box<Retained>>,
}

/// The last frames written, the oldest first.
struct Retained {
    frames: VecDeque<Arc<Frame>>,
    bytes: usize,
    /// Since when the client owes word of them.
    owed_since: Instant,
}

impl Sent {
    /// From now on it counts; so many frames that wait already belong to the time before.
    pub(super) fn begin(&mut self, waiting: usize) {
        self.written = -i64::try_from(waiting).unwrap_or(i64::MAX);
        self.counts = true;
    }

    /// Whether the session may come back.
    pub(super) fn counts(&self) -> bool {
        self.counts
    }

    /// Bytes and frames kept.
    pub(super) fn retained(&self) -> (usize, usize) {
        self.retained.as_ref().map_or((0, 0), |retained| (retained.bytes, retained.frames.len()))
    }

    /// A frame is written; at most `bound` bytes are kept.
    pub(super) fn wrote(&mut self, frame: Arc<Frame>, bound: usize, now: impl FnOnce() -> Instant) {
        self.written += 1;
        // The first is the reply to the login: who has not got it does not know the session it would come back to.
        if self.lapsed || !self.counts || self.written <= 1 {
            return;
        }
        let new = || Box::new(Retained { frames: VecDeque::with_capacity(2), bytes: 0, owed_since: now() });
        let retained = self.retained.get_or_insert_with(new);
        retained.bytes += frame.bytes().len();
        retained.frames.push_back(frame);
        if retained.bytes > bound || retained.frames.len() > limits::RETAINED_FRAMES {
            self.lapse();
        }
    }

    /// Looks at what the client said last of how many it has.
    pub(super) fn hear(&mut self, received: u64, now: impl FnOnce() -> Instant) {
        if received != self.heard {
            self.heard = received;
            self.acknowledge(received, now());
        }
    }

    /// The client has this many frames. What it can't have is not believed.
    fn acknowledge(&mut self, received: u64, now: Instant) {
        self.lapsed = false;
        let Some(from) = self.first_after(received) else { return };
        let Some(retained) = &mut self.retained else { return };
        let gone = retained.frames.drain(..from);
        retained.bytes -= gone.map(|frame| frame.bytes().len()).sum::<usize>();
        retained.owed_since = now;
        let left = retained.frames.len();
        if left == 0 {
            self.retained = None;
        } else if retained.frames.capacity() > (2 * left).max(SPARE_PLACES) {
            // A place is eight bytes, and none has more than two.
            retained.frames.shrink_to(left.max(SPARE_PLACES / 2));
        }
    }

    /// Takes out the frames after these, to be written again under the same numbers; `None` where not all of them are here.
    pub(super) fn take_back(&mut self, received: u64) -> Option<VecDeque<Arc<Frame>>> {
        let from = self.first_after(received)?;
        #[cfg(feature = "wrong-gateways")]
        let from = from.saturating_sub(8 * usize::from(Wrong::DuplicateAfterResume.is()));
        let mut frames = self.retained.take().map(|retained| retained.frames).unwrap_or_default();
        frames.drain(..from);
        self.written -= frames.len() as i64;
        self.lapsed = false;
        Some(frames)
    }

    /// Keeps nothing any more if the client has owed word for too long. Whether something is kept still.
    pub(super) fn forget_overdue(&mut self, now: Instant) -> bool {
        let overdue = |retained: &Retained| now.duration_since(retained.owed_since) >= limits::ACK_OVERDUE;
        if self.retained.as_deref().is_some_and(overdue) {
            self.lapse();
        }
        self.retained.is_some()
    }

    fn lapse(&mut self) {
        self.lapsed = true;
        self.retained = None;
    }

    /// Where among the retained frames the one after these is; `None` where it is not.
    fn first_after(&self, received: u64) -> Option<usize> {
        let kept = self.retained().1 as i64;
        let before = self.written.max(0) - kept;
        let from = i64::try_from(received).ok()?.checked_sub(before)?;
        usize::try_from(from).ok().filter(|from| *from as i64 <= kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::LaneBounds;
    use crate::model::Lane;
    use crate::presence::queue::Queue;
    use crate::wire::Text;
    use proptest::prelude::*;

    const PLENTY: usize = 1 << 30;

    fn frame(number: usize) -> Arc<Frame> {
        let lane = if number.is_multiple_of(3) { Lane::High } else { Lane::Normal };
        Arc::new(Frame::message(Text::json(&number), lane, None))
    }

    fn counting() -> Sent {
        let mut sent = Sent::default();
        sent.begin(0);
        sent
    }

    fn write(sent: &mut Sent, numbers: std::ops::Range<usize>, bound: usize, now: Instant) {
        numbers.for_each(|number| sent.wrote(frame(number), bound, || now));
    }

    #[test]
    fn frames_before_the_login_have_no_number() {
        let mut sent = Sent::default();
        write(&mut sent, 0..3, PLENTY, Instant::now());
        sent.begin(2);
        write(&mut sent, 3..7, PLENTY, Instant::now());
        assert_eq!(sent.retained().1, 1, "two had waited, two are counted, and the first of them answers the login");
        assert_eq!(sent.take_back(1).map(|frames| frames.len()), Some(1));
    }

    #[test]
    fn only_what_is_here_can_be_had_again() {
        let mut sent = counting();
        write(&mut sent, 0..10, PLENTY, Instant::now());
        sent.acknowledge(4, Instant::now());
        sent.acknowledge(11, Instant::now());
        assert_eq!(sent.retained().1, 6, "more than was written is not believed");
        assert!(sent.take_back(3).is_none() && sent.take_back(11).is_none());
        assert_eq!(sent.take_back(10).map(|frames| frames.len()), Some(0));
    }

    #[test]
    fn what_is_too_much_is_let_go_until_the_client_says_what_it_has() {
        let mut sent = counting();
        let bytes = frame(1).bytes().len();
        write(&mut sent, 1..10, 5 * bytes, Instant::now());
        assert_eq!(sent.retained(), (0, 0));
        sent.acknowledge(7, Instant::now());
        write(&mut sent, 1..3, 5 * bytes, Instant::now());
        assert!(sent.take_back(8).is_none());
        assert_eq!(sent.take_back(9).map(|frames| frames.len()), Some(2));
    }

    #[test]
    fn an_idle_session_keeps_nothing_and_a_silent_one_not_for_long() {
        let mut sent = counting();
        let now = Instant::now();
        write(&mut sent, 0..3, PLENTY, now);
        assert!(sent.forget_overdue(now + limits::ACK_OVERDUE / 2));
        assert!(!sent.forget_overdue(now + limits::ACK_OVERDUE));
        sent.acknowledge(3, now);
        write(&mut sent, 0..3, PLENTY, now);
        sent.acknowledge(6, now);
        assert!(sent.retained.is_none());
    }

    #[test]
    fn a_frame_kept_costs_no_more_than_sixteen_bytes() {
        let mut sent = counting();
        for number in 0..limits::RETAINED_FRAMES {
            sent.wrote(frame(number), PLENTY, Instant::now);
            let places = sent.retained.as_ref().map_or(0, |retained| retained.frames.capacity());
            assert!(8 * places <= (16 * sent.retained().1).max(8 * SPARE_PLACES));
            if number % 1000 == 999 {
                sent.acknowledge(number as u64 - 100, Instant::now());
            }
        }
    }

    proptest! {
        /// However frames come, are written, acknowledged and cut: the client has each once, and in the order of its lane.
        #[test]
        fn the_client_has_each_frame_once(steps in proptest::collection::vec((0usize..6, 0usize..40), 1..200)) {
            let bounds = LaneBounds { high_bytes: PLENTY, normal_bytes: PLENTY };
            let (mut queue, mut sent, mut pushed) = (Queue::default(), counting(), 0);
            let mut client = Received::default();
            for (step, much) in steps {
                match step {
                    0..3 => for _ in 0..much / 4 {
                        queue.push(&frame(pushed), &bounds, |_| ());
                        pushed += 1;
                    },
                    3 => client.read(&mut queue, &mut sent, 7 * much),
                    4 => sent.acknowledge(client.whole as u64, Instant::now()),
                    _ => {
                        client.begun.clear();
                        queue.disconnect();
                        queue.put_back(sent.take_back(client.whole as u64).expect("all is kept").into_iter());
                    }
                }
            }
            client.read(&mut queue, &mut sent, PLENTY);
            for lane in [0, 1] {
                let expected: Vec<usize> = (0..pushed).filter(|n| usize::from(!n.is_multiple_of(3)) == lane).collect();
                prop_assert_eq!(&client.lanes[lane], &expected);
            }
        }
    }

    /// What the other side has of the stream.
    #[derive(Default)]
    struct Received {
        begun: Vec<u8>,
        whole: usize,
        lanes: [Vec<usize>; 2],
    }

    impl Received {
        /// Takes up to so many bytes, as a socket would.
        fn read(&mut self, queue: &mut Queue, sent: &mut Sent, mut bytes: usize) {
            while bytes > 0 && queue.settle(limits::WRITE_BYTES) {
                let next: Vec<u8> =
                    queue.next_write(limits::WRITE_BYTES).iter().flat_map(|slice| slice.to_vec()).collect();
                let taken = bytes.min(next.len());
                queue.advance(taken, |frame| sent.wrote(frame, PLENTY, Instant::now));
                self.begun.extend_from_slice(&next[..taken]);
                bytes -= taken;
                // A header of two bytes, and a short payload.
                while self.begun.len() >= 2 && self.begun.len() >= 2 + usize::from(self.begun[1]) {
                    let frame: Vec<u8> = self.begun.drain(..2 + usize::from(self.begun[1])).collect();
                    let number: usize = std::str::from_utf8(&frame[2..]).unwrap().parse().unwrap();
                    self.lanes[usize::from(!number.is_multiple_of(3))].push(number);
                    self.whole += 1;
                }
            }
        }
    }
}
