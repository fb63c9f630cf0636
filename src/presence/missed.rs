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
        match self.latest.iter().position(|missed| *missed == key) {
            Some(at) => self.latest.remove(at).is_some(),
            None => self.forgot,
        }
    }
}
