//! What was addressed has arrived, was told as lost, or waited at the end; and what the gateway answers of each recipient is true.

use std::collections::HashMap;

use crate::harness::verify::history::{Lane, Message, Request, Room, Text};

use super::Outcome;
use super::case::{Case, Findings, whose};
use super::facts::{Call, Place, Session, room_of};
use super::missing::{ByRoom, Missing};
use super::no_loss::could_be_full;
use super::outcomes;

pub(super) fn judge(case: &Case<'_>) -> Outcome {
    let mut findings = Findings::default();
    let sends = ByRoom::of(case);
    let notices = Notices::of(case);
    for (at, session, _) in case.sessions() {
        let (sure, missing) = sends.look(case, at, session);
        let told = session.told_lost();
        if told > 0 {
            findings.judge(told);
            count(case, at, session, told, &missing, &notices, &mut findings);
        } else if could_be_full(case, at, session, &missing) {
            findings.judge(sure);
            let due: Vec<&Missing> = missing.iter().filter(|missing| missing.is_due).collect();
            let first = due.iter().map(|missing| case.facts.calls[missing.call].at).min().unwrap_or_default();
            findings.offend(first, format!("{} misses {} messages and was told of none", whose(session), due.len()));
        }
    }
    outcomes::judge(case, &mut findings);
    findings
        .outcome("frames told as lost, and outcomes of recipients", "nothing was lost, and no outcome was asked for")
}

/// Whether a missing message was surely a frame in the normal lane.
fn counts(missing: &&Missing) -> bool {
    missing.is_due && missing.lane == Lane::Normal && !missing.is_resent
}

/// What was told is what is missing: not less than what surely is, not more than what may be.
fn count(
    case: &Case<'_>,
    at: usize,
    session: &Session<'_>,
    told: u64,
    missing: &[Missing],
    notices: &Notices<'_>,
    findings: &mut Findings,
) {
    let last = session.arrivals().rfind(|arrival| arrival.lost() > 0).map(|arrival| (arrival.place, arrival.at));
    let Some((last, seen)) = last else { return };
    // While it read freely it lost nothing.
    let from = slow_since(case, at);
    let sure = missing.iter().filter(counts).count() as u64;
    let within = |missing: &&Missing| {
        let call = &case.facts.calls[missing.call];
        call.begun < last && call.end.is_none_or(|(end, _)| end > from)
    };
    let maybe = missing.iter().filter(|missing| !counts(missing)).filter(within).count() as u64;
    let (sure_notices, maybe_notices) = notices.missing(case, at, session, (from, last));
    let (least, most) = (sure + sure_notices, sure + sure_notices + maybe + maybe_notices);
    if told < least {
        let text = format!("{} was told of {told} lost frames and misses {least} at least", whose(session));
        findings.offend(seen, text);
    } else if told > most {
        let text = format!("{} was told of {told} lost frames and misses {most} at most", whose(session));
        findings.offend(seen, text);
    }
}

/// What is told to everybody in a room, known from those who heard it.
struct Notices<'h> {
    rooms: HashMap<Room, Vec<Notice<'h>>>,
}

struct Notice<'h> {
    msg_id: &'h Text,
    /// It was made after this.
    after: Place,
    /// Somebody had it here.
    by: Place,
}

impl<'h> Notices<'h> {
    fn of(case: &Case<'h>) -> Notices<'h> {
        let mut found: HashMap<(Room, &'h Text), (Place, &'h Message)> = HashMap::new();
        for delivered in case.sendings.arrived.iter().flatten().filter(|delivered| delivered.message.is_notice()) {
            let message = delivered.message;
            let known = found.entry((message.room, &message.msg_id)).or_insert((delivered.arrival.place, message));
            known.0 = known.0.min(delivered.arrival.place);
        }
        let starts = Starts::of(case);
        let mut rooms: HashMap<Room, Vec<Notice<'h>>> = HashMap::new();
        for ((room, msg_id), (by, message)) in found {
            let after = starts.before(room, message.time);
            rooms.entry(room).or_default().push(Notice { msg_id, after, by });
        }
        Notices { rooms }
    }

    /// How many notices a session surely misses, and how many more it may.
    fn missing(&self, case: &Case<'h>, at: usize, session: &Session<'h>, (from, until): (Place, Place)) -> (u64, u64) {
        let came: std::collections::HashSet<_> =
            case.sendings.arrived[at].iter().map(|delivered| &delivered.message.msg_id).collect();
        let (mut sure, mut maybe) = (0, 0);
        for room in case.stays.rooms(at) {
            for notice in self.rooms.get(&room).into_iter().flatten().filter(|notice| !came.contains(notice.msg_id)) {
                let is_sure = notice.after <= notice.by
                    && case.stays.surely_in(at, room, notice.after, notice.by)
                    && case.stays.has_all(at, Lane::Normal, notice.by);
                let time = case.facts.at(notice.after);
                let may = notice.after < until
                    && from < notice.by
                    && case.stays.perhaps_in(at, room, (notice.after, time), notice.by);
                sure += u64::from(is_sure);
                maybe += u64::from(may && !is_sure);
            }
            if !has_witness(case, at, room, until) {
                maybe += unseen(case, session, room, until);
            }
        }
        (sure, maybe)
    }
}

/// Since when a session was not always read freely; from the beginning, where it always was.
fn slow_since(case: &Case<'_>, at: usize) -> Place {
    let connections = case.facts.sessions[at].connections.iter();
    connections.filter_map(|number| case.facts.connections.get(number)?.first_slow()).min().unwrap_or_default()
}

/// Whether another session heard all that this one should have heard in a room.
fn has_witness(case: &Case<'_>, at: usize, room: Room, until: Place) -> bool {
    let from = slow_since(case, at).max(case.stays.first_entered(at, room).unwrap_or_default());
    case.sessions().any(|(other, session, _)| {
        other != at
            && session.told_lost() == 0
            && case.stays.surely_in(other, room, from, until)
            && case.stays.has_all(other, Lane::Normal, until)
    })
}

/// How many notices there may have been that nobody heard.
fn unseen(case: &Case<'_>, session: &Session<'_>, room: Room, until: Place) -> u64 {
    let within = |call: &&Call<'_>| call.begun < until && call.end.is_none_or(|(place, _)| place > session.begun);
    let calls = case.facts.calls.iter().filter(within);
    let told = calls.filter(|call| room_of(call.request) == Some(room) && !matches!(call.request, Request::Send(_)));
    // Who loses its connection is told of too.
    told.count() as u64 + 2 * case.facts.connections.len() as u64
}

/// When messages were sent, by the time that they were given.
struct Starts(HashMap<Room, Vec<(u64, Place)>>);

impl Starts {
    fn of(case: &Case<'_>) -> Starts {
        let mut rooms: HashMap<Room, Vec<(u64, Place)>> = HashMap::new();
        for (_, call, send) in case.facts.sends() {
            if let Some(told) = call.told() {
                rooms.entry(send.room).or_default().push((told.time, call.begun));
            }
        }
        for starts in rooms.values_mut() {
            starts.sort_unstable();
            let mut latest = 0;
            for (_, begun) in starts {
                latest = latest.max(*begun);
                *begun = latest;
            }
        }
        Starts(rooms)
    }

    /// What is given this time was made after the entry there.
    fn before(&self, room: Room, time: u64) -> Place {
        let Some(starts) = self.0.get(&room) else { return 0 };
        let earlier = starts.partition_point(|(other, _)| *other < time);
        earlier.checked_sub(1).map_or(0, |at| starts[at].1)
    }
}
