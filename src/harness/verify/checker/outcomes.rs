//! What the gateway answers of each recipient of a directed message, held against where the recipients were and what they got.

use std::collections::HashSet;

use crate::harness::verify::history::{Request, Send, Text};

use super::case::{Case, Findings};
use super::facts::{Call, Place};

pub(super) fn judge(case: &Case<'_>, findings: &mut Findings) {
    let got = arrivals(case);
    for (at, call, send) in case.facts.sends() {
        let Some(done) = call.done_by().filter(|_| send.outcomes && !send.to.is_empty()) else { continue };
        let outcomes = call.outcomes();
        for accid in &send.to {
            findings.judge(1);
            let outcome = outcomes.iter().find(|(of, _)| of == accid).map(|(_, outcome)| &**outcome);
            let fault = match outcome {
                None => Some("nothing was said of it".to_owned()),
                Some(outcome) => fault(case, call, send, done, accid, outcome, got.contains(&(at, &**accid))),
            };
            if let Some(fault) = fault {
                let text = format!(
                    "directed message {} of {} in room {} for {accid}: answered {}, but {fault}",
                    send.msg_id,
                    call.by,
                    send.room,
                    outcome.unwrap_or("nothing")
                );
                findings.offend(case.facts.at(done), text);
            }
        }
    }
}

/// Which sends each account has got.
fn arrivals<'h>(case: &Case<'h>) -> HashSet<(usize, &'h str)> {
    let sessions = case.facts.sessions.iter().zip(&case.sendings.arrived);
    let got = sessions.flat_map(|(session, arrived)| {
        arrived.iter().filter_map(|delivered| Some((delivered.sending?, session.accid)))
    });
    got.collect()
}

/// What contradicts an outcome, if anything does.
fn fault(
    case: &Case<'_>,
    call: &Call<'_>,
    send: &Send,
    done: Place,
    accid: &Text,
    outcome: &str,
    got: bool,
) -> Option<String> {
    let of_it = || case.sessions().filter(|(_, session, _)| session.accid == &**accid).map(|(at, ..)| at);
    let surely_in = || of_it().any(|at| case.stays.surely_in(at, send.room, call.begun, done));
    let perhaps_in = || of_it().any(|at| case.stays.perhaps_in(at, send.room, (call.begun, call.at), done));
    let sent_before = || {
        let of_id = case.sendings.of_id(send.room, call.by, &send.msg_id).into_iter();
        of_id.map(|at| &case.facts.calls[at]).any(|other| other.number != call.number && other.begun < done)
    };
    match outcome {
        "queued" if !perhaps_in() => Some("it was not in the room".into()),
        "not_in_room" | "unknown" if got => Some("it got the message".into()),
        "not_in_room" | "unknown" if surely_in() => Some("it was in the room".into()),
        "unknown" if is_known(case, call, accid) => Some("there is such an account".into()),
        "duplicate" if got => Some("it got the message this time".into()),
        "duplicate" if !send.resend || !sent_before() => Some("it was not sent before".into()),
        "queued" | "not_in_room" | "unknown" | "duplicate" | "slow" => None,
        _ => Some("there is no such outcome".into()),
    }
}

/// Whether there was such an account before the call.
fn is_known(case: &Case<'_>, call: &Call<'_>, accid: &Text) -> bool {
    let made = |other: &Call<'_>| {
        let is_it = matches!(other.request, Request::CreateAccount { accid: name } if name == accid);
        is_it && other.done_by().is_some_and(|done| done < call.begun)
    };
    let logged_in = case.facts.sessions.iter().any(|session| session.accid == &**accid && session.begun < call.begun);
    logged_in || case.facts.calls.iter().any(made)
}
