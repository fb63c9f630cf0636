//! How fast one session is written to, where somebody wants it slower than it reads: so many bytes a second, with a small burst. What was
//! written beyond that is waited for afterwards, so a frame of any size goes whole. Knows no frames and no sockets.

use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use crate::base::limits;

#[derive(Debug)]
pub(super) struct Pace {
    bytes_per_second: NonZeroU64,
    /// When all that was written is paid for; in the past where less was written than could have been.
    paid_at: Instant,
}

impl Pace {
    pub(super) fn new(bytes_per_second: NonZeroU64, now: Instant) -> Pace {
        Pace { bytes_per_second, paid_at: now }
    }

    pub(super) fn bytes_per_second(&self) -> NonZeroU64 {
        self.bytes_per_second
    }

    /// How many bytes the next write may have, at least one; else when to ask again.
    pub(super) fn room(&self, now: Instant) -> Result<usize, Instant> {
        if self.paid_at > now {
            return Err(self.paid_at);
        }
        let saved = now.duration_since(self.paid_at).min(limits::PACE_BURST);
        let bytes = saved.as_secs_f64() * self.bytes_per_second.get() as f64;
        Ok((bytes as usize).clamp(1, limits::WRITE_BYTES))
    }

    /// So many bytes were written.
    pub(super) fn wrote(&mut self, bytes: usize, now: Instant) {
        let oldest = now.checked_sub(limits::PACE_BURST).unwrap_or(now);
        self.paid_at = self.paid_at.max(oldest) + self.time_of(bytes);
    }

    fn time_of(&self, bytes: usize) -> Duration {
        let nanos = bytes as u128 * 1_000_000_000 / u128::from(self.bytes_per_second.get());
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pace(bytes_per_second: u64, now: Instant) -> Pace {
        Pace::new(NonZeroU64::new(bytes_per_second).unwrap(), now)
    }

    #[test]
    fn whoever_was_silent_has_a_small_burst_and_no_more() {
        let start = Instant::now();
        let pace = pace(1000, start);
        assert_eq!(pace.room(start), Ok(1), "one frame goes at once");
        assert_eq!(pace.room(start + Duration::from_millis(100)), Ok(100));
        assert_eq!(pace.room(start + Duration::from_secs(60)), Ok(250));
    }

    #[test]
    fn what_was_written_beyond_it_is_waited_for() {
        let start = Instant::now();
        let mut pace = pace(1000, start);
        pace.wrote(3000, start);
        let paid = start + Duration::from_secs(3);
        assert_eq!(pace.room(paid - Duration::from_millis(1)), Err(paid));
        assert_eq!(pace.room(paid), Ok(1));
    }

    proptest! {
        /// Whatever is written whenever there is room: over any time it is no faster than its pace, but for the burst and the last frame.
        #[test]
        fn in_the_long_run_it_is_kept(rate in 64u64..100_000, frames in proptest::collection::vec((1usize..5000, 0u64..2000), 1..100)) {
            let start = Instant::now();
            let (mut now, mut written, mut last) = (start, 0, 0);
            let mut pace = pace(rate, now);
            for (bytes, pause) in frames {
                now += Duration::from_millis(pause);
                if let Err(later) = pace.room(now) {
                    prop_assert!(later > now);
                    now = later;
                }
                prop_assert!(pace.room(now).is_ok(), "it is a moment to write at");
                pace.wrote(bytes, now);
                written += bytes;
                last = bytes;
                let most = (now - start + limits::PACE_BURST).as_secs_f64() * rate as f64 + last as f64;
                prop_assert!(written as f64 <= most + 1.0, "{written} of {most}");
            }
            prop_assert!(last > 0);
        }
    }
}
