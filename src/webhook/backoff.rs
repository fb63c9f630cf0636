//! How long an event waits before it is tried again.

use std::time::Duration;

/// The first time, at the most.
const FIRST: Duration = Duration::from_secs(1);

/// The wait after so many attempts: one second doubled each time, up to `longest`, of which `dice` takes between half and all, so that
/// what failed together does not come back together. What the receiver `asked` for is kept where it is longer, up to `longest` too.
pub(super) fn wait(attempts: u32, dice: u64, asked: Option<Duration>, longest: Duration) -> Duration {
    let doubled = FIRST.saturating_mul(1 << attempts.saturating_sub(1).min(30)).min(longest);
    let half = doubled / 2;
    let share = u32::try_from(dice % 1001).unwrap_or(0);
    let jittered = half + half * share / 1000;
    jittered.max(asked.unwrap_or_default().min(longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn it_doubles_up_to_the_longest_and_has_a_share_of_chance() {
        for (attempts, most) in [(1, 1), (2, 2), (3, 4), (12, 2048), (13, 3600), (u32::MAX, 3600)] {
            let most = Duration::from_secs(most);
            assert_eq!(wait(attempts, 0, None, HOUR), most / 2);
            assert_eq!(wait(attempts, 1000, None, HOUR), most);
            let between = wait(attempts, 123_456_789, None, HOUR);
            assert!(most / 2 <= between && between <= most);
        }
    }

    #[test]
    fn what_the_receiver_asks_for_is_kept_within_bounds() {
        let asked = |seconds| wait(3, 1000, Some(Duration::from_secs(seconds)), HOUR);
        assert_eq!([asked(1), asked(60), asked(u64::MAX)].map(|wait| wait.as_secs()), [4, 60, 3600]);
    }
}
