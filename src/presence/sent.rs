//! What was written to a session and its client may not have yet: counted, and kept until the client says that it has it (promise 5 of the
//! socket protocol). Kept are the shared frames themselves; an idle session keeps none.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use crate::base::limits;

use super::Frame;

/// Places that stay in any case: giving them back after each acknowledgement would only mean to take them again.
const SPARE_PLACES: usize = 64;

#[derive(Default)]
pub(super) struct Sent {
    /// The number of the last frame written. Frames before the reply to the login have none, so it begins below 1.
    written: i64,
    counts: bool,
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
        if self.lapsed || !self.counts || self.written < 1 {
            return;
        }
        let new = || Box::new(Retained { frames: VecDeque::new(), bytes: 0, owed_since: now() });
        let retained = self.retained.get_or_insert_with(new);
        retained.bytes += frame.bytes().len();
        retained.frames.push_back(frame);
        if retained.bytes > bound || retained.frames.len() > limits::RETAINED_FRAMES {
            self.lapse();
        }
    }

    /// The client has this many frames. What it can't have is not believed.
    pub(super) fn acknowledge(&mut self, received: u64, now: Instant) {
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
