//! Tells when messages are due. A thread of its own, since timers of the runtime are a millisecond late, which would count as the gateway's.

use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

/// Moments that were not taken yet: what is beyond waits, and is late by as much.
const WAITING: usize = 1024;
/// How long it sleeps at most, so that it ends soon when nobody listens any more.
const SLEEP: Duration = Duration::from_millis(100);

/// One moment, with its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// From 0 on.
    pub number: u64,
    /// When it is.
    pub moment: Instant,
}

/// Starts telling of so many moments a second, whether anybody keeps up or not. Ends when the receiver is dropped.
pub fn start(per_second: f64) -> std::io::Result<mpsc::Receiver<Due>> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let first = Instant::now();
    let tell = move || {
        for number in 0.. {
            let moment = first + Duration::from_secs_f64(number as f64 / per_second);
            sleep_until(moment, &sender);
            if sender.blocking_send(Due { number, moment }).is_err() {
                return;
            }
        }
    };
    thread::Builder::new().name("pacer".into()).spawn(tell)?;
    Ok(receiver)
}

fn sleep_until(moment: Instant, sender: &mpsc::Sender<Due>) {
    while let Some(left) = moment.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
        && !sender.is_closed()
    {
        thread::sleep(left.min(SLEEP));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn moments_are_evenly_spaced_however_late_they_are_taken() {
        let mut dues = start(100_000.0).unwrap();
        let mut taken = Vec::new();
        dues.recv_many(&mut taken, 1).await;
        let first = taken[0].moment;
        while taken.len() < 3000 {
            dues.recv_many(&mut taken, 100).await;
        }
        for due in &taken {
            assert_eq!(due.moment - first, Duration::from_secs_f64(due.number as f64 / 100_000.0));
            assert!(due.moment <= Instant::now());
        }
    }
}
