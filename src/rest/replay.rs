//! Signed headers that were used before, where they are to be refused.

use std::collections::{HashSet, VecDeque};

use parking_lot::Mutex;

use crate::auth::CheckSum;
use crate::base::{Millis, limits};
use crate::model::Refusal;
use crate::settings::Replay;

/// Remembers every verified call for as long as its signature could be used again.
#[derive(Debug)]
pub(super) struct ReplayGuard {
    seen: Option<Mutex<Seen>>,
}

#[derive(Debug, Default)]
struct Seen {
    sums: HashSet<CheckSum>,
    by_age: VecDeque<(Millis, CheckSum)>,
}

impl ReplayGuard {
    pub(super) fn new(replay: Replay) -> ReplayGuard {
        ReplayGuard { seen: (replay == Replay::Reject).then(Mutex::default) }
    }

    /// Lets a verified call pass once.
    pub(super) fn admit(&self, sum: CheckSum, now: Millis) -> Result<(), Refusal> {
        let Some(seen) = &self.seen else { return Ok(()) };
        let mut seen = seen.lock();
        seen.forget(now);
        if seen.sums.contains(&sum) {
            return Err(Refusal::Replayed);
        }
        // Better to refuse a call than to let one pass twice.
        if seen.sums.len() >= limits::REPLAYS {
            return Err(Refusal::Busy("too many calls to remember while rest.replay is \"reject\"".into()));
        }
        seen.sums.insert(sum);
        seen.by_age.push_back((now, sum));
        Ok(())
    }
}

impl Seen {
    /// CurTime may lie a window ahead of our clock and then stays good for another one.
    fn forget(&mut self, now: Millis) {
        let lifetime = 2 * limits::SIGNATURE_WINDOW.as_millis() + 1000;
        while let Some((at, sum)) = self.by_age.front()
            && u128::from(now.saturating_sub(*at)) > lifetime
        {
            self.sums.remove(sum);
            self.by_age.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::App;

    fn sum(nonce: &[u8]) -> CheckSum {
        App::new("k", "s").check_sum(nonce, b"1")
    }

    #[test]
    fn a_call_passes_once_while_its_signature_is_good() {
        let guard = ReplayGuard::new(Replay::Reject);
        assert_eq!(guard.admit(sum(b"a"), 0), Ok(()));
        assert_eq!(guard.admit(sum(b"b"), 0), Ok(()));
        assert_eq!(guard.admit(sum(b"a"), 601_000), Err(Refusal::Replayed));
        assert_eq!(guard.admit(sum(b"a"), 601_001), Ok(()));
    }

    #[test]
    fn by_default_a_call_may_come_again() {
        let guard = ReplayGuard::new(Replay::Accept);
        for _ in 0..3 {
            assert_eq!(guard.admit(sum(b"a"), 0), Ok(()));
        }
    }
}
