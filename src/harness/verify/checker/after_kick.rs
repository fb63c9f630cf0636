//! Nothing of a room reaches a session that was put out of it, and who was put out hears so.

use crate::harness::verify::history::{Frame, Lane, Request};

use super::Outcome;
use super::case::{Case, Findings, shown, whose};
use super::room_isolation::shown_time;
use super::stays::{Door, at_doors};

pub(super) fn judge(case: &Case<'_>) -> Outcome {
    let mut findings = Findings::default();
    for session in &case.facts.sessions {
        let kicked = session.arrivals().filter(|arrival| matches!(arrival.frame, Frame::Kicked { .. })).count();
        findings.judge(kicked as u64);
        at_doors(session, &case.facts, |arrival, door| {
            if let (Door::Kicked(place), Some(message)) = (door, arrival.message()) {
                let out = shown_time(case.facts.at(place));
                let text = format!("{} got {}, though put out at {out}", whose(session), shown(message));
                findings.offend(arrival.at, text);
            }
        });
    }
    unheard(case, &mut findings);
    findings.outcome("sessions put out of a room", "nobody was put out of a room")
}

/// Who was surely in a room and is put out of it hears `kicked` before the answer to anything it asks later.
fn unheard(case: &Case<'_>, findings: &mut Findings) {
    for call in &case.facts.calls {
        let (Request::Kick { room, target }, Some(done)) = (call.request, call.done_by()) else { continue };
        for (at, session, _) in case.sessions().filter(|(_, session, _)| *session.accid == **target) {
            let was_in = call.begun > 0 && case.stays.surely_in(at, *room, call.begun - 1, call.begun - 1);
            let heard = |place: usize| place > call.begun;
            let is_kicked = session.arrivals().any(|arrival| {
                matches!(arrival.frame, Frame::Kicked { room: of, .. } if of == room) && heard(arrival.place)
            });
            if was_in && !is_kicked && session.alive_until > done && case.stays.has_all(at, Lane::Normal, done) {
                let text =
                    format!("{} was put out of room {room} by {} and heard nothing of it", whose(session), call.by);
                findings.offend(case.facts.at(done), text);
            }
        }
    }
}
