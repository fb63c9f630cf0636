//! What was addressed to a session and has not arrived.

use std::collections::{HashMap, HashSet};

use crate::harness::verify::history::{Lane, Room, Send};

use super::case::Case;
use super::facts::{Call, Done, Place, Session};
use super::sendings::{Delivered, is_for};

/// A message that is not there.
pub(super) struct Missing {
    /// Its send, by its place among the calls.
    pub(super) call: usize,
    pub(super) lane: Lane,
    /// It was addressed for certain, what came later has arrived, and no other sending of it has.
    pub(super) is_due: bool,
    /// It was marked as sent again: then it need not be a frame more.
    pub(super) is_resent: bool,
}

/// Sends by room, since a session is in few.
pub(super) struct ByRoom<'h>(HashMap<Room, Vec<(usize, &'h Send)>>);

impl<'h> ByRoom<'h> {
    pub(super) fn of(case: &Case<'h>) -> ByRoom<'h> {
        let mut rooms: HashMap<Room, Vec<(usize, &'h Send)>> = HashMap::new();
        for (at, call, send) in case.facts.sends() {
            if !matches!(call.done(), Done::Refused(_)) && !case.sendings.alike.contains(&at) {
                rooms.entry(send.room).or_default().push((at, send));
            }
        }
        ByRoom(rooms)
    }

    /// How many messages surely came or should have, and what is missing.
    pub(super) fn look(&self, case: &Case<'h>, at: usize, session: &Session<'h>) -> (u64, Vec<Missing>) {
        let arrived = &case.sendings.arrived[at];
        let came: HashSet<usize> = arrived.iter().filter_map(|delivered| delivered.sending).collect();
        // By who sent it, whoever is named.
        let key = |delivered: &Delivered<'h>| {
            let by = case.call(delivered).map_or(&*delivered.message.from, |call| call.by);
            ((delivered.message.room, by, &*delivered.message.msg_id), delivered.arrival.place)
        };
        let keys: HashMap<_, Place> = arrived.iter().rev().map(key).collect();
        let (mut sure, mut missing) = (0, Vec::new());
        for room in case.stays.rooms(at) {
            for (number, send) in self.0.get(&room).into_iter().flatten() {
                let call = &case.facts.calls[*number];
                if !is_for(send, session.accid) {
                    continue;
                }
                let is_sure = is_sure(case, at, call, send);
                sure += u64::from(is_sure);
                let known = keys.get(&(send.room, call.by, &*send.msg_id));
                // Who has it is not addressed again, but by entering again.
                let has_it = |place: &Place| {
                    *place < call.begun
                        && !case.stays.entered_between(at, room, *place, call.done_by().unwrap_or(Place::MAX))
                };
                if send.resend && known.is_some_and(has_it) {
                    continue;
                }
                let is_known = known.is_some();
                if !came.contains(number) && may_be_addressed(case, at, call, room) {
                    let lane = call.told().map_or(send.lane, |told| told.lane);
                    missing.push(Missing {
                        call: *number,
                        lane,
                        is_due: is_sure && !(send.resend && is_known),
                        is_resent: send.resend,
                    });
                }
            }
        }
        (sure, missing)
    }
}

/// Whether the message was for the session beyond doubt, and has arrived if it ever does.
fn is_sure(case: &Case<'_>, session: usize, call: &Call<'_>, send: &Send) -> bool {
    let Some(done) = call.done_by() else { return false };
    let lane = call.told().map_or(send.lane, |told| told.lane);
    case.stays.surely_in(session, send.room, call.begun, done) && case.stays.has_all(session, lane, done)
}

fn may_be_addressed(case: &Case<'_>, session: usize, call: &Call<'_>, room: Room) -> bool {
    let end = call.done_by().unwrap_or(Place::MAX);
    case.stays.perhaps_in(session, room, (call.begun, call.at), end) || may_be_caught_up(case, session, call, room)
}

/// What was urgent is given to who comes back within half a minute.
fn may_be_caught_up(case: &Case<'_>, session: usize, call: &Call<'_>, room: Room) -> bool {
    let is_high = call.told().is_some_and(|told| told.lane == Lane::High);
    let accid = case.facts.sessions[session].accid;
    let was_in = || {
        case.sessions().any(|(at, other, _)| {
            other.accid == accid && case.stays.first_entered(at, room).is_some_and(|entered| entered < call.begun)
        })
    };
    is_high && case.stays.entered_between(session, room, call.begun, Place::MAX) && was_in()
}
