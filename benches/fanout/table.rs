//! The printed result: a line for each round, and the ratio.

use std::time::Duration;

use crate::options::{Options, Role};

/// A server that had its core for less than this, in percent, was not measured at its fastest.
const BUSY: f64 = 90.0;

/// One round of one server.
#[derive(Debug, Clone)]
pub struct Row {
    pub role: Role,
    pub deliveries: u64,
    pub elapsed: Duration,
    /// The time the server had a core.
    pub server_cpu: Duration,
    /// The same of the load.
    pub load_cpu: Duration,
    /// Deliveries that never came.
    pub missing: u64,
    /// Times that the server told a member of lost messages, in all rounds so far.
    pub told: u64,
}

impl Row {
    fn per_second(&self) -> f64 {
        self.deliveries as f64 / self.elapsed.as_secs_f64()
    }

    fn cpu_us(&self) -> f64 {
        self.server_cpu.as_secs_f64() * 1e6 / self.deliveries as f64
    }

    fn share(&self, cpu: Duration) -> f64 {
        100.0 * cpu.as_secs_f64() / self.elapsed.as_secs_f64()
    }
}

/// All rounds so far.
pub struct Table {
    rows: Vec<Row>,
}

impl Table {
    /// Prints what is measured, and the head.
    pub fn begin(options: &Options, pinned: bool) -> Table {
        let Options { members, size, frame_bytes, publishers, .. } = options;
        println!(
            "a room of {members}, {publishers} of them send {size} bytes in frames of {frame_bytes}, {}",
            place(pinned)
        );
        println!("round  server     deliveries/s  CPU µs each  server core  load core  missing");
        Table { rows: Vec::new() }
    }

    pub fn add(&mut self, round: usize, row: Row) {
        println!(
            "{round:>5}  {:<9} {:>13.0} {:>12.2} {:>10.0} % {:>8.0} % {:>8}",
            row.role.name(),
            row.per_second(),
            row.cpu_us(),
            row.share(row.server_cpu),
            row.share(row.load_cpu),
            row.missing,
        );
        self.rows.push(row);
    }

    pub fn finish(&self) {
        let speed = self.ratios(|[floor, gateway, _]| gateway.per_second() / floor.per_second());
        let cost = self.ratios(|[floor, gateway, _]| floor.cpu_us() / gateway.cpu_us());
        let kept = self.ratios(|[_, gateway, recording]| recording.per_second() / gateway.per_second());
        println!("roomgate delivers {speed} times as much as the floor");
        println!("and a delivery costs the floor {cost} times as much CPU");
        println!("with a history of all messages it delivers {kept} times as much as without");
        if self.rows.iter().any(|row| row.share(row.server_cpu) < BUSY) {
            println!(
                "a server was not busy all the time: something else took its core, or the load was too slow; go by the CPU"
            );
        }
        match self.rows.iter().map(|row| row.missing).sum::<u64>() {
            0 => println!("no delivery is missing"),
            missing => {
                let told = self.rows.iter().map(|row| row.told).max().unwrap_or_default();
                println!("{missing} deliveries are missing; roomgate told members {told} times of lost ones");
            }
        }
    }

    /// The mean of all rounds, and each.
    fn ratios(&self, ratio: impl Fn(&[Row; 3]) -> f64) -> String {
        let (rounds, _) = self.rows.as_chunks();
        let each: Vec<f64> = rounds.iter().map(ratio).collect();
        let mean = each.iter().sum::<f64>() / each.len() as f64;
        let each: Vec<String> = each.iter().map(|ratio| format!("{ratio:.2}")).collect();
        format!("{mean:.2} ({})", each.join(" "))
    }
}

fn place(pinned: bool) -> &'static str {
    if pinned {
        "servers on core 0, load on core 1"
    } else {
        "servers and load NOT on cores of their own: that takes taskset and two cores, and only the CPU ratio counts without"
    }
}
