//! An urgent frame waits behind no more normal bytes than is published, and the normal lane is not starved.

use std::collections::VecDeque;

use crate::harness::verify::history::Lane;

use super::Outcome;
use super::case::{Case, Findings, shown, whose};
use super::facts::{Arrival, Call, Place, Session};
use super::order::may_be_late;
use super::sendings::Delivered;

pub(super) fn judge(case: &Case<'_>) -> Outcome {
    let mut findings = Findings::default();
    for (at, session, arrived) in case.sessions() {
        urgent(case, at, session, arrived, &mut findings);
        starved(case, session, arrived, &mut findings);
    }
    findings.outcome("urgent frames", "no urgent frame had to overtake")
}

/// Judged are urgent frames that were queued while their member read nothing, over a connection whose receive buffer is known: what came ahead
/// of them when it read on had been written before, or was in buffers that have a bound.
fn urgent(case: &Case<'_>, at: usize, session: &Session<'_>, arrived: &[Delivered<'_>], findings: &mut Findings) {
    let bounds = case.facts.history.setup.bounds;
    let arrivals: Vec<&Arrival<'_>> = session.arrivals().collect();
    for delivered in arrived.iter().filter(|delivered| delivered.message.lane == Lane::High) {
        let Some(call) = case.call(delivered).filter(|call| !may_be_late(case, at, delivered, call)) else { continue };
        let connection = case.facts.connections.get(&delivered.arrival.connection);
        let Some(buffer) = connection.and_then(|connection| connection.receive_buffer) else { continue };
        let Some(queued) = call.done_by().filter(|done| case.is_stopped(delivered, *done)) else { continue };
        findings.judge(1);
        let between = arrivals.iter().filter(|other| queued < other.place && other.place < delivered.arrival.place);
        let (mut normal, mut high) = (0, 0);
        for other in between {
            match other.message() {
                Some(message) if message.lane == Lane::High => high += 1,
                _ => normal += other.bytes,
            }
        }
        // Normal frames that went because so many urgent ones had gone.
        let turns = high / u64::from(bounds.high_in_a_row.max(1)) * case.largest_frame();
        let most = bounds.overtaking_bytes + u64::from(buffer) + turns;
        if normal > most {
            let text = format!(
                "{} got urgent {} behind {normal} bytes of normal frames, expected at most {most}",
                whose(session),
                shown(delivered.message)
            );
            findings.offend(delivered.arrival.at, text);
        }
    }
}

/// While a normal frame waits, no more than so many urgent ones in a row go ahead of it.
fn starved(case: &Case<'_>, session: &Session<'_>, arrived: &[Delivered<'_>], findings: &mut Findings) {
    let row = case.facts.history.setup.bounds.high_in_a_row as usize;
    let mut waited = arrived.iter().zip(waiting_after(case, arrived));
    let mut run: VecDeque<Option<Place>> = VecDeque::new();
    for arrival in session.arrivals() {
        // An answer is a normal frame too.
        let next = arrival.message().and_then(|_| waited.next());
        let Some((delivered, waits)) = next.filter(|(delivered, _)| delivered.message.lane == Lane::High) else {
            run.clear();
            continue;
        };
        run.push_back(case.call(delivered).map(|call| call.begun));
        if run.len() > row + 1 {
            run.pop_front();
        }
        // All of them were sent when that one was there already.
        let first = run.iter().min().copied().flatten();
        if let (true, Some(first), Some((done, normal))) = (run.len() > row, first, waits)
            && done < first
        {
            let (who, what) = (whose(session), shown(normal.message));
            let text = format!("{who} got more than {row} urgent frames in a row ahead of {what}, which waited");
            findings.offend(delivered.arrival.at, text);
            run.clear();
        }
    }
}

/// For each message the normal one behind it that was accepted first, with where that was.
fn waiting_after<'d, 'h>(case: &Case<'h>, arrived: &'d [Delivered<'h>]) -> Vec<Option<(Place, &'d Delivered<'h>)>> {
    let mut earliest: Option<(Place, &Delivered<'h>)> = None;
    let mut waits: Vec<_> = arrived
        .iter()
        .rev()
        .map(|delivered| {
            let behind = earliest;
            let done = case.call(delivered).and_then(Call::done_by);
            if let Some(done) = done.filter(|_| delivered.message.lane == Lane::Normal && delivered.is_first)
                && earliest.is_none_or(|(known, _)| done < known)
            {
                earliest = Some((done, delivered));
            }
            behind
        })
        .collect();
    waits.reverse();
    waits
}
