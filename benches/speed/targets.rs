//! What roomgate shall reach, and whether it does.

use std::fmt;

use serde::Serialize;

/// A target.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// Saturated fan-out: deliveries a second by those of the joining floor.
pub const FANOUT_SPEED: Bound = Bound::AtLeast(0.85);
/// And CPU a delivery.
pub const FANOUT_CPU: Bound = Bound::AtMost(1.2);
/// Paced fan-out: CPU a delivery by that of the plain floor.
pub const PACED_CPU: Bound = Bound::AtMost(1.2);
/// And the 99th percentile of latencies.
pub const PACED_P99: Bound = Bound::AtMost(1.25);
/// Directed at 100 recipients: the 99th percentile of latencies by the floor's at the same rate.
pub const DIRECTED_P99: Bound = Bound::AtMost(1.2);
/// High-priority frames in a saturated room: the 99th percentile of latencies by that of normal ones.
pub const URGENT_P99: Bound = Bound::AtMost(0.1);
/// Memory of an idle member, in KiB.
pub const IDLE_KIB: Bound = Bound::AtMost(4.0);
/// Seconds until 19,000 connections are there.
pub const CONNECT_SECONDS: Bound = Bound::AtMost(10.0);
/// Deliveries of two cores by those of one.
pub const TWO_CORES: Bound = Bound::AtLeast(1.7);
/// How far memory may be from where it settled, as a share of that.
pub const CHURN_DRIFT: Bound = Bound::AtMost(0.05);

/// Directed: requests a second by those of the floor.
pub fn directed_speed(recipients: usize) -> Option<Bound> {
    match recipients {
        1 => Some(Bound::AtLeast(0.65)),
        10 => Some(Bound::AtLeast(0.70)),
        100 => Some(Bound::AtLeast(0.9)),
        _ => None,
    }
}

/// What was measured against a target.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    pub part: &'static str,
    pub case: String,
    pub what: &'static str,
    pub mean: f64,
    /// Of each round.
    pub each: Vec<f64>,
    pub bound: Option<Bound>,
    /// `None` without a bound.
    pub met: Option<bool>,
}

impl Verdict {
    /// The mean of all rounds counts.
    pub fn new(part: &'static str, case: &str, what: &'static str, each: Vec<f64>, bound: Option<Bound>) -> Verdict {
        let mean = each.iter().sum::<f64>() / each.len() as f64;
        let met = bound.map(|bound| match bound {
            Bound::AtLeast(least) => mean >= least,
            Bound::AtMost(most) => mean <= most,
        });
        Verdict { part, case: case.to_owned(), what, mean, each, bound, met }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}: {} {:.2}", self.part, self.case, self.what, self.mean)?;
        if self.each.len() > 1 {
            let each: Vec<String> = self.each.iter().map(|ratio| format!("{ratio:.2}")).collect();
            write!(f, " ({})", each.join(" "))?;
        }
        match self.bound {
            Some(Bound::AtLeast(least)) => write!(f, ", at least {least}: ")?,
            Some(Bound::AtMost(most)) => write!(f, ", at most {most}: ")?,
            None => {}
        }
        f.write_str(match self.met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        })
    }
}
