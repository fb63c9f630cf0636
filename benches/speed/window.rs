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
}

impl Window {
    /// Watches for so many seconds what `count` counts.
    pub async fn watch(server: u32, seconds: f64, count: impl Fn() -> u64) -> Outcome<Window> {
        let load = std::process::id();
        let (start, before) = (Instant::now(), count());
        let (server_before, load_before) = (cpu(server)?, cpu(load)?);
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
        Ok(Window {
            count: count() - before,
            server_cpu: cpu(server)?.saturating_sub(server_before),
            load_cpu: cpu(load)?.saturating_sub(load_before),
            elapsed: start.elapsed(),
        })
    }
}

fn cpu(pid: u32) -> Outcome<Duration> {
    process::cpu(pid).ok_or_else(|| format!("process {pid}: /proc has no times of it").into())
}
