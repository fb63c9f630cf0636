//! What arrives was sent so, byte for byte, by who is named as its sender, and was not refused. What has to be refused is.

use std::collections::HashSet;

use crate::harness::verify::history::{Answer, Message, Micros, Request, Role, Room, State, What};

use super::Outcome;
use super::case::{Case, Findings, quoted, shown, whose};
use super::facts::{Call, Done, Facts};
use super::room_isolation::shown_time;
use super::sendings::says_the_same;

pub(super) fn judge(case: &Case<'_>) -> Outcome {
    let mut findings = Findings::default();
    arrivals(case, &mut findings);
    for call in &case.facts.calls {
        answered(call, &mut findings);
        if let Some(why) = must_be_refused(case, call) {
            findings.judge(1);
            if let Done::By(place) = call.done() {
                findings.offend(case.facts.at(place), format!("a call of {} was accepted: {why}", call.by));
            }
        }
    }
    histories(case, &mut findings);
    findings.outcome("messages as they were sent, and calls that had to be refused", "no message arrived")
}

/// A message that was changed is told once, however many got it.
fn arrivals(case: &Case<'_>, findings: &mut Findings) {
    let mut told = HashSet::new();
    for (_, session, arrived) in case.sessions() {
        for delivered in arrived.iter().filter(|delivered| !delivered.message.is_notice()) {
            findings.judge(1);
            let message = delivered.message;
            let fault = fault_of(case, message, delivered.arrival.place);
            if let Some(fault) = fault.filter(|_| told.insert((message.room, &message.msg_id, message.digest))) {
                findings.offend(delivered.arrival.at, format!("{} got {}, {fault}", whose(session), shown(message)));
            }
        }
    }
}

/// What is wrong with a message that arrived there.
fn fault_of(case: &Case<'_>, message: &Message, place: usize) -> Option<String> {
    let begun: Vec<_> = case.calls_of(message).into_iter().filter(|call| call.begun < place).collect();
    let Some(first) = begun.first() else { return Some("which nobody had sent".into()) };
    if !begun.iter().any(|call| call.by == &*message.from) {
        return Some(format!("which {} had sent", first.by));
    }
    let same = |call: &&&Call<'_>| matches!(call.request, Request::Send(send) if says_the_same(message, call, send));
    let same: Vec<_> = begun.iter().filter(same).collect();
    if same.is_empty() {
        let Request::Send(send) = first.request else { return None };
        let sent = if send.to.is_empty() { "to the room" } else { "directed" };
        let (was, is) = (quoted(&send.content), quoted(&message.content));
        return Some(format!("sent {sent} as type {} with {was}, as type {} with {is}", send.kind, message.kind));
    }
    if same.iter().all(|call| call.is_refused()) {
        return Some("which was refused".into());
    }
    // Whose sender has no answer was not told anything.
    let as_told = |call: &Call<'_>| call.told().is_none_or(|told| told.digest == message.digest);
    let is_told = same.iter().filter(|call| !call.is_refused()).any(|call| as_told(call));
    (!is_told).then(|| "which is not byte for byte what its sender was told".into())
}

/// What its sender is told is what it sent.
fn answered(call: &Call<'_>, findings: &mut Findings) {
    let (Request::Send(send), Some((_, Answer::Sent { message, .. }))) = (call.request, call.end) else { return };
    findings.judge(1);
    let is_it = message.room == send.room && message.msg_id == send.msg_id && says_the_same(message, call, send);
    if !is_it {
        let text = format!(
            "{} sent {} to room {} with {}, and was told of {} with {}",
            call.by,
            send.msg_id,
            send.room,
            quoted(&send.content),
            shown(message),
            quoted(&message.content)
        );
        findings.offend(call.at, text);
    }
}

/// Why a call has to be refused; `None` where it need not be.
fn must_be_refused(case: &Case<'_>, call: &Call<'_>) -> Option<String> {
    match call.request {
        // Before a login it is another invariant's matter.
        Request::Bad { kind } if has_session(&case.facts, call) || call.connection.is_none() => {
            Some(format!("it was bad ({kind})"))
        }
        Request::Send(send) => {
            let what = format!("it sent {} to room {}", send.msg_id, send.room);
            if is_outside(case, call, send.room) {
                return Some(format!("{what}, where it was not"));
            }
            let muted = limited_since(&case.facts, call, send.room, Role::Muted)?;
            Some(format!("{what}, where it was muted since {}", shown_time(muted)))
        }
        Request::Join { room } => {
            let blocked = limited_since(&case.facts, call, *room, Role::Blocklisted)?;
            Some(format!("it entered room {room}, in whose blocklist it was since {}", shown_time(blocked)))
        }
        _ => None,
    }
}

/// Whether who sends on a connection was surely not in the room.
fn is_outside(case: &Case<'_>, call: &Call<'_>, room: Room) -> bool {
    let connection = call.connection.and_then(|number| case.facts.connections.get(&number));
    let Some(number) = connection.and_then(|connection| connection.session) else { return false };
    let end = call.end.map_or(usize::MAX, |(place, _)| place);
    let session = case.facts.sessions.iter().position(|session| session.number == number);
    session.is_some_and(|session| !case.stays.perhaps_in(session, room, (call.begun, call.at), end))
}

fn has_session(facts: &Facts<'_>, call: &Call<'_>) -> bool {
    let connection = call.connection.and_then(|number| facts.connections.get(&number));
    let Some(number) = connection.and_then(|connection| connection.session) else { return false };
    facts.sessions.iter().any(|session| session.number == number && session.begun < call.begun)
}

/// Since when who makes a call was surely muted or blocklisted there until it was answered.
fn limited_since(facts: &Facts<'_>, call: &Call<'_>, room: Room, limit: Role) -> Option<Micros> {
    let end = call.end.map(|(place, _)| place)?;
    let of_it = |change: &&Call<'_>| match change.request {
        Request::SetRole { room: other, target, .. } => {
            *other == room && &**target == call.by && change.begun < end && !change.is_refused()
        }
        _ => false,
    };
    let changes: Vec<_> = facts.calls.iter().filter(of_it).collect();
    let last = changes.last()?;
    let limits = matches!(last.request, Request::SetRole { role, given: true, .. } if *role == limit);
    let done = last.done_by().filter(|done| limits && *done < call.begun)?;
    let alone = changes.iter().rev().skip(1).all(|other| other.done_by().is_some_and(|before| before < last.begun));
    (alone && facts.one_life(done, end)).then(|| facts.at(done))
}

/// A room's history has nothing that nobody sent.
fn histories(case: &Case<'_>, findings: &mut Findings) {
    let mut told = HashSet::new();
    for (place, entry) in case.facts.history.entries.iter().enumerate() {
        let What::Read { state: State::Past { room, messages }, .. } = &entry.what else { continue };
        for kept in messages {
            findings.judge(1);
            let of_id = case.sendings.of_id(*room, &kept.from, &kept.msg_id);
            let is_it = |call: &Call<'_>| {
                let same = |text: &str| text == &*kept.content && call.by == &*kept.from;
                matches!(call.request, Request::Send(send) if same(&send.content))
                    && call.begun < place
                    && !call.is_refused()
            };
            let known = of_id.into_iter().any(|at| is_it(&case.facts.calls[at]));
            if !known && told.insert((*room, &kept.msg_id)) {
                let (id, from, content) = (&kept.msg_id, &kept.from, quoted(&kept.content));
                findings.offend(
                    entry.at,
                    format!("the history of room {room} has {id} of {from} with {content}, which was not sent so"),
                );
            }
        }
    }
}
