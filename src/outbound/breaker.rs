//! Stops asking a service that fails, so that nobody waits for it in vain. After a while one is let through to see whether it is back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::base::Clock;

/// Failures in a row before it opens.
const FAILURES: u32 = 5;
/// How long it stays open before the next look.
const PAUSE: Duration = Duration::from_secs(10);

/// Closed while the service answers, open while it does not. Clones share it.
#[derive(Debug, Clone)]
pub struct Breaker {
    clock: Clock,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    /// Nobody is let through before then; after it one at a time.
    open_until: Option<Instant>,
}

/// Leave to ask once. Dropped without a word it says nothing about the service.
#[derive(Debug)]
#[must_use = "say how it went"]
pub struct Leave {
    breaker: Breaker,
}

impl Breaker {
    /// Closed.
    pub fn new(clock: Clock) -> Breaker {
        Breaker { clock, state: Arc::default() }
    }

    /// Leave to ask; `None` while it is open.
    pub fn admit(&self) -> Option<Leave> {
        let (mut state, now) = (self.state.lock(), self.clock.now());
        match state.open_until {
            Some(until) if now < until => return None,
            // Whoever comes first looks; the others wait until that is known, or until the next look.
            Some(_) => state.open_until = Some(now + PAUSE),
            None => {}
        }
        Some(Leave { breaker: self.clone() })
    }
}

impl Leave {
    /// The service answered.
    pub fn succeeded(self) {
        *self.breaker.state.lock() = State::default();
    }

    /// It did not. Answers whether the breaker opened just now.
    pub fn failed(self) -> bool {
        let mut state = self.breaker.state.lock();
        state.failures = state.failures.saturating_add(1);
        let opens = state.failures >= FAILURES;
        let first = opens && state.open_until.is_none();
        if opens {
            state.open_until = Some(self.breaker.clock.now() + PAUSE);
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_failures_in_a_row_and_one_looks_whether_it_is_back() {
        let clock = Clock::test();
        let breaker = Breaker::new(clock.clone());
        for _ in 1..FAILURES {
            assert!(!breaker.admit().unwrap().failed());
        }
        breaker.admit().unwrap().succeeded();
        for _ in 1..FAILURES {
            assert!(!breaker.admit().unwrap().failed(), "only failures in a row count");
        }
        assert!(breaker.admit().unwrap().failed());
        assert!(breaker.admit().is_none());
        clock.advance(PAUSE);
        let look = breaker.admit().unwrap();
        assert!(breaker.admit().is_none(), "one looks at a time");
        assert!(!look.failed());
        assert!(breaker.admit().is_none());
        clock.advance(PAUSE);
        breaker.admit().unwrap().succeeded();
        assert!(breaker.admit().is_some() && breaker.admit().is_some());
    }

    #[test]
    fn a_look_that_says_nothing_is_followed_by_another() {
        let clock = Clock::test();
        let breaker = Breaker::new(clock.clone());
        (0..FAILURES).for_each(|_| _ = breaker.admit().unwrap().failed());
        clock.advance(PAUSE);
        drop(breaker.admit().unwrap());
        assert!(breaker.admit().is_none());
        clock.advance(PAUSE);
        assert!(breaker.admit().is_some());
    }
}
