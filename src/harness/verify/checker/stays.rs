//! When a session was in a room: surely, or perhaps. What is under way may have happened at any moment between its two ends.

use std::collections::HashMap;

use crate::harness::verify::history::{Frame, Lane, Micros, Request, Role, Room};

use super::facts::{Arrival, Done, Facts, Place, Session, Step};

/// Urgent frames in a row, after which an answer may overtake those behind them.
pub(super) const RUN: usize = 32;

/// What all sessions did in their rooms.
pub(super) struct Stays {
    rooms: Vec<HashMap<Room, Vec<Stay>>>,
    barriers: Vec<Barriers>,
    over_at: Vec<Micros>,
    alive_until: Vec<Place>,
}

/// One time in a room.
struct Stay {
    begun: Place,
    /// It is in; where that is not known it may be.
    done: Option<Place>,
    /// Something has begun that may end it, the first such.
    threatened: Place,
    /// It is out.
    out: Place,
}

/// What an answer tells: when it is here, so is what was sent before it was asked for.
#[derive(Default)]
struct Barriers {
    normal: Option<Place>,
    /// The same for urgent frames.
    high: Option<Place>,
}

/// Whether messages of a room may come at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    Open,
    /// It has never been in.
    Never,
    /// It left, and that was answered there.
    Left(Place),
    /// It was put out, and heard so there.
    Kicked(Place),
}

/// What may put an account out of a room.
struct Threat<'h> {
    room: Room,
    accid: &'h str,
    begun: Place,
    done: Done,
}

impl Stays {
    pub(super) fn of(facts: &Facts<'_>) -> Stays {
        let threats = threats(facts);
        Stays {
            rooms: facts.sessions.iter().map(|session| stays(session, facts, &threats)).collect(),
            barriers: facts.sessions.iter().map(|session| barriers(session, facts)).collect(),
            over_at: facts.sessions.iter().map(|session| session.over_at).collect(),
            alive_until: facts.sessions.iter().map(|session| session.alive_until).collect(),
        }
    }

    /// Whether the session was in the room all the time between these places.
    pub(super) fn surely_in(&self, session: usize, room: Room, from: Place, to: Place) -> bool {
        let stays = self.rooms[session].get(&room).into_iter().flatten();
        let covers = |stay: &Stay| stay.done.is_some_and(|done| done <= from) && stay.threatened > to;
        self.alive_until[session] > to && stays.into_iter().any(covers)
    }

    /// Whether it may have been in the room at any moment between these places, the first of which was at that time.
    pub(super) fn perhaps_in(&self, session: usize, room: Room, from: (Place, Micros), to: Place) -> bool {
        let stays = self.rooms[session].get(&room).into_iter().flatten();
        self.over_at[session] > from.1 && stays.into_iter().any(|stay| stay.begun < to && stay.out > from.0)
    }

    /// Whether all that was queued for it in this lane by this place has arrived, if it was not dropped.
    pub(super) fn has_all(&self, session: usize, lane: Lane, by: Place) -> bool {
        let barriers = &self.barriers[session];
        let barrier = if lane == Lane::High { barriers.high } else { barriers.normal };
        barrier.is_some_and(|asked| asked > by)
    }

    /// When it last came in before this place, if it is known that it did.
    pub(super) fn last_entered(&self, session: usize, room: Room, before: Place) -> Option<Place> {
        let stays = self.rooms[session].get(&room).into_iter().flatten();
        stays.rev().find(|stay| stay.begun < before).map(|stay| stay.done.unwrap_or(Place::MAX))
    }

    /// Whether it began to come in between these places.
    pub(super) fn entered_between(&self, session: usize, room: Room, from: Place, to: Place) -> bool {
        let mut stays = self.rooms[session].get(&room).into_iter().flatten();
        // It may have been under way at the first of them.
        stays.any(|stay| stay.begun < to && stay.done.is_none_or(|done| done > from))
    }

    /// Where it first asked to come in.
    pub(super) fn first_entered(&self, session: usize, room: Room) -> Option<Place> {
        self.rooms[session].get(&room)?.first().map(|stay| stay.begun)
    }

    /// The rooms it was in, or may have been.
    pub(super) fn rooms(&self, session: usize) -> impl Iterator<Item = Room> {
        self.rooms[session].keys().copied()
    }
}

fn threats<'h>(facts: &Facts<'h>) -> Vec<Threat<'h>> {
    let target = |request: &'h Request| match request {
        Request::Kick { room, target } => Some((*room, &**target)),
        Request::SetRole { room, target, role: Role::Blocklisted, given: true } => Some((*room, &**target)),
        _ => None,
    };
    let calls = facts.calls.iter().filter(|call| !call.is_refused());
    let found = calls.filter_map(|call| {
        let (room, accid) = target(call.request)?;
        Some(Threat { room, accid, begun: call.begun, done: call.done() })
    });
    found.collect()
}

fn stays(session: &Session<'_>, facts: &Facts<'_>, threats: &[Threat<'_>]) -> HashMap<Room, Vec<Stay>> {
    let mut rooms: HashMap<Room, Vec<Stay>> = HashMap::new();
    for step in &session.steps {
        match step {
            Step::Begun(at) => {
                let call = &facts.calls[*at];
                if let (Request::Join { room }, false) = (call.request, call.is_refused()) {
                    let stay =
                        Stay { begun: call.begun, done: call.done_by(), threatened: Place::MAX, out: Place::MAX };
                    rooms.entry(*room).or_default().push(stay);
                }
                if let (Request::Leave { room }, false) = (call.request, call.is_refused()) {
                    let out = call.done_by().unwrap_or(Place::MAX);
                    close(rooms.get_mut(room), call.begun, out);
                }
            }
            Step::Arrived(Arrival { frame: Frame::Kicked { room, .. }, place, .. }) => {
                close(rooms.get_mut(room), *place, *place);
            }
            Step::Ended(_) | Step::Arrived(_) => {}
        }
    }
    for (room, stays) in &mut rooms {
        let of_it = |threat: &&Threat<'_>| threat.room == *room && threat.accid == session.accid;
        for threat in threats.iter().filter(of_it) {
            let over = |place: Place| matches!(threat.done, Done::By(done) if done < place);
            // One that was done before the entering was asked for does not touch it.
            for stay in stays.iter_mut().filter(|stay| !over(stay.begun)) {
                stay.threatened = stay.threatened.min(threat.begun);
            }
        }
    }
    rooms
}

/// What has begun there and is over at `out` ends every stay that is known; one whose entering is still under way may come after it.
fn close(stays: Option<&mut Vec<Stay>>, begun: Place, out: Place) {
    for stay in stays.into_iter().flatten() {
        stay.threatened = stay.threatened.min(begun);
        if stay.done.is_some_and(|done| done < begun) {
            stay.out = stay.out.min(out);
        }
    }
}

fn barriers(session: &Session<'_>, facts: &Facts<'_>) -> Barriers {
    let asked: HashMap<_, _> = facts.calls.iter().map(|call| (call.number, call.begun)).collect();
    let mut found = Barriers::default();
    let mut run = 0;
    for arrival in session.arrivals() {
        if let Frame::Reply { call: Some(call), .. } = arrival.frame
            && let Some(begun) = asked.get(call)
        {
            found.normal = found.normal.max(Some(*begun));
            if run < RUN {
                found.high = found.high.max(Some(*begun));
            }
        }
        run = if is_high(arrival) { run + 1 } else { 0 };
    }
    found
}

fn is_high(arrival: &Arrival<'_>) -> bool {
    arrival.message().is_some_and(|message| message.lane == Lane::High)
}

/// Every message that arrived at a session, with the state of its room's door in that moment.
pub(super) fn at_doors<'s, 'h>(
    session: &'s Session<'h>,
    facts: &'s Facts<'h>,
    mut hear: impl FnMut(&'s Arrival<'h>, Door),
) {
    let mut doors: HashMap<Room, Doorway> = HashMap::new();
    let mut run = 0;
    for step in &session.steps {
        match step {
            Step::Begun(at) => {
                if let Request::Join { room } = facts.calls[*at].request {
                    doors.entry(*room).or_default().pending.push(*at);
                }
            }
            Step::Ended(at) => {
                let call = &facts.calls[*at];
                match call.request {
                    Request::Join { room } => doors.entry(*room).or_default().join_ended(*at, call.done()),
                    Request::Leave { room } if call.done_by().is_some() => {
                        doors.entry(*room).or_default().close(Door::Left(call.done_by().unwrap_or_default()));
                    }
                    _ => {}
                }
            }
            Step::Arrived(arrival) => {
                match arrival.frame {
                    Frame::Kicked { room, .. } => doors.entry(*room).or_default().close(Door::Kicked(arrival.place)),
                    Frame::Message(message) => {
                        let door = doors.get(&message.room).map_or(Door::Never, Doorway::state);
                        // An answer may have overtaken urgent frames that wait behind very many others.
                        let overtaken = is_high(arrival) && run >= RUN;
                        hear(arrival, if overtaken { Door::Open } else { door });
                    }
                    _ => {}
                }
                // The answer that overtook them ends no run.
                if is_high(arrival) {
                    run += 1;
                } else if arrival.message().is_some() {
                    run = 0;
                }
            }
        }
    }
}

/// One room as a session sees it.
struct Doorway {
    pending: Vec<usize>,
    last: Door,
}

impl Default for Doorway {
    fn default() -> Doorway {
        Doorway { pending: Vec::new(), last: Door::Never }
    }
}

impl Doorway {
    fn join_ended(&mut self, call: usize, done: Done) {
        match done {
            Done::By(_) => self.last = Door::Open,
            Done::Refused(_) => {}
            // It may have been done, or be done yet.
            Done::Unknown => return,
        }
        self.pending.retain(|pending| *pending != call);
    }

    fn close(&mut self, why: Door) {
        self.last = why;
    }

    fn state(&self) -> Door {
        if self.pending.is_empty() { self.last } else { Door::Open }
    }
}
