//! What a member's full lane dropped, so that a re-send can bring it back.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::base::limits;

use super::MessageKey;

/// Remembers the latest. Beyond its bound it no longer knows, and then says that it may have been dropped: a message that comes twice is
/// dropped by its client, one that never comes is lost.
#[derive(Debug, Default)]
pub(super) struct Missed {
    latest: VecDeque<MessageKey>,
    forgot: bool,
    /// When the last of them was dropped.
    last: Option<Instant>,
}

impl Missed {
    /// Whether all of it is older than a re-send is recognised.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        let window = Duration::from_millis(limits::RESEND_WINDOW_MS);
        self.last.is_none_or(|last| now.duration_since(last) >= window)
    }

    pub(super) fn note(&mut self, key: MessageKey, now: Instant) {
        self.last = Some(now);
        if self.latest.len() == limits::MISSED_ENTRIES {
            self.latest.pop_front();
            self.forgot = true;
        }
        self.latest.push_back(key);
    }

    /// Whether the message was dropped, or may have been. A known one is told once.
    pub(super) fn take(&mut self, key: MessageKey) -> bool {
        let before = self.latest.len();
        // Every copy of it: it may have been sent, and dropped, more than once.
        self.latest.retain(|missed| *missed != key);
        self.latest.len() < before || self.forgot
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Accid, MsgId, RoomId};
    use crate::presence::frame::KeyMaker;

    fn key(number: usize) -> MessageKey {
        thread_local!(static KEYS: KeyMaker = KeyMaker::default());
        let msg_id = MsgId::parse("msgId", &number.to_string()).unwrap();
        KEYS.with(|keys| keys.key(RoomId::from_row(1), &Accid::parse("accid", "a").unwrap(), &msg_id))
    }

    #[test]
    fn a_message_dropped_twice_is_told_once() {
        let mut missed = Missed::default();
        let now = Instant::now();
        missed.note(key(1), now);
        missed.note(key(2), now);
        missed.note(key(1), now);
        assert!(missed.take(key(1)) && !missed.take(key(1)));
        assert!(missed.take(key(2)) && !missed.take(key(3)));
    }

    #[test]
    fn beyond_its_bound_anything_may_have_been_dropped() {
        let mut missed = Missed::default();
        for number in 0..=limits::MISSED_ENTRIES {
            missed.note(key(number), Instant::now());
        }
        assert!(missed.take(key(0)), "the oldest is forgotten, and may be any");
    }

    #[test]
    fn it_is_over_when_no_resend_is_recognised_any_more() {
        let mut missed = Missed::default();
        let now = Instant::now();
        missed.note(key(1), now);
        let window = Duration::from_millis(limits::RESEND_WINDOW_MS);
        assert!(!missed.is_over(now + window - Duration::from_millis(1)) && missed.is_over(now + window));
    }
}
