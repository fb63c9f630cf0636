//! When a message was due and which lane it takes, carried in its id: so every server brings it along and none has to know.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// The load's time begins when it is first asked.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Nanoseconds of the load's time.
pub fn now() -> u64 {
    u64::try_from(START.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// A moment of the load's time as the system's clock has it.
pub fn instant(nanos: u64) -> Instant {
    *START + Duration::from_nanos(nanos)
}

/// A lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// What has its turn.
    Normal,
    /// What goes first.
    High,
}

/// The id of message `number`, due at `nanos`. All are of one length.
pub fn write(lane: Lane, nanos: u64, number: u64) -> String {
    let letter = if lane == Lane::High { 'h' } else { 'n' };
    format!("{letter}{nanos:016x}{number:010x}")
}

/// What an id says.
pub fn read(id: &str) -> Option<(Lane, u64)> {
    let lane = if id.starts_with('h') { Lane::High } else { Lane::Normal };
    Some((lane, u64::from_str_radix(id.get(1..17)?, 16).ok()?))
}
