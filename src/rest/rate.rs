//! How often an action may be called (section 1.6). Counts calls by the action's name; knows no callers, since there is one application.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::api::Rate;
use crate::base::limits;
use crate::model::Refusal;

/// Counts the calls of every action. Its window starts with the first call and is not a sliding one, so around the end of one up to twice
/// the limit may pass within its length: each action needs no more memory than a number and a moment.
#[derive(Debug)]
pub(super) struct RateLimiter {
    /// `None` refuses nothing, whatever an action's own rate is.
    calls_per_second: Option<u32>,
    actions: Mutex<HashMap<&'static str, State>>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Counting { since: Instant, calls: u32 },
    Blocked { until: Instant },
}

/// An action is refused for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Blocked {
    action: &'static str,
    limit: Limit,
    left: Duration,
}

/// A rate in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Limit {
    calls: u32,
    window: Duration,
    block: Duration,
}

impl Limit {
    fn of(rule: Rate, calls_per_second: u32) -> Limit {
        match rule {
            Rate::PerSecond => {
                Limit { calls: calls_per_second, window: Duration::from_secs(1), block: limits::RATE_BLOCK }
            }
            Rate::PerMinute(calls) => {
                Limit { calls, window: Duration::from_secs(60), block: limits::MINUTE_RATE_BLOCK }
            }
        }
    }
}

impl RateLimiter {
    /// A limiter with the rate that most actions have; `None` switches it off.
    pub(super) fn new(calls_per_second: Option<u32>) -> RateLimiter {
        RateLimiter { calls_per_second, actions: Mutex::default() }
    }

    /// Counts a call of `action`, or refuses it. The call that is one too many begins the block; those that come during it don't
    /// prolong it.
    pub(super) fn admit(&self, action: &'static str, rule: Rate, now: Instant) -> Result<(), Blocked> {
        let Some(calls_per_second) = self.calls_per_second else { return Ok(()) };
        let limit = Limit::of(rule, calls_per_second);
        let mut actions = self.actions.lock();
        let state = actions.entry(action).or_insert(State::Counting { since: now, calls: 0 });
        *state = state.after_call(limit, now);
        match *state {
            State::Counting { .. } => Ok(()),
            State::Blocked { until } => Err(Blocked { action, limit, left: until.saturating_duration_since(now) }),
        }
    }
}

impl State {
    fn after_call(self, limit: Limit, now: Instant) -> State {
        let (since, calls) = match self {
            State::Blocked { until } if now < until => return self,
            State::Counting { since, calls } if now.saturating_duration_since(since) < limit.window => (since, calls),
            State::Blocked { .. } | State::Counting { .. } => (now, 0),
        };
        if calls < limit.calls {
            State::Counting { since, calls: calls + 1 }
        } else {
            State::Blocked { until: now + limit.block }
        }
    }
}

impl Blocked {
    /// Whole seconds until the action may be called again, rounded up.
    pub(super) fn seconds_left(&self) -> u64 {
        self.left.as_secs() + u64::from(self.left.subsec_nanos() > 0)
    }
}

impl From<Blocked> for Refusal {
    fn from(blocked: Blocked) -> Refusal {
        let (action, seconds_left) = (blocked.action, blocked.seconds_left());
        let unit = if blocked.limit.window > Duration::from_secs(1) { "minute" } else { "second" };
        Refusal::TooFast { action, limit: format!("{} times a {unit}", blocked.limit.calls), seconds_left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Code;
    use proptest::prelude::*;

    const SEND: &str = "/chatroom/sendMsg.action";
    const GET: &str = "/chatroom/get.action";

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// A limiter whose `send` was called so often at `now`.
    fn called(limit: u32, times: u32, now: Instant) -> RateLimiter {
        let limiter = RateLimiter::new(Some(limit));
        for _ in 0..times {
            assert!(limiter.admit(SEND, Rate::PerSecond, now).is_ok());
        }
        limiter
    }

    #[test]
    fn one_call_too_many_blocks_for_ten_seconds() {
        let start = Instant::now();
        let limiter = called(3, 3, start);
        let at = |millis| limiter.admit(SEND, Rate::PerSecond, start + ms(millis)).map_err(|it| it.seconds_left());
        assert_eq!(at(999), Err(10));
        assert_eq!(at(1000), Err(10));
        assert_eq!(at(1999), Err(9));
        assert_eq!(at(10_998), Err(1));
        assert_eq!(at(10_999), Ok(()));
    }

    #[test]
    fn calls_during_a_block_do_not_prolong_it() {
        let start = Instant::now();
        let limiter = called(1, 1, start);
        for millis in 0..10_000 {
            assert!(limiter.admit(SEND, Rate::PerSecond, start + ms(millis)).is_err());
        }
        assert!(limiter.admit(SEND, Rate::PerSecond, start + ms(10_000)).is_ok());
    }

    #[test]
    fn a_window_starts_with_its_first_call() {
        let start = Instant::now();
        let limiter = called(2, 1, start);
        let passes = |millis| limiter.admit(SEND, Rate::PerSecond, start + ms(millis)).is_ok();
        // The first window ends at 1,000, the second begins when it is needed, at 1,500.
        assert!(passes(999) && passes(1500) && passes(2499));
        assert!(passes(2500) && passes(2501) && !passes(2502));
    }

    #[test]
    fn each_action_has_its_own_count() {
        let start = Instant::now();
        let limiter = called(1, 1, start);
        assert!(limiter.admit(SEND, Rate::PerSecond, start).is_err());
        assert!(limiter.admit(GET, Rate::PerSecond, start).is_ok());
    }

    #[test]
    fn a_costly_action_is_counted_by_the_minute() {
        let (start, limiter) = (Instant::now(), RateLimiter::new(Some(1)));
        let rate = Rate::PerMinute(limits::BROADCASTS_A_MINUTE);
        let at = |millis| limiter.admit(GET, rate, start + ms(millis)).map_err(|it| it.seconds_left());
        for second in 0..10 {
            assert_eq!(at(second * 1000), Ok(()));
        }
        assert_eq!(at(59_999), Err(60));
        assert_eq!(at(119_998), Err(1));
        assert_eq!(at(119_999), Ok(()));
    }

    #[test]
    fn switched_off_it_refuses_nothing() {
        let (now, limiter) = (Instant::now(), RateLimiter::new(None));
        for _ in 0..1000 {
            assert_eq!(limiter.admit(SEND, Rate::PerSecond, now), Ok(()));
            assert_eq!(limiter.admit(GET, Rate::PerMinute(1), now), Ok(()));
        }
    }

    #[test]
    fn the_refusal_names_action_limit_and_time_left() {
        let now = Instant::now();
        let blocked = called(100, 100, now).admit(SEND, Rate::PerSecond, now).unwrap_err();
        let refusal = Refusal::from(blocked);
        assert_eq!(refusal.code(), Code::TOO_FAST);
        assert_eq!(
            refusal.to_string(),
            "query too fast: /chatroom/sendMsg.action may be called 100 times a second, try again in 10 s"
        );
        let blocked = RateLimiter::new(Some(1)).admit(GET, Rate::PerMinute(0), now).unwrap_err();
        assert!(Refusal::from(blocked).to_string().contains("0 times a minute, try again in 60 s"));
    }

    proptest! {
        /// The same, told slowly: every admitted call since the window began, and the end of the block.
        #[test]
        fn it_does_as_a_list_of_all_calls_would(limit in 0u32..5, pauses in proptest::collection::vec(0u64..3000, 0..60)) {
            let (limiter, mut now) = (RateLimiter::new(Some(limit)), Instant::now());
            let (mut window, mut block): (Vec<Instant>, Option<Instant>) = (Vec::new(), None);
            for pause in pauses {
                now += ms(pause);
                if block.is_some_and(|until| now >= until) {
                    (window, block) = (Vec::new(), None);
                }
                if window.first().is_some_and(|first| now - *first >= ms(1000)) {
                    window.clear();
                }
                let passes = block.is_none() && window.len() < limit as usize;
                if passes {
                    window.push(now);
                } else {
                    block = block.or(Some(now + limits::RATE_BLOCK));
                }
                prop_assert_eq!(limiter.admit(SEND, Rate::PerSecond, now).is_ok(), passes);
            }
        }
    }
}
