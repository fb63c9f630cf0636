//! Rows as they are printed.

use crate::report::{DISTURBED, LOAD_BUSY, Latency, Row};

/// Prints what is measured, and the head of its rows.
pub fn begin(title: &str, unit: &str) {
    println!("\n{title}");
    println!(
        "round  contender         {unit:>13}/s  CPU us each  server core  load core   others  delivered us p50     p99  answered us p50     p99  missing"
    );
}

/// Prints one.
pub fn print_row(row: &Row) {
    let busy = if row.load_core_percent > LOAD_BUSY { '*' } else { ' ' };
    let disturbed = if row.others_core_percent > DISTURBED { '!' } else { ' ' };
    let [p50, p99] = latency(row.delivered);
    let [answered_p50, answered_p99] = latency(row.answered);
    println!(
        "{:>5}  {:<16}  {:>15.0}  {:>11.3}  {:>9.0} %  {:>6.0} %{busy} {:>5.0} %{disturbed} {p50:>16} {p99:>7} {answered_p50:>16} {answered_p99:>7}  {:>7}",
        row.round,
        row.contender,
        row.per_second,
        row.server_cpu_us_each,
        row.server_core_percent,
        row.load_core_percent,
        row.others_core_percent,
        row.missing,
    );
}

fn latency(latency: Option<Latency>) -> [String; 2] {
    latency.map_or([const { String::new() }; 2], |latency| [latency.p50_us.to_string(), latency.p99_us.to_string()])
}

/// Where the processes are.
pub fn place(pinned: bool) -> &'static str {
    if pinned {
        "servers on core 0, load on core 1"
    } else {
        "servers and load NOT on cores of their own: that takes taskset and two cores, and only the CPU ratios count without"
    }
}
