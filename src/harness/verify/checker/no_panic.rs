//! No panic, no internal error, no end that nobody asked for.

use crate::harness::verify::history::{Answer, What};

use super::Outcome;
use super::case::{Case, Findings};
use super::facts::Place;

/// An internal error, as a status code and as a close code.
const INTERNAL: u16 = 500;
const INTERNAL_CLOSE: u16 = 1011;

pub(super) fn judge(case: &Case<'_>) -> Outcome {
    let mut findings = Findings::default();
    // A call that goes out as the database is held may fail, and what fails with it.
    let excused = |from: Place, to: Place| case.facts.database_held(from, to);
    for call in &case.facts.calls {
        let Some((place, answer)) = call.end else { continue };
        findings.judge(1);
        let what = match answer {
            Answer::Refused { code: INTERNAL, desc } => format!("500 {desc:?}"),
            Answer::Status { status } if *status >= INTERNAL => format!("HTTP {status}"),
            _ => continue,
        };
        if !excused(call.begun, place) {
            let text = format!("{:?} of {} was answered {what}", call.request, call.by);
            findings.offend(case.facts.at(place), text);
        }
    }
    for (place, entry) in case.facts.history.entries.iter().enumerate() {
        match &entry.what {
            What::Panicked { line } => findings.offend(entry.at, format!("its log says: {line}")),
            What::Died { why } => findings.offend(entry.at, format!("the gateway ended: {why}")),
            What::Ended { connection, code: Some(INTERNAL_CLOSE) } if !excused(place, place + 1) => {
                let accid = case.facts.connections.get(connection).map_or("somebody", |known| known.accid);
                findings.offend(entry.at, format!("connection {connection} of {accid} was closed with 1011"));
            }
            _ => {}
        }
    }
    findings.outcome("answers", "nothing was answered")
}
