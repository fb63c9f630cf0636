//! Everything that was measured: rows, figures of their own, and what they say about the targets. Printed as it comes, and written as JSON.

use std::path::Path;

use hdrhistogram::Histogram;
use serde::Serialize;

use crate::server::Contender;
use crate::targets::{Bound, Verdict};
use crate::window::Window;
use crate::{Outcome, table};

/// A load that had its core for more than this, in percent, may have been what was slow.
pub const LOAD_BUSY: f64 = 90.0;
/// Others that had more than this of a core, in percent, have disturbed the measurement.
pub const DISTURBED: f64 = 15.0;

/// One round of one contender.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub part: &'static str,
    pub case: String,
    pub round: usize,
    pub contender: &'static str,
    /// Deliveries, or requests.
    pub count: u64,
    pub seconds: f64,
    pub per_second: f64,
    pub server_cpu_us_each: f64,
    pub server_core_percent: f64,
    pub load_core_percent: f64,
    /// Of one core, what anything else on the machine had.
    pub others_core_percent: f64,
    /// Deliveries that never came.
    pub missing: u64,
    /// Of deliveries, from the moment they were due.
    pub delivered: Option<Latency>,
    /// Of answers, from the moment the call was due.
    pub answered: Option<Latency>,
}

/// Latencies in microseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Latency {
    pub p50_us: u64,
    pub p99_us: u64,
    pub max_us: u64,
    pub samples: u64,
}

impl Latency {
    /// Of a histogram; `None` where nothing was noted.
    pub fn of(histogram: &Histogram<u64>) -> Option<Latency> {
        let at = |percentile| histogram.value_at_percentile(percentile);
        (!histogram.is_empty()).then(|| Latency {
            p50_us: at(50.0),
            p99_us: at(99.0),
            max_us: histogram.max(),
            samples: histogram.len(),
        })
    }
}

impl Row {
    /// What was watched of a contender.
    pub fn new(part: &'static str, case: &str, round: usize, contender: Contender, window: &Window) -> Row {
        let seconds = window.elapsed.as_secs_f64();
        let share = |cpu: std::time::Duration| 100.0 * cpu.as_secs_f64() / seconds;
        Row {
            part,
            case: case.to_owned(),
            round,
            contender: contender.name(),
            count: window.count,
            seconds,
            per_second: window.count as f64 / seconds,
            server_cpu_us_each: window.server_cpu.as_secs_f64() * 1e6 / window.count as f64,
            server_core_percent: share(window.server_cpu),
            load_core_percent: share(window.load_cpu),
            others_core_percent: share(window.others_cpu),
            missing: 0,
            delivered: None,
            answered: None,
        }
    }
}

/// A figure that belongs to no row.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    pub part: &'static str,
    pub contender: &'static str,
    pub what: String,
    pub value: f64,
    pub unit: &'static str,
}

/// All of it.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub rows: Vec<Row>,
    pub figures: Vec<Figure>,
    pub verdicts: Vec<Verdict>,
}

impl Report {
    /// Adds a row and prints it.
    pub fn add(&mut self, row: Row) {
        table::print_row(&row);
        self.rows.push(row);
    }

    /// Adds a figure and prints it.
    pub fn note(&mut self, part: &'static str, contender: Contender, what: String, value: f64, unit: &'static str) {
        println!("{:<17} {what}: {value:.2} {unit}", contender.name());
        self.figures.push(Figure { part, contender: contender.name(), what, value, unit });
    }

    /// Holds ratios, one for each round, against a target and prints what comes of it.
    pub fn judge(&mut self, part: &'static str, case: &str, what: &'static str, each: Vec<f64>, bound: Option<Bound>) {
        let verdict = Verdict::new(part, case, what, each, bound);
        println!("{verdict}");
        self.verdicts.push(verdict);
    }

    /// For each round of a case the value of one contender by that of another.
    pub fn ratios(
        &self,
        part: &str,
        case: &str,
        [over, under]: [Contender; 2],
        value: impl Fn(&Row) -> f64,
    ) -> Vec<f64> {
        let of = |contender: Contender| {
            self.rows
                .iter()
                .filter(move |row| row.part == part && row.case == case && row.contender == contender.name())
        };
        of(over).zip(of(under)).map(|(over, under)| value(over) / value(under)).collect()
    }

    /// Says how it ended: what is missing, and which targets are.
    pub fn finish(&self, file: Option<&Path>) -> Outcome {
        println!();
        if self.rows.iter().any(|row| row.load_core_percent > LOAD_BUSY) {
            println!(
                "*: the load had its core for more than {LOAD_BUSY} %, so it may be what was slow; go by the CPU there"
            );
        }
        if self.rows.iter().any(|row| row.others_core_percent > DISTURBED) {
            println!("!: something else had more than {DISTURBED} % of a core; measure again");
        }
        match self.rows.iter().map(|row| row.missing).sum::<u64>() {
            0 => println!("no delivery is missing"),
            missing => println!("{missing} deliveries are MISSING"),
        }
        let judged = self.verdicts.iter().filter(|verdict| verdict.met.is_some()).count();
        let missed: Vec<&Verdict> = self.verdicts.iter().filter(|verdict| verdict.met == Some(false)).collect();
        println!("{} of {judged} targets met", judged - missed.len());
        for verdict in missed {
            println!("  {verdict}");
        }
        if let Some(file) = file {
            std::fs::write(file, serde_json::to_string_pretty(self)?)?;
        }
        Ok(())
    }
}
