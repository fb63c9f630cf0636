//! A process as Linux shows it: how much of a core it used, what memory it holds, which core it is bound to. Elsewhere there is no answer.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

/// `/proc` counts time in these, whatever the kernel's own tick is.
const TICK: Duration = Duration::from_millis(10);

/// Time on a core until now, in user code and in the kernel. To the nanosecond where the kernel counts so, else in hundredths of a second.
pub fn cpu(pid: u32) -> Option<Duration> {
    // Threads that have ended are in the whole process's ticks alone, so what is more is right.
    Some(cpu_in_ticks(pid)?.max(cpu_of_threads(pid).unwrap_or_default()))
}

fn cpu_of_threads(pid: u32) -> Option<Duration> {
    let on_core = |schedstat: &str| schedstat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos);
    let threads = fs::read_dir(format!("/proc/{pid}/task")).ok()?.flatten();
    // A thread may end while they are read.
    Some(threads.filter_map(|thread| on_core(&fs::read_to_string(thread.path().join("schedstat")).ok()?)).sum())
}

fn cpu_in_ticks(pid: u32) -> Option<Duration> {
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
    bind(&core.to_string())
}

/// Lets this process, as yet with one thread, have every core again. False where that is not possible.
pub fn pin_to_all() -> bool {
    // Beyond those that there are, taskset takes what it can have.
    bind("0-1023")
}

fn bind(cores: &str) -> bool {
    let pid = std::process::id().to_string();
    let status = Command::new("taskset").args(["-cp", cores, &pid]).stdout(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
