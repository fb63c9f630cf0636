//! Times in a room never go back: not from what was accepted to what was sent after that, not from one frame of a lane to the next.

use std::collections::HashMap;

use crate::harness::verify::history::Room;

use super::Outcome;
use super::case::{Case, Findings, shown, whose};
use super::facts::Call;
use super::order::may_be_late;
use super::sendings::Delivered;

pub(super) fn judge(case: &Case<'_>) -> Outcome {
    let mut findings = Findings::default();
    as_sent(case, &mut findings);
    as_arrived(case, &mut findings);
    findings.outcome("times of messages", "no message was sent")
}

/// What was sent after a message was accepted has no earlier time.
fn as_sent(case: &Case<'_>, findings: &mut Findings) {
    let mut rooms: HashMap<Room, Vec<&Call<'_>>> = HashMap::new();
    for (_, call, send) in case.facts.sends().filter(|(_, call, _)| call.told().is_some()) {
        rooms.entry(send.room).or_default().push(call);
    }
    for calls in rooms.values() {
        let mut done: Vec<_> = calls.iter().filter_map(|call| Some((call.done_by()?, call.told()?))).collect();
        done.sort_by_key(|(place, _)| *place);
        let mut done = done.into_iter().peekable();
        let mut latest = None;
        for call in calls {
            while let Some((place, told)) = done.next_if(|(place, _)| *place < call.begun) {
                // Another life of the gateway has another clock.
                if latest.is_none_or(|(before, known): (usize, &crate::harness::verify::history::Message)| {
                    known.time <= told.time || !case.facts.one_life(before, place)
                }) {
                    latest = Some((place, told));
                }
            }
            let Some(told) = call.told() else { continue };
            findings.judge(1);
            if let Some((place, before)) = latest.filter(|(_, before)| before.time > told.time)
                && case.facts.one_life(place, call.begun)
            {
                let text = format!(
                    "{} has the time {}, {} ms before that of {}, which was accepted before it was sent",
                    shown(told),
                    told.time,
                    before.time - told.time,
                    before.msg_id
                );
                findings.offend(call.at, text);
            }
        }
    }
}

/// In one lane a session gets rising times.
fn as_arrived(case: &Case<'_>, findings: &mut Findings) {
    for (at, session, arrived) in case.sessions() {
        let mut latest: HashMap<_, &Delivered<'_>> = HashMap::new();
        for delivered in arrived {
            let message = delivered.message;
            let late = case.call(delivered).is_none_or(|call| may_be_late(case, at, delivered, call));
            if !delivered.is_first || late && !message.is_notice() {
                continue;
            }
            findings.judge(1);
            let before = latest.entry((message.room, message.lane)).or_insert(delivered);
            if before.message.time <= message.time {
                *before = delivered;
            } else if !is_misplaced(case, before, delivered) {
                let text = format!(
                    "{} got {} with the time {} behind {} with {}",
                    whose(session),
                    shown(message),
                    message.time,
                    before.message.msg_id,
                    before.message.time
                );
                findings.offend(delivered.arrival.at, text);
            }
        }
    }
}

/// Whether a message has the right time and came at the wrong moment: its sender sent it before the other one.
fn is_misplaced(case: &Case<'_>, before: &Delivered<'_>, delivered: &Delivered<'_>) -> bool {
    let (Some(other), Some(call)) = (case.call(before), case.call(delivered)) else { return false };
    other.by == call.by && call.is_before(other)
}
