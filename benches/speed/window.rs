//! A measured stretch of time: what was done in it, and who had a core for how long.

use std::time::{Duration, Instant};

use roomgate::harness::process;

use crate::Outcome;

/// How long a server works before it is measured.
pub const WARM_UP: Duration = Duration::from_secs(1);

/// What happened in it.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub count: u64,
    pub elapsed: Duration,
    /// The time the server had a core.
    pub server_cpu: Duration,
    /// The same of the load.
    pub load_cpu: Duration,
    /// The time that anything else had one, where the system says so.
    pub others_cpu: Duration,
}

impl Window {
    /// Watches for so many seconds what `count` counts.
    pub async fn watch(server: u32, seconds: f64, count: impl Fn() -> u64) -> Outcome<Window> {
        let load = std::process::id();
        let (start, before) = (Instant::now(), count());
        let (server_before, load_before, all_before) = (cpu(server)?, cpu(load)?, busy());
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
        let elapsed = start.elapsed();
        let count = count() - before;
        let server_cpu = cpu(server)?.saturating_sub(server_before);
        let load_cpu = cpu(load)?.saturating_sub(load_before);
        let others_cpu = busy().saturating_sub(all_before).saturating_sub(server_cpu + load_cpu);
        Ok(Window { count, elapsed, server_cpu, load_cpu, others_cpu })
    }
}

/// The time that all cores together were not idle.
fn busy() -> Duration {
    const TICK: Duration = Duration::from_millis(10);
    let stat = std::fs::read_to_string("/proc/stat").unwrap_or_default();
    let times = stat.lines().next().unwrap_or_default().split_whitespace().skip(1);
    // user, nice, system, idle, iowait, irq, softirq, steal; guests are in user already.
    let busy = times.take(8).enumerate().filter(|(at, _)| !matches!(at, 3 | 4));
    TICK * busy.filter_map(|(_, ticks)| ticks.parse::<u32>().ok()).sum()
}

fn cpu(pid: u32) -> Outcome<Duration> {
    process::cpu(pid).ok_or_else(|| format!("process {pid}: /proc has no times of it").into())
}
