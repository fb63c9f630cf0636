//! What arrives, counted as it comes: deliveries and bytes, and how late they are, by lane and second.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use super::stamp::{Found, Lane, Stamps};

/// The longest time that is told apart; longer ones count as this. In microseconds.
const LONGEST_US: u64 = 600_000_000;

/// How often each time occurred, in microseconds, with three digits.
pub type Times = Histogram<u64>;

/// An empty one.
pub fn times() -> Times {
    // Bounds and digits are such that it can't be refused.
    Histogram::new_with_bounds(1, LONGEST_US, 3).unwrap_or_else(|_| unreachable!("the bounds are good"))
}

/// Adds one time.
pub fn add(times: &mut Times, time: Duration) {
    times.saturating_record(u64::try_from(time.as_micros()).unwrap_or(LONGEST_US).max(1));
}

/// Counts for one run.
#[derive(Debug)]
pub struct Tally {
    /// When the run began: what stamps count from.
    epoch: Instant,
    /// Ids of this run's messages.
    pub stamps: Stamps,
    /// Messages of both lanes that came.
    deliveries: [Cell<u64>; 2],
    /// Bytes of their frames.
    pub bytes: Cell<u64>,
    /// How long the last frame was.
    pub frame_bytes: Cell<u64>,
    /// Of messages that were due before, no latencies are taken.
    from_nanos: Cell<u64>,
    /// Of this second.
    second: RefCell<[Times; 2]>,
    /// Of all seconds before.
    whole: RefCell<[Times; 2]>,
}

impl Tally {
    /// All zero.
    pub fn new() -> Tally {
        Tally {
            epoch: Instant::now(),
            stamps: Stamps::new(),
            deliveries: Default::default(),
            bytes: Cell::new(0),
            frame_bytes: Cell::new(0),
            from_nanos: Cell::new(0),
            second: RefCell::new([times(), times()]),
            whole: RefCell::new([times(), times()]),
        }
    }

    /// A moment, as stamps have it.
    pub fn nanos(&self, moment: Instant) -> u64 {
        u64::try_from(moment.saturating_duration_since(self.epoch).as_nanos()).unwrap_or(u64::MAX)
    }

    /// A message of this run has come; where it came to a member of the sample, it came `now`.
    pub fn came(&self, found: Found, bytes: usize, now: Option<Instant>) {
        let deliveries = &self.deliveries[found.lane as usize];
        deliveries.set(deliveries.get() + 1);
        self.bytes.set(self.bytes.get() + bytes as u64);
        self.frame_bytes.set(bytes as u64);
        let Some((now, nanos)) = now.zip(found.nanos()) else { return };
        if nanos >= self.from_nanos.get() {
            let late = Duration::from_nanos(self.nanos(now).saturating_sub(nanos));
            add(&mut self.second.borrow_mut()[found.lane as usize], late);
        }
    }

    /// Messages that came, of one lane.
    pub fn of(&self, lane: Lane) -> u64 {
        self.deliveries[lane as usize].get()
    }

    /// Messages that came.
    pub fn deliveries(&self) -> u64 {
        self.of(Lane::Normal) + self.of(Lane::High)
    }

    /// Latencies are taken anew, of messages that are due from now on.
    pub fn begin(&self, now: Instant) {
        self.from_nanos.set(self.nanos(now));
        self.second.borrow_mut().iter_mut().for_each(Times::reset);
        self.whole.borrow_mut().iter_mut().for_each(Times::reset);
    }

    /// Ends a second: `look` sees its latencies, and they go to the whole.
    pub fn turn<T>(&self, look: impl FnOnce(&[Times; 2]) -> T) -> T {
        let mut second = self.second.borrow_mut();
        let seen = look(&second);
        for (whole, second) in self.whole.borrow_mut().iter_mut().zip(second.iter_mut()) {
            // Both have the same bounds.
            let _ = whole.add(&*second);
            second.reset();
        }
        seen
    }

    /// The latencies of one lane since [`begin`](Tally::begin), up to the last second that ended.
    pub fn look<T>(&self, lane: Lane, look: impl FnOnce(&Times) -> T) -> T {
        look(&self.whole.borrow()[lane as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::super::stamp::Stamp;
    use super::*;

    #[test]
    fn latencies_are_those_of_what_was_due_in_the_window_however_late_it_came() {
        let tally = Tally::new();
        let at = |millis| tally.epoch + Duration::from_millis(millis);
        let came = |lane, due, now| {
            let id = tally.stamps.write(Stamp { lane, nanos: tally.nanos(at(due)) });
            let found = tally.stamps.find(format!("\"msgid_client\":\"{id}\"").as_bytes()).unwrap();
            tally.came(found, 10, Some(at(now)));
        };
        tally.begin(at(100));
        came(Lane::Normal, 99, 500);
        came(Lane::Normal, 100, 110);
        came(Lane::High, 150, 153);
        assert_eq!(tally.turn(|lanes| [lanes[0].len(), lanes[1].len()]), [1, 1]);
        came(Lane::Normal, 150, 1150);
        assert_eq!(tally.turn(|lanes| lanes[0].max() / 1000), 1000);
        assert_eq!(tally.look(Lane::Normal, |times| (times.len(), times.min() / 1000)), (2, 10));
        assert_eq!((tally.deliveries(), tally.of(Lane::High), tally.bytes.get()), (4, 1, 40));
    }
}
