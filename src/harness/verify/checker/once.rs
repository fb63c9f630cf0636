//! Nothing arrives twice at a session: not what is sent again, not across a resume.

use std::collections::{HashMap, HashSet};

use crate::harness::verify::history::Request;

use super::Outcome;
use super::case::{Case, Findings, shown, whose};
use super::facts::{Place, Session};
use super::sendings::{Delivered, is_for};
use super::stays::{Door, at_doors};

/// So many lost messages are known for one that is sent again; who has lost more may get one twice rather than never.
const MISSED: u64 = 4096;

pub(super) fn judge(case: &Case<'_>) -> Outcome {
    let mut findings = Findings::default();
    for (at, session, arrived) in case.sessions() {
        let forgetful = session.told_lost() > MISSED;
        let mut known: HashMap<_, Vec<&Delivered<'_>>> = HashMap::new();
        // What came though its session was out of the room, or not listed, is another invariant's matter.
        let outside = outside(case, session);
        let is_its_own = |delivered: &&Delivered<'_>| match case.call(delivered).map(|call| call.request) {
            Some(Request::Send(send)) => is_for(send, session.accid),
            _ => true,
        };
        let inside = arrived.iter().filter(|delivered| !outside.contains(&delivered.arrival.place));
        for delivered in inside.filter(is_its_own) {
            let message = delivered.message;
            findings.judge(1);
            let before = known.entry((message.room, &message.from, &message.msg_id)).or_default();
            if let Some(first) = before.iter().find(|first| is_twice(case, at, first, delivered, forgetful)) {
                let since = super::room_isolation::shown_time(first.arrival.at);
                let text = format!("{} got {} again, which it had since {since}", whose(session), shown(message));
                findings.offend(delivered.arrival.at, text);
            }
            before.push(delivered);
        }
    }
    findings.outcome("messages at a session each", "no message arrived")
}

/// What came while the session was out of the room.
fn outside(case: &Case<'_>, session: &Session<'_>) -> HashSet<Place> {
    let mut outside = HashSet::new();
    at_doors(session, &case.facts, |arrival, door| {
        if door != Door::Open {
            outside.insert(arrival.place);
        }
    });
    outside
}

/// Whether one of the two may not be there.
fn is_twice(case: &Case<'_>, session: usize, first: &Delivered<'_>, second: &Delivered<'_>, forgetful: bool) -> bool {
    let message = second.message;
    if message.is_notice() {
        return true;
    }
    let (Some(one), Some(other)) = (case.call(first), case.call(second)) else { return false };
    if one.number == other.number {
        // Two sendings that look alike are taken for one.
        let of_id = case.sendings.of_id(message.room, &message.from, &message.msg_id);
        return !of_id.iter().any(|at| case.sendings.alike.contains(at));
    }
    // Who has left and entered starts anew for what is for the whole room.
    let anew = !message.directed
        && case.stays.entered_between(session, message.room, first.arrival.place, second.arrival.place);
    // They may have been in different lanes, so the later one may have come first.
    let (early, late) = if one.begun < other.begun { (first, other) } else { (second, one) };
    let marked = matches!(late.request, Request::Send(send) if send.resend);
    // What is under way beside it may be done after it.
    let early_done = early.arrival.place < late.begun || case.call(early).is_some_and(|early| early.is_before(late));
    marked && early_done && !anew && !forgetful
}
