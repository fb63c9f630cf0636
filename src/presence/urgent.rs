//! Urgent messages of the last half minute, and who left meanwhile: whoever comes back in time gets what it missed (section 3.1).

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use crate::base::{Accid, limits};

use super::{Frame, MessageKey, Range};

#[derive(Debug, Default)]
pub(super) struct Urgent {
    /// Counts all that were sent.
    sequence: u64,
    sent: VecDeque<Sent>,
    bytes: usize,
    /// When each account last left, and which message it would have got next.
    left: HashMap<Accid, (Instant, u64)>,
    by_age: VecDeque<(Instant, Accid)>,
}

#[derive(Debug)]
struct Sent {
    at: Instant,
    number: u64,
    frame: Arc<Frame>,
    range: Range,
}

impl Urgent {
    /// Whether nothing is remembered.
    pub(super) fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// A session of this account left.
    pub(super) fn note_leaving(&mut self, accid: &Accid, now: Instant) {
        self.forget(now);
        self.left.insert(accid.clone(), (now, self.sequence));
        self.by_age.push_back((now, accid.clone()));
    }

    /// This account is not to come back for anything.
    pub(super) fn forget_leaving(&mut self, accid: &Accid) {
        self.left.remove(accid);
    }

    /// An urgent message to everybody in range was sent.
    pub(super) fn note_sending(&mut self, frame: &Arc<Frame>, range: &Range, now: Instant) {
        self.forget(now);
        let number = self.sequence;
        self.sequence += 1;
        // Nobody could come back for it.
        if self.left.is_empty() {
            return;
        }
        self.bytes += frame.bytes().len();
        // Whoever comes back gets it in its turn: it must not overtake the answer to its coming.
        self.sent.push_back(Sent { at: now, number, frame: Arc::new(frame.in_turn()), range: range.clone() });
        while self.bytes > limits::URGENT_BYTES && self.sent.len() > 1 {
            self.drop_oldest();
        }
    }

    /// Whether this message waits for those who come back.
    pub(super) fn knows(&self, key: MessageKey) -> bool {
        self.sent.iter().any(|sent| sent.frame.key == Some(key))
    }

    /// This message was taken back: nobody comes back for it.
    pub(super) fn forget_message(&mut self, key: MessageKey) {
        self.sent.retain(|sent| sent.frame.key != Some(key));
        self.bytes = self.sent.iter().map(|sent| sent.frame.bytes().len()).sum();
    }

    /// What an account that enters has missed since it left, if it left lately.
    pub(super) fn missed_by(&mut self, accid: &Accid, now: Instant) -> Vec<(Arc<Frame>, Range)> {
        self.forget(now);
        let Some((_, next)) = self.left.remove(accid) else { return Vec::new() };
        let missed = self.sent.iter().filter(|sent| sent.number >= next);
        missed.map(|sent| (sent.frame.clone(), sent.range.clone())).collect()
    }

    /// Forgets what is too old, or too much.
    pub(super) fn forget(&mut self, now: Instant) {
        let old = |at: Instant| now.duration_since(at) >= limits::URGENT_TIME;
        while self.sent.front().is_some_and(|sent| old(sent.at)) {
            self.drop_oldest();
        }
        while self.by_age.front().is_some_and(|(at, _)| old(*at)) || self.by_age.len() > limits::LEAVERS {
            let Some((at, accid)) = self.by_age.pop_front() else { break };
            // It may have left again since.
            if self.left.get(&accid).is_some_and(|(last, _)| *last == at) {
                self.left.remove(&accid);
            }
        }
        if self.left.is_empty() {
            self.left.shrink_to_fit();
            self.by_age.shrink_to_fit();
            self.sent = VecDeque::new();
            self.bytes = 0;
        }
    }

    fn drop_oldest(&mut self) {
        if let Some(sent) = self.sent.pop_front() {
            self.bytes -= sent.frame.bytes().len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lane;
    use crate::wire::Text;
    use std::time::Duration;

    fn ann() -> Accid {
        Accid::parse("accid", "ann").unwrap()
    }

    fn frame(text: &str) -> Arc<Frame> {
        Arc::new(Frame::message(Text::json(&text), Lane::High, None))
    }

    fn texts(missed: &[(Arc<Frame>, Range)]) -> Vec<&str> {
        missed.iter().map(|(frame, _)| frame.text.payload()).collect()
    }

    #[test]
    fn whoever_comes_back_in_time_gets_what_came_meanwhile_and_once() {
        let (mut urgent, start) = (Urgent::default(), Instant::now());
        urgent.note_sending(&frame("before"), &Range::default(), start);
        urgent.note_leaving(&ann(), start);
        urgent.note_sending(&frame("while away"), &Range::default(), start + Duration::from_secs(1));
        let back = start + limits::URGENT_TIME - Duration::from_millis(1);
        assert_eq!(texts(&urgent.missed_by(&ann(), back)), [r#""while away""#]);
        assert!(urgent.missed_by(&ann(), back).is_empty());
    }

    #[test]
    fn after_half_a_minute_all_is_forgotten() {
        let (mut urgent, start) = (Urgent::default(), Instant::now());
        urgent.note_leaving(&ann(), start);
        urgent.note_sending(&frame("x"), &Range::default(), start);
        urgent.forget(start + limits::URGENT_TIME);
        assert!(urgent.is_empty() && urgent.sent.is_empty());
        assert_eq!((urgent.bytes, urgent.by_age.len()), (0, 0));
    }

    #[test]
    fn it_is_bounded_in_bytes() {
        let (mut urgent, now) = (Urgent::default(), Instant::now());
        urgent.note_leaving(&ann(), now);
        let large = frame(&"x".repeat(limits::URGENT_BYTES / 3));
        for _ in 0..5 {
            urgent.note_sending(&large, &Range::default(), now);
        }
        assert!(urgent.bytes <= limits::URGENT_BYTES);
        assert_eq!(urgent.missed_by(&ann(), now).len(), 2);
    }
}
