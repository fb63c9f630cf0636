//! What a writer does because time has passed, and not because of a job.

use std::time::{Duration, Instant};

use crate::base::Clock;
use crate::wire::CloseCode;

use super::{Address, Writer};

/// How often it is looked for clients that do not say what they have.
const OVERDUE_CHECK: Duration = Duration::from_secs(5);
/// How often stalled members are looked for.
const STALL_CHECK: Duration = Duration::from_secs(1);

impl Writer {
    /// Writes again to those whose pace allows it now.
    pub(super) fn release_paced(&mut self) {
        let now = self.clock.now();
        let mut paced = std::mem::take(&mut self.paced);
        paced.retain(|&(until, address)| {
            let waits = until > now;
            if let (false, Some(outlet)) = (waits, self.outlets.get_mut(address)) {
                outlet.paced = false;
                self.with(address, |_| ());
            }
            waits
        });
        self.paced = paced;
    }

    /// Lets go of what clients should have said long ago that they have.
    pub(super) fn forget_overdue(&mut self) {
        let now = self.clock.now();
        self.next_forgetting = now + OVERDUE_CHECK;
        self.retaining.retain(|&address| {
            let Some(outlet) = self.outlets.get_mut(address) else { return false };
            outlet.retains = outlet.forget_overdue(now);
            outlet.retains
        });
    }

    /// Ends those whose socket has taken nothing for too long, and forgets those that go on.
    pub(super) fn close_stalled(&mut self) {
        let now = self.clock.now();
        self.next_check = now + STALL_CHECK;
        let mut blocked = std::mem::take(&mut self.blocked);
        blocked.retain(|&address| {
            let Some(outlet) = self.outlets.get_mut(address) else { return false };
            let stalled = outlet.blocked_since.map(|since| now.duration_since(since) >= self.settings.stall);
            outlet.watched = stalled == Some(false);
            if stalled == Some(true) {
                self.with(address, |outlet| outlet.give_up(CloseCode::TooSlow));
            }
            stalled == Some(false)
        });
        self.blocked = blocked;
    }
}

/// The moment when the first of them may be written again.
pub(super) async fn next_paced(clock: &Clock, paced: &[(Instant, Address)]) {
    if let Some(first) = paced.iter().map(|(until, _)| *until).min() {
        clock.sleep_until(first).await;
    }
}
