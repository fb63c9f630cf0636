//! A process as Linux shows it: how much of a core it used, what memory it holds, which core it is bound to.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::Outcome;

/// `/proc` counts time in these, whatever the kernel's own tick is.
const TICK: Duration = Duration::from_millis(10);

/// Time on a core until now, in user code and in the kernel.
pub fn cpu(pid: u32) -> Outcome<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name before the last bracket may hold anything.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = |field: usize| after_name.split_whitespace().nth(field).and_then(|text| text.parse::<u32>().ok());
    let (user, system) = ticks(11).zip(ticks(12)).ok_or("/proc/…/stat has no times")?;
    Ok(TICK * (user + system))
}

/// Resident memory in KiB.
pub fn resident_kib(pid: u32) -> Outcome<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("/proc/…/status has no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// Whether servers and load can have a core each.
pub fn can_pin() -> bool {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    cores > 1 && Command::new("taskset").arg("-V").stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Binds this process, as yet with one thread, to core 1.
pub fn pin_load() -> Outcome {
    let pid = std::process::id().to_string();
    let status = Command::new("taskset").args(["-cp", "1", &pid]).stdout(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err("taskset could not bind the load to core 1".into()) }
}
