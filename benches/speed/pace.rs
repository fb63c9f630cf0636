//! Moments at which something is due, whatever became of what was due before: no load that waits for a slow server and so spares it.

use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::stamp;

/// How the moments lie.
#[derive(Debug, Clone, Copy)]
pub enum Rhythm {
    /// All equally far apart.
    Even,
    /// As independent callers come: exponentially far apart. The same moments each time.
    Independent,
}

/// So many moments a second, for so long. A thread of its own sleeps until each of them, since the runtime's clock has whole milliseconds.
pub fn start(per_second: f64, time: Duration, rhythm: Rhythm) -> UnboundedReceiver<u64> {
    const SEED: u64 = 7;
    let (due, dues) = unbounded_channel();
    std::thread::spawn(move || {
        let mut random = fastrand::Rng::with_seed(SEED);
        let (start, end) = (stamp::now() as f64, time.as_secs_f64());
        let mut at = 0.0;
        while at < end {
            let nanos = (start + at * 1e9) as u64;
            std::thread::sleep(stamp::instant(nanos).saturating_duration_since(Instant::now()));
            if due.send(nanos).is_err() {
                return;
            }
            let share = match rhythm {
                Rhythm::Even => 1.0,
                Rhythm::Independent => -(1.0 - random.f64()).ln(),
            };
            at += share / per_second;
        }
    });
    dues
}
