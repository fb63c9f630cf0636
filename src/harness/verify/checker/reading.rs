//! Reads a history, entry by entry, into what its entries mean together.

use std::collections::HashMap;

use crate::harness::verify::history::{
    CallNumber, ConnectionNumber, Ending, Fault, History, Micros, SessionNumber, What,
};

use super::facts::{Arrival, Call, Connection, Facts, Place, Session, Step};

/// A history that is being read.
#[derive(Default)]
pub(super) struct Reading<'h> {
    calls: Vec<Call<'h>>,
    numbers: HashMap<CallNumber, usize>,
    connections: HashMap<ConnectionNumber, Connection<'h>>,
    sessions: Vec<Session<'h>>,
    places: HashMap<SessionNumber, usize>,
    strays: Vec<Arrival<'h>>,
    killings: Vec<Place>,
    holds: Vec<(Place, Place)>,
}

impl<'h> Reading<'h> {
    /// Takes the next entry.
    pub(super) fn take(&mut self, place: Place, at: Micros, what: &'h What) {
        match what {
            What::Invoked { call: number, by, connection, request } => {
                let (number, connection) = (*number, *connection);
                self.numbers.insert(number, self.calls.len());
                let call = Call { number, by, connection, request, begun: place, at, end: None };
                let at = self.calls.len();
                self.calls.push(call);
                self.step(connection, Step::Begun(at));
            }
            What::Completed { call, answer } => {
                let Some(&at) = self.numbers.get(call) else { return };
                self.calls[at].end = Some((place, answer));
                self.step(self.calls[at].connection, Step::Ended(at));
            }
            What::Connecting { connection, accid, receive_buffer } => {
                let begun = Connection {
                    accid,
                    receive_buffer: *receive_buffer,
                    session: None,
                    ending: None,
                    ended: None,
                    paces: Vec::new(),
                };
                self.connections.insert(*connection, begun);
            }
            What::LoggedIn { connection, session, .. } => self.log_in(place, *connection, *session),
            What::Ending { connection, how } => {
                self.with(*connection, |known| known.ending = known.ending.or(Some((place, *how))));
            }
            What::Ended { connection, code } => {
                self.with(*connection, |known| known.ended = known.ended.or(Some((place, *code))));
            }
            What::Reading { connection, pace } => self.with(*connection, |known| known.paces.push((place, *pace))),
            What::Arrived { connection, bytes, frame, .. } => {
                let arrival = Arrival { place, at, connection: *connection, bytes: u64::from(*bytes), frame };
                if self.session(*connection).is_some() {
                    self.step(Some(*connection), Step::Arrived(arrival));
                } else {
                    self.strays.push(arrival);
                }
            }
            What::Nemesis { fault } => self.suffer(place, *fault),
            _ => {}
        }
    }

    fn with(&mut self, connection: ConnectionNumber, act: impl FnOnce(&mut Connection<'h>)) {
        self.connections.get_mut(&connection).map(act);
    }

    fn session(&mut self, connection: ConnectionNumber) -> Option<&mut Session<'h>> {
        let number = self.connections.get(&connection)?.session?;
        self.sessions.get_mut(*self.places.get(&number)?)
    }

    fn step(&mut self, connection: Option<ConnectionNumber>, step: Step<'h>) {
        if let Some(session) = connection.and_then(|connection| self.session(connection)) {
            session.steps.push(step);
        }
    }

    fn log_in(&mut self, place: Place, connection: ConnectionNumber, number: SessionNumber) {
        let Some(known) = self.connections.get_mut(&connection) else { return };
        known.session = Some(number);
        let accid = known.accid;
        let at = *self.places.entry(number).or_insert_with(|| {
            self.sessions.push(Session {
                number,
                accid,
                begun: place,
                connections: Vec::new(),
                steps: Vec::new(),
                alive_until: Place::MAX,
                over_at: Micros::MAX,
            });
            self.sessions.len() - 1
        });
        self.sessions[at].connections.push(connection);
    }

    fn suffer(&mut self, place: Place, fault: Fault) {
        match fault {
            Fault::Killing => self.killings.push(place),
            Fault::DatabaseHeld => self.holds.push((place, Place::MAX)),
            Fault::DatabaseFreed => {
                if let Some((_, freed)) = self.holds.last_mut() {
                    *freed = place;
                }
            }
            _ => {}
        }
    }

    /// All is read.
    pub(super) fn finish(mut self, history: &'h History) -> Facts<'h> {
        for session in &mut self.sessions {
            let ends = session.connections.last().and_then(|last| self.connections.get(last));
            let killed = self.killings.iter().find(|killing| **killing > session.begun);
            let ending = ends.and_then(|connection| connection.ending);
            let ended = ends.and_then(|connection| connection.ended);
            let places = [ending.map(|(place, _)| place), ended.map(|(place, _)| place), killed.copied()];
            session.alive_until = places.into_iter().flatten().min().unwrap_or(Place::MAX);
            let at = |place: Place| history.entries[place].at;
            let by_kill = killed.map(|place| at(*place));
            let by_end = ended.map(|(place, _)| at(place).saturating_add(keeping(ending, history)));
            session.over_at = by_kill.into_iter().chain(by_end).min().unwrap_or(Micros::MAX);
        }
        let Reading { calls, connections, sessions, strays, killings, holds, .. } = self;
        Facts { history, calls, connections, sessions, strays, killings, holds }
    }
}

/// How long a session may still be there after its last connection.
fn keeping(ending: Option<(Place, Ending)>, history: &History) -> Micros {
    /// For what is on its way, on a busy machine.
    const GRACE: Micros = 5_000_000;
    match ending {
        Some((_, Ending::Goodbye)) => GRACE,
        _ => GRACE + history.setup.bounds.resume_ms * 1000,
    }
}
