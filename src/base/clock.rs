//! The one source of time. The wall clock is read for what is kept or shown as a date: signatures, tokens, message times, mutes, closings,
//! histories, counts. Deadlines of connections use the steady one. A test turns its own clock by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// Milliseconds since 1970-01-01 UTC.
pub type Millis = u64;

/// Tells the time and waits for it. Clones share one clock.
#[derive(Clone, Debug)]
pub struct Clock {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    start: Instant,
    start_wall: Millis,
    /// How far a test has turned the clock; `None` where time runs by itself.
    turned: Option<watch::Sender<Duration>>,
    last_message: AtomicU64,
    stamps: AtomicU64,
}

/// The moment of a message, and a number that tells it from others of that moment: stamps that are taken one after the other have rising
/// numbers, also across restarts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// What members see.
    pub time: Millis,
    /// What puts histories in order.
    pub number: u64,
}

impl Clock {
    /// The machine's own time.
    pub fn system() -> Clock {
        Clock::starting_at(wall_now(), None)
    }

    /// A clock that stands at the present moment until [`advance`](Clock::advance) turns it.
    pub fn test() -> Clock {
        Clock::standing_at(wall_now())
    }

    /// The same at a moment of the test's choice.
    pub fn standing_at(wall: Millis) -> Clock {
        Clock::starting_at(wall, Some(watch::channel(Duration::ZERO).0))
    }

    fn starting_at(start_wall: Millis, turned: Option<watch::Sender<Duration>>) -> Clock {
        // Later than any number of an earlier process, which gave them out more slowly than microseconds pass.
        let stamps = AtomicU64::new(start_wall.saturating_mul(1000));
        let inner = Inner { start: Instant::now(), start_wall, turned, last_message: AtomicU64::new(0), stamps };
        Clock { inner: Arc::new(inner) }
    }

    /// Turns a test clock forward and wakes whoever waits for a moment now passed. A system clock can't be turned: nothing happens.
    pub fn advance(&self, by: Duration) {
        if let Some(turned) = &self.inner.turned {
            turned.send_modify(|total| *total += by);
        }
    }

    /// How far a test has turned it; `None` where time runs by itself.
    pub fn turned(&self) -> Option<Duration> {
        self.inner.turned.as_ref().map(|turned| *turned.borrow())
    }

    /// The machine's own wall clock where a test turns this one: whoever signs may go by it, and knows of no other.
    pub fn machine_wall(&self) -> Option<Millis> {
        self.inner.turned.as_ref().map(|_| wall_now())
    }

    /// A steady moment, for deadlines.
    pub fn now(&self) -> Instant {
        match &self.inner.turned {
            Some(turned) => self.inner.start + *turned.borrow(),
            None => Instant::now(),
        }
    }

    /// The wall clock.
    pub fn wall(&self) -> Millis {
        match &self.inner.turned {
            Some(turned) => self.inner.start_wall + as_millis(*turned.borrow()),
            None => wall_now(),
        }
    }

    /// When a message is accepted: the wall clock, but never earlier than a message before it.
    pub fn stamp(&self) -> Stamp {
        let wall = self.wall();
        let time = self.inner.last_message.fetch_max(wall, Ordering::Relaxed).max(wall);
        Stamp { time, number: self.inner.stamps.fetch_add(1, Ordering::Relaxed) }
    }

    /// Waits until `deadline` has passed.
    pub async fn sleep_until(&self, deadline: Instant) {
        let Some(turned) = &self.inner.turned else {
            return tokio::time::sleep_until(deadline.into()).await;
        };
        let mut turned = turned.subscribe();
        let start = self.inner.start;
        // Boxed, or every connection would hold room for what only tests need. The sender lives as long as this clock, so it can't fail.
        let _ = Box::pin(turned.wait_for(|total| start + *total >= deadline)).await;
    }

    /// Waits for `time` to pass.
    pub async fn sleep(&self, time: Duration) {
        self.sleep_until(self.now() + time).await;
    }
}

fn wall_now() -> Millis {
    as_millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

fn as_millis(duration: Duration) -> Millis {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_clock_moves_only_by_hand() {
        let clock = Clock::test();
        let (now, wall) = (clock.now(), clock.wall());
        clock.advance(Duration::from_secs(3));
        assert_eq!(clock.now() - now, Duration::from_secs(3));
        assert_eq!(clock.wall() - wall, 3000);
    }

    #[test]
    fn only_a_test_clock_says_how_far_it_was_turned_and_what_the_machine_says() {
        let clock = Clock::standing_at(1000);
        clock.advance(Duration::from_secs(3));
        assert_eq!(clock.turned(), Some(Duration::from_secs(3)));
        assert!(clock.machine_wall().is_some_and(|machine| machine > clock.wall()));
        let clock = Clock::system();
        clock.advance(Duration::from_secs(3));
        assert_eq!((clock.turned(), clock.machine_wall()), (None, None));
    }

    #[test]
    fn a_sleeper_wakes_when_its_moment_has_come() {
        let clock = Clock::test();
        let mut sleeper = tokio_test::task::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(25)).await }
        });
        tokio_test::assert_pending!(sleeper.poll());
        clock.advance(Duration::from_secs(24));
        tokio_test::assert_pending!(sleeper.poll());
        clock.advance(Duration::from_secs(1));
        assert!(sleeper.is_woken());
        tokio_test::assert_ready!(sleeper.poll());
    }

    #[test]
    fn message_time_never_goes_back() {
        let clock = Clock::system();
        let first = clock.stamp();
        clock.inner.last_message.store(first.time + 5000, Ordering::Relaxed);
        let second = clock.stamp();
        assert!(second.time >= first.time + 5000 && second.number > first.number);
    }
}
