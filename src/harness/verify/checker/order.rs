//! Messages of one sender, room and lane arrive in the order in which they were accepted.

use std::collections::{HashMap, HashSet};

use crate::harness::verify::history::{ConnectionNumber, Lane};

use super::Outcome;
use super::case::{Case, Findings, shown, whose};
use super::facts::{Call, Place};
use super::sendings::Delivered;

pub(super) fn judge(case: &Case<'_>) -> Outcome {
    let mut findings = Findings::default();
    let mut senders = HashSet::new();
    for (at, session, arrived) in case.sessions() {
        let mut rows: HashMap<_, Vec<(&Delivered<'_>, &Call<'_>)>> = HashMap::new();
        for delivered in arrived {
            let message = delivered.message;
            let Some(call) = case.call(delivered).filter(|call| !may_be_late(case, at, delivered, call)) else {
                continue;
            };
            if !delivered.is_first {
                continue;
            }
            rows.entry((message.room, &message.from, message.lane)).or_default().push((delivered, call));
        }
        for ((_, from, _), row) in rows {
            findings.judge(row.len() as u64);
            senders.insert(from.clone());
            for (late, early) in misplaced(&row) {
                let text = format!(
                    "{} got {} before {}, which was accepted first",
                    whose(session),
                    shown(early.message),
                    late.message.msg_id
                );
                findings.offend(late.arrival.at, text);
            }
        }
    }
    findings.outcome(&format!("messages of {} senders", senders.len()), "no message arrived")
}

/// Whether it may be one that waited for who comes back to a room: those come in the normal lane.
pub(super) fn may_be_late(case: &Case<'_>, session: usize, delivered: &Delivered<'_>, call: &Call<'_>) -> bool {
    let message = delivered.message;
    let entered = || case.stays.last_entered(session, message.room, delivered.arrival.place);
    message.lane == Lane::High && entered().is_none_or(|entered| call.begun < entered)
}

/// Each message that came behind one that was accepted after it, with that one.
fn misplaced<'r, 'h>(row: &'r [(&'r Delivered<'h>, &'r Call<'h>)]) -> Vec<(&'r Delivered<'h>, &'r Delivered<'h>)> {
    let mut found = Vec::new();
    // The latest beginning among those that came already: over all, and on each connection.
    let mut latest: Option<(Place, &Delivered<'h>)> = None;
    let mut on: HashMap<ConnectionNumber, (Place, &Delivered<'h>)> = HashMap::new();
    for (delivered, call) in row {
        let sooner = call.done_by().and_then(|done| latest.filter(|(begun, _)| done < *begun));
        let on_it = call.connection.and_then(|connection| on.get(&connection)).copied();
        let before = sooner.or_else(|| on_it.filter(|(begun, _)| call.begun < *begun));
        found.extend(before.map(|(_, early)| (*delivered, early)));
        if latest.is_none_or(|(begun, _)| call.begun > begun) {
            latest = Some((call.begun, delivered));
        }
        if let Some(connection) = call.connection
            && on_it.is_none_or(|(begun, _)| call.begun > begun)
        {
            on.insert(connection, (call.begun, delivered));
        }
    }
    found
}
