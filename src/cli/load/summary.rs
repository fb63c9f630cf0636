//! What is printed of a report.

use roomgate::harness::load::Report;
use roomgate::harness::load::report::{Churn, Latency, Phase, Reach, Server, Settings, Storm};

use super::words::{bytes, count, percent, rate, several, time};
use crate::cli::table;

/// How much of its core the load may use before its figures are doubted.
const BUSY: f64 = 0.9;
/// How late messages may go out before the same.
const LATE_US: u64 = 5000;

/// All of it, for people.
pub(super) fn text(report: &Report) -> String {
    let mut text = table::columns(head(report));
    for phase in &report.phases {
        text += &format!("\n{}\n", phase_text(phase));
    }
    if !report.errors.is_empty() {
        let rows = report.errors.iter().map(|error| [count(error.count), error.at.to_owned(), error.what.clone()]);
        text += &format!("\n{}", table::table(["errors", "at", "what"], rows));
    }
    for doubt in doubts(report) {
        text += &format!("\n{doubt}\n");
    }
    text
}

fn head(report: &Report) -> Vec<(&'static str, String)> {
    let settings = &report.settings;
    let connections = &report.connections;
    let coming = format!(
        "{} in {:.1} s, {} a second; {}",
        came(connections.came, connections.wanted),
        connections.seconds,
        rate(connections.per_second),
        quantiles(&connections.coming)
    );
    let mut head = vec![
        ("scenario", format!("{}, {}", settings.scenario, sending(settings))),
        ("gateway", gateway(settings)),
        ("rooms", several(settings.rooms as u64, "room")),
        ("members", coming),
    ];
    if let Some(memory) = memory(&report.server) {
        head.push(("memory", memory));
    }
    head
}

fn came(came: u64, wanted: u64) -> String {
    if came == wanted { count(came) } else { format!("{} of {}", count(came), count(wanted)) }
}

fn sending(settings: &Settings) -> String {
    let rate = match settings.rate_per_room {
        Some(per_room) => format!("{} messages a second and room", rate(per_room)),
        None => format!("as fast as it goes with {} on their way", several(settings.window as u64, "message")),
    };
    format!("{rate}, through {}, {} characters", settings.via, settings.size)
}

fn gateway(settings: &Settings) -> String {
    match settings.cores {
        Some([gateway, load]) => format!("{}, bound to core {gateway}, the load to core {load}", settings.target),
        None => format!("{}, not bound to a core", settings.target),
    }
}

fn memory(server: &Server) -> Option<String> {
    let before = server.memory_before_kib?;
    let kib = |kib: u64| bytes(kib as f64 * 1024.0);
    let (with, after) = (server.memory_with_members_kib?, server.memory_after_kib.map_or("-".to_owned(), kib));
    let each = server.memory_per_member_kib.unwrap_or_default();
    Some(format!("{} before, {} with members ({each:.2} KiB each), {after} afterwards", kib(before), kib(with)))
}

fn phase_text(phase: &Phase) -> String {
    let mut lines = vec![
        ("messages", format!("{} a second", rate(phase.messages_per_second))),
        (
            "deliveries",
            format!("{} a second, {} a second", rate(phase.deliveries_per_second), bytes(phase.bytes_per_second)),
        ),
        ("reach", reach(&phase.reach)),
    ];
    if phase.reach.between.members > 0 {
        lines.push(("in between", between(&phase.reach)));
    }
    if phase.answers.count > 0 {
        lines.push(("answers", quantiles(&phase.answers)));
    }
    if let Some(lag) = &phase.lag {
        lines.push(("sent late by", quantiles(lag)));
    }
    if let Some(churn) = &phase.churn {
        lines.push(("churn", churn_text(churn)));
    }
    if let Some(storm) = &phase.storm {
        lines.push(("storm", storm_text(storm)));
    }
    if let Some(share) = urgency(phase) {
        lines.push(("urgent p99", format!("{} of that of the normal lane", percent(share))));
    }
    lines.push(("CPU", cpu(phase)));
    let rows = phase.lanes.iter().map(|lane| {
        let latency = &lane.latency;
        let times = [latency.p50_us, latency.p99_us, latency.p999_us, latency.max_us].map(time);
        let [p50, p99, p999, max] = times;
        [lane.lane.to_owned(), count(lane.deliveries), count(latency.count), p50, p99, p999, max]
    });
    let lanes = table::table(["lane", "deliveries", "looked at", "p50", "p99", "p99.9", "max"], rows);
    let lanes = if phase.lanes.is_empty() { String::new() } else { format!("\n{lanes}") };
    format!("{}, {:.1} s\n{}{lanes}", phase.name, phase.seconds, table::columns(lines)).trim_end().to_owned()
}

/// How late urgent messages are beside normal ones: what the two lanes are for.
fn urgency(phase: &Phase) -> Option<f64> {
    let p99 = |name| phase.lanes.iter().find(|lane| lane.lane == name)?.latency.p99_us;
    Some(p99("high")? as f64 / p99("normal")? as f64)
}

fn reach(reach: &Reach) -> String {
    let share = reach.share.map_or("nothing was expected".to_owned(), |share| {
        format!("{}: {} of {}", percent(share), count(reach.received), count(reach.expected))
    });
    let parts = [
        (reach.told_lost, "told as lost"),
        (reach.missing, "missing without a word"),
        (reach.surplus, "too many"),
        (reach.undelivered_at_end, "undelivered when their connection ended"),
    ];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0);
    parts.fold(share, |text, (number, what)| format!("{text}; {} {what}", count(number)))
}

fn between(reach: &Reach) -> String {
    let between = &reach.between;
    let lost = match between.told_lost {
        0 => String::new(),
        lost => format!(" and were told that {} are lost", count(lost)),
    };
    let least = format!("{} got {}{lost}", several(between.members, "member"), count(between.received));
    format!("{least}, from {} to {} were theirs", count(between.at_least), count(between.at_most))
}

fn quantiles(latency: &Latency) -> String {
    let all = [("p50", latency.p50_us), ("p99", latency.p99_us), ("max", latency.max_us)];
    all.map(|(name, us)| format!("{name} {}", if us.is_some() { time(us) } else { "-".to_owned() })).join(", ")
}

fn churn_text(churn: &Churn) -> String {
    format!(
        "{} went ({}), {} came ({}), {} failed",
        count(churn.went),
        quantiles(&churn.going),
        count(churn.came),
        quantiles(&churn.coming),
        count(churn.failed)
    )
}

fn storm_text(storm: &Storm) -> String {
    format!(
        "{} cut, {} back in {:.2} s, {} a second; {} with their session; each {}; {} missed",
        count(storm.cut),
        count(storm.back),
        storm.seconds,
        rate(storm.per_second),
        count(storm.resumed),
        quantiles(&storm.coming),
        several(storm.missed, "delivery").replace("deliverys", "deliveries")
    )
}

fn cpu(phase: &Phase) -> String {
    let server = match (phase.server_cpu_s, phase.server_cpu_us_per_delivery) {
        (Some(seconds), Some(each)) => {
            format!("gateway {} of a core, {each:.3} µs a delivery; ", percent(seconds / phase.seconds))
        }
        (Some(seconds), None) => format!("gateway {} of a core; ", percent(seconds / phase.seconds)),
        (None, _) => String::new(),
    };
    let load = phase.load_busy.map_or("unknown".to_owned(), |busy| format!("{} of a core", percent(busy)));
    format!("{server}load {load}")
}

/// Why the figures may say less of the gateway than of the load.
fn doubts(report: &Report) -> Vec<String> {
    let mut doubts = Vec::new();
    for phase in &report.phases {
        let name = &phase.name;
        if let Some(busy) = phase.load_busy.filter(|busy| *busy > BUSY) {
            doubts.push(format!(
                "{name}: the load used {} of a core, so the gateway may be faster than this",
                percent(busy)
            ));
        }
        if let Some(late) = phase.lag.as_ref().and_then(|lag| lag.p99_us).filter(|late| *late > LATE_US) {
            let late = time(Some(late));
            doubts.push(format!(
                "{name}: 1 in 100 messages went out {late} late or later: the rate was not kept, or not taken"
            ));
        }
    }
    if report.interrupted {
        doubts.push("ended early".to_owned());
    }
    doubts
}

/// What is not as it should be.
pub(super) fn faults(report: &Report) -> Vec<String> {
    let mut faults = Vec::new();
    let connections = &report.connections;
    if connections.came < connections.wanted && !report.interrupted {
        faults.push(format!("{} members came", came(connections.came, connections.wanted)));
    }
    for phase in &report.phases {
        let parts = [(phase.reach.missing, "are missing without a word"), (phase.reach.surplus, "are too many")];
        let parts = parts.into_iter().filter(|(number, _)| *number > 0);
        faults.extend(parts.map(|(number, what)| format!("{}: {} deliveries {what}", phase.name, count(number))));
    }
    if report.server.ended {
        faults.push("the gateway ended".to_owned());
    }
    if report.connections_broken > 0 {
        faults.push(format!("{} broke", several(report.connections_broken, "connection")));
    }
    faults
}
