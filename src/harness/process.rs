//! A process as Linux shows it: how much of a core it used, what memory it holds, which core it is bound to. Elsewhere there is no answer.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

/// `/proc` counts time in these, whatever the kernel's own tick is.
const TICK: Duration = Duration::from_millis(10);

/// Time on a core until now, in user code and in the kernel.
pub fn cpu(pid: u32) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before the last bracket may hold anything.
    let after_name = stat.rsplit(')').next()?;
    let ticks = |field: usize| after_name.split_whitespace().nth(field)?.parse::<u32>().ok();
    Some(TICK * (ticks(11)? + ticks(12)?))
}

/// Resident memory in KiB.
pub fn resident_kib(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Whether processes can be bound to cores of their own.
pub fn can_pin() -> bool {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    cores > 1 && Command::new("taskset").arg("-V").stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Binds this process, as yet with one thread, to a core. False where that is not possible.
pub fn pin(core: usize) -> bool {
    let (core, pid) = (core.to_string(), std::process::id().to_string());
    let status = Command::new("taskset").args(["-cp", &core, &pid]).stdout(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
