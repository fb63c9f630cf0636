//! Whether an address answers, and how many may ask it at once. One that fails is asked by fewer, in the end by one after a pause, until
//! it answers again, and then by twice as many with each answer: a receiver that is down costs little, and finds no crowd at its door
//! when it is back.

use std::time::{Duration, Instant};

/// Failures in a row that make an address a failing one.
const FAILURES: u32 = 3;
/// The first pause; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(100);
/// The longest.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Health {
    most: usize,
    width: usize,
    failures: u32,
    pauses: u32,
    /// The end of the pause.
    not_before: Option<Instant>,
    /// Until then it has asked to be left alone.
    busy_until: Option<Instant>,
}

impl Health {
    /// An address that may be asked by so many at once.
    pub(super) fn new(most: usize) -> Health {
        Health { most, width: most, failures: 0, pauses: 0, not_before: None, busy_until: None }
    }

    /// Whether one more may ask, beside so many.
    pub(super) fn admits(&self, running: usize, now: Instant) -> bool {
        running < self.width && self.not_before().is_none_or(|moment| moment <= now)
    }

    /// When the next may ask, where that is not at once.
    pub(super) fn not_before(&self) -> Option<Instant> {
        self.not_before.max(self.busy_until)
    }

    /// It wants not to be asked before this moment.
    pub(super) fn leave_alone(&mut self, until: Instant) {
        self.busy_until = self.busy_until.max(Some(until));
    }

    /// It answered. Tells whether it had been failing.
    pub(super) fn succeeded(&mut self) -> bool {
        let failed = self.failures >= FAILURES;
        (self.failures, self.pauses, self.not_before) = (0, 0, None);
        self.width = self.width.saturating_mul(2).min(self.most);
        failed
    }

    /// It did not. Tells whether it is failing from now on.
    pub(super) fn failed(&mut self, now: Instant) -> bool {
        self.failures = self.failures.saturating_add(1);
        if self.failures < FAILURES {
            return false;
        }
        self.width = (self.width / 2).max(1);
        // Of those that were on their way together the first one counts.
        if self.not_before.is_none_or(|moment| moment <= now) {
            let pause = PAUSE.saturating_mul(1 << self.pauses.min(16)).min(LONGEST_PAUSE);
            self.pauses += 1;
            self.not_before = Some(now + pause);
        }
        self.failures == FAILURES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_address_is_asked_by_fewer_until_it_answers() {
        let now = Instant::now();
        let mut health = Health::new(16);
        assert!(health.admits(15, now) && !health.admits(16, now));
        assert!(!health.failed(now) && !health.failed(now) && health.admits(15, now));
        assert!(health.failed(now) && !health.admits(0, now));
        let later = now + PAUSE;
        assert!(health.admits(7, later) && !health.admits(8, later));
        (0..10).for_each(|_| assert!(!health.failed(later)));
        assert!(!health.admits(0, later));
        let later = later + PAUSE * 2;
        assert!(health.admits(0, later) && !health.admits(1, later));
        for width in [2, 4, 8, 16, 16] {
            assert_eq!(health.succeeded(), width == 2);
            assert!(health.admits(width - 1, now) && !health.admits(width, now));
        }
    }

    #[test]
    fn an_address_that_asks_for_it_is_left_alone_whatever_else_it_answers() {
        let now = Instant::now();
        let mut health = Health::new(16);
        health.leave_alone(now + PAUSE * 9);
        health.leave_alone(now + PAUSE);
        assert!(!health.succeeded() && !health.admits(0, now + PAUSE * 8));
        assert!(health.admits(15, now + PAUSE * 9));
    }

    #[test]
    fn a_pause_has_a_longest() {
        let mut now = Instant::now();
        let mut health = Health::new(1);
        for _ in 0..100 {
            health.failed(now);
            now = health.not_before().unwrap_or(now);
        }
        health.failed(now);
        assert_eq!(health.not_before(), Some(now + LONGEST_PAUSE));
    }
}
