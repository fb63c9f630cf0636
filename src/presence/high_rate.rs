//! How many high-priority messages go to one room in a second (server API, section 3.1).

use std::time::{Duration, Instant};

/// A second that began with its first message.
#[derive(Debug, Default)]
pub(super) struct HighRate {
    began: Option<Instant>,
    count: u32,
}

impl HighRate {
    /// Whether one more may go; `most` of 0 lets all go.
    pub(super) fn admit(&mut self, now: Instant, most: u32) -> bool {
        if most == 0 {
            return true;
        }
        if self.began.is_none_or(|began| now.duration_since(began) >= Duration::from_secs(1)) {
            *self = HighRate { began: Some(now), count: 0 };
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
        let (mut rate, start) = (HighRate::default(), Instant::now());
        let admitted = (0..20).filter(|_| rate.admit(start + Duration::from_millis(999), 10)).count();
        assert_eq!(admitted, 10);
        assert!(rate.admit(start + Duration::from_millis(1999), 10));
        assert!((0..1000).all(|_| rate.admit(start, 0)), "0 is no limit");
    }
}
