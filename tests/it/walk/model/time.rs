//! Time as the model knows it: the gateway's moment of a call lies somewhere between its sending and its answer.

use std::ops::RangeInclusive;
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds between which something happened.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub from: u64,
    pub to: u64,
}

/// When something ends, as exactly as is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Until {
    earliest: u64,
    latest: u64,
}

pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock");
    u64::try_from(since.as_millis()).expect("a time")
}

impl Window {
    /// From `from` until now.
    pub fn since(from: u64) -> Window {
        Window { from, to: now() }
    }
}

impl Until {
    pub fn after(seconds: i64, when: Window) -> Until {
        let millis = u64::try_from(seconds).expect("not negative") * 1000;
        Until { earliest: when.from + millis, latest: when.to + millis }
    }

    /// The seconds that are left, begun ones counted.
    pub fn left(self, when: Window) -> RangeInclusive<u64> {
        let seconds = |end: u64, moment: u64| end.saturating_sub(moment).div_ceil(1000);
        seconds(self.earliest, when.to)..=seconds(self.latest, when.from)
    }
}
