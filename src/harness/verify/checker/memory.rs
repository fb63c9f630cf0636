//! Memory is bounded and goes back after load: equal rounds of connecting and disconnecting leave nothing behind, load goes away, and a
//! member that reads nothing costs no more than its queue may hold.

use crate::harness::verify::history::{Lane, Micros, Moment, What};

use super::Outcome;
use super::case::{Case, Findings, whose};
use super::facts::{Call, Session};
use super::sendings::Delivered;

/// A connection that leaves this much behind in every round is a leak. Less is lost in the noise of an allocator.
const LEAK_BYTES: u64 = 768;
/// Rounds that an allocator may need until it has what it keeps.
const WARMING: usize = 1;

pub(super) fn judge(case: &Case<'_>) -> Outcome {
    let mut findings = Findings::default();
    let samples: Vec<(Micros, u64, Moment)> = case
        .facts
        .history
        .entries
        .iter()
        .filter_map(|entry| match entry.what {
            What::Memory { bytes, moment } => Some((entry.at, bytes, moment)),
            _ => None,
        })
        .collect();
    rounds(&samples, &mut findings);
    load(case, &samples, &mut findings);
    let sessions = case.sessions();
    sessions.for_each(|(_, session, arrived)| queue(case, session, arrived, &mut findings));
    let why = if case.facts.history.setup.reach.process {
        "it was not measured"
    } else {
        "--target: it can't be seen from here"
    };
    findings.outcome("samples of memory, and full queues", why)
}

/// What was kept for a member that read nothing is not more than its queue and the buffers behind it hold.
fn queue(case: &Case<'_>, session: &Session<'_>, arrived: &[Delivered<'_>], findings: &mut Findings) {
    let bounds = case.facts.history.setup.bounds;
    for number in &session.connections {
        let Some(connection) = case.facts.connections.get(number) else { continue };
        let Some(buffer) = connection.receive_buffer else { continue };
        for (stopped, read_on) in connection.stops() {
            let waited = |delivered: &&Delivered<'_>| {
                let during =
                    |call: &Call<'_>| stopped < call.begun && call.done_by().is_some_and(|done| done < read_on);
                delivered.arrival.connection == *number
                    && delivered.message.lane == Lane::Normal
                    && case.call(delivered).is_some_and(during)
            };
            let bytes: u64 = arrived.iter().filter(waited).map(|delivered| delivered.arrival.bytes).sum();
            let most =
                bounds.normal_lane_bytes + bounds.overtaking_bytes + u64::from(buffer) + 2 * case.largest_frame();
            // From afar that is not all there is to memory.
            let is_full = bytes > bounds.normal_lane_bytes;
            findings.judge(u64::from(is_full && case.facts.history.setup.reach.process));
            if bytes > most {
                let text = format!(
                    "{bytes} bytes were kept for {}, who read nothing; expected at most {most}",
                    whose(session)
                );
                findings.offend(case.facts.at(read_on), text);
            }
        }
    }
}

/// What every round adds, after the first, is what connections leave behind.
fn rounds(samples: &[(Micros, u64, Moment)], findings: &mut Findings) {
    let rounds: Vec<(Micros, u64, u32)> = samples
        .iter()
        .filter_map(|(at, bytes, moment)| match moment {
            Moment::Round { connections, .. } => Some((*at, *bytes, *connections)),
            _ => None,
        })
        .collect();
    findings.judge(rounds.len() as u64);
    let steps: Vec<u64> = rounds
        .windows(2)
        .skip(WARMING)
        .map(|pair| pair[1].1.saturating_sub(pair[0].1) / u64::from(pair[1].2.max(1)))
        .collect();
    let Some(least) = steps.iter().min().filter(|_| steps.len() >= 2) else { return };
    if let Some((at, bytes, connections)) = rounds.last().filter(|_| *least >= LEAK_BYTES) {
        let text = format!(
            "each of the last {} rounds of {connections} connections left at least {least} bytes a connection behind, expected less than {LEAK_BYTES}; {} KiB now",
            steps.len(),
            bytes / 1024
        );
        findings.offend(*at, text);
    }
}

fn load(case: &Case<'_>, samples: &[(Micros, u64, Moment)], findings: &mut Findings) {
    let slack = case.facts.history.setup.bounds.memory_slack_bytes;
    let of = |wanted: Moment| samples.iter().rfind(|(_, _, moment)| *moment == wanted);
    if let (Some((_, base, _)), Some((at, after, _))) = (of(Moment::Base), of(Moment::After)) {
        findings.judge(2);
        if *after > base + slack {
            let (base, after, slack) = (base / 1024, after / 1024, slack / 1024);
            let text = format!("{after} KiB after the load, {base} KiB before it, expected at most {slack} KiB more");
            findings.offend(*at, text);
        }
    }
}
