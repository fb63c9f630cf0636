//! When a room closes by itself (section 4.6).

use crate::base::{Invalid, Millis, Params, limits};

/// A room's schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Closing {
    /// What it follows.
    pub policy: Policy,
    /// After how long.
    pub seconds: i64,
    /// When the policy was set.
    pub started: Millis,
    /// When it closes, unless something changes; `None` while nothing counts down.
    pub due: Option<Millis>,
}

/// What a schedule follows. The numbers are the hosted service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// It stays open.
    #[default]
    Never = 0,
    /// A time after the policy was set, whoever is in it.
    AfterTime = 1,
    /// A time after it became empty.
    WhenIdle = 2,
}

/// A schedule as a caller asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedClosing {
    policy: Policy,
    seconds: i64,
}

impl Policy {
    /// The policy of this number.
    pub fn from_number(number: i64) -> Policy {
        match number {
            1 => Policy::AfterTime,
            2 => Policy::WhenIdle,
            _ => Policy::Never,
        }
    }
}

impl AskedClosing {
    /// Reads `delayClosePolicy` and `delaySeconds`. A delay of 0 is one that was left out: Go clients leave every zero out.
    pub fn read(params: &Params) -> Result<AskedClosing, Invalid> {
        let policy = Policy::from_number(params.integer("delayClosePolicy", 0..=2)?.unwrap_or(0));
        let most = limits::CLOSE_DELAY_SECONDS;
        let seconds = params.integer("delaySeconds", 0..=most)?.filter(|seconds| *seconds > 0).unwrap_or(most);
        Ok(AskedClosing { policy, seconds })
    }

    /// Whether anything is to be scheduled.
    pub fn is_some(&self) -> bool {
        self.policy != Policy::Never
    }

    /// The schedule that begins now in a room that is empty or not.
    pub fn begin(self, now: Millis, empty: bool) -> Closing {
        let mut closing = Closing { policy: self.policy, seconds: self.seconds, started: now, due: None };
        closing.due = match self.policy {
            Policy::AfterTime => Some(closing.end(now)),
            _ => None,
        };
        closing.attend(now, empty);
        closing
    }
}

impl Closing {
    /// Whether anything is scheduled.
    pub fn is_some(&self) -> bool {
        self.policy != Policy::Never
    }

    /// Whether it matters who is in the room.
    pub fn follows_presence(&self) -> bool {
        self.policy == Policy::WhenIdle
    }

    /// The room is empty now, or no longer: only a policy that follows that changes its due moment. A countdown that runs is not begun
    /// again.
    pub fn attend(&mut self, now: Millis, empty: bool) {
        if self.policy == Policy::WhenIdle {
            self.due = empty.then(|| self.due.unwrap_or_else(|| self.end(now)));
        }
    }

    fn end(&self, from: Millis) -> Millis {
        from.saturating_add(self.seconds.unsigned_abs().saturating_mul(1000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(policy: &str, seconds: &str) -> AskedClosing {
        let pairs = [("delayClosePolicy", policy), ("delaySeconds", seconds)];
        AskedClosing::read(&Params::from_form(pairs.map(|(name, value)| (name.into(), value.into())).into())).unwrap()
    }

    #[test]
    fn a_fixed_time_does_not_care_who_is_in() {
        for empty in [true, false] {
            let mut closing = asked("1", "100").begin(5000, empty);
            assert_eq!(closing.due, Some(105_000));
            closing.attend(50_000, !empty);
            assert_eq!(closing.due, Some(105_000));
        }
    }

    #[test]
    fn idle_time_counts_from_the_moment_it_became_empty() {
        let mut closing = asked("2", "10").begin(0, true);
        assert_eq!(closing.due, Some(10_000), "nobody has ever come");
        closing.attend(3000, false);
        assert_eq!(closing.due, None);
        closing.attend(7000, true);
        closing.attend(8000, true);
        assert_eq!(closing.due, Some(17_000), "still empty is not empty again");
    }

    #[test]
    fn no_delay_is_seven_days() {
        assert_eq!(asked("1", "").begin(0, true).due, Some(604_800_000));
        assert_eq!(asked("1", "0").begin(0, true).due, Some(604_800_000));
        assert_eq!(asked("0", "5").begin(0, true).due, None);
    }
}
