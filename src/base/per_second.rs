//! How many of something there are in a second, so that there are not too many.

use std::time::{Duration, Instant};

/// A second that began with its first.
#[derive(Debug, Default)]
pub struct PerSecond {
    began: Option<Instant>,
    count: u32,
}

impl PerSecond {
    /// Whether one more may go; `most` of 0 lets all go.
    pub fn admit(&mut self, now: Instant, most: u32) -> bool {
        if most == 0 {
            return true;
        }
        if self.began.is_none_or(|began| now.duration_since(began) >= Duration::from_secs(1)) {
            *self = PerSecond { began: Some(now), count: 0 };
        }
        self.count += 1;
        self.count <= most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_in_a_second_and_again_in_the_next() {
        let (mut rate, start) = (PerSecond::default(), Instant::now());
        let admitted = (0..20).filter(|_| rate.admit(start + Duration::from_millis(999), 10)).count();
        assert_eq!(admitted, 10);
        assert!(rate.admit(start + Duration::from_millis(1999), 10));
        assert!((0..1000).all(|_| rate.admit(start, 0)), "0 is no limit");
    }
}
