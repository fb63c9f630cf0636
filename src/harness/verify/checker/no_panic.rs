//! No panic, no internal error, no end that nobody asked for.

use crate::harness::verify::history::{Answer, What};

use super::Outcome;
use super::case::{Case, Findings, whose};
use super::facts::{Place, Session};

/// An internal error, as a status code and as a close code.
const INTERNAL: u16 = 500;
const INTERNAL_CLOSE: u16 = 1011;
/// How a client is closed that reads too slowly.
const TOO_SLOW: u16 = 4101;

pub(super) fn judge(case: &Case<'_>) -> Outcome {
    let mut findings = Findings::default();
    // A call that waits too long for the database fails, and what depends on it.
    let excused = |from: Place, to: Place| case.facts.database_failed(from, to);
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
    let sessions = case.facts.sessions.iter();
    sessions.for_each(|session| ended(case, session, &mut findings));
    findings.outcome("answers and ends of connections", "nothing was answered")
}

/// Who has done nothing wrong and reads is not closed.
fn ended(case: &Case<'_>, session: &Session<'_>, findings: &mut Findings) {
    // One that was gone on with may have been taken over.
    let Some(connection) = session.connections.last().and_then(|last| case.facts.connections.get(last)) else { return };
    let Some((place, code)) = connection.ended else { return };
    let by_us = connection.ending.is_some_and(|(ending, _)| ending < place);
    if by_us || !case.facts.one_life(session.begun, place) {
        return;
    }
    findings.judge(1);
    let faulty = match code {
        None | Some(1000..=1010) => true,
        Some(TOO_SLOW) => connection.reads_freely(0, place),
        Some(_) => false,
    };
    if faulty {
        let how = code.map_or("broke off".to_owned(), |code| format!("was closed with {code}"));
        findings.offend(
            case.facts.at(place),
            format!("the connection of {} {how}, and nobody asked for that", whose(session)),
        );
    }
}
