//! What the entries of a history mean together: calls with their ends, connections, sessions with all that arrived at them.

use std::collections::HashMap;

use crate::harness::verify::history::{
    Answer, CallNumber, ConnectionNumber, Ending, Frame, History, Message, Micros, Pace, Request, Room, Send,
    SessionNumber,
};

use super::reading::Reading;

/// Where an entry stands. What stands before another entry was so before it in the world too.
pub(super) type Place = usize;

/// Codes with which a call may have been done all the same: it failed on its way, and not by a rule.
const FAILURES: [u16; 3] = [408, 500, 503];

/// A database that is held for less than this is waited for.
const PATIENCE: Micros = 3_000_000;

/// All of it.
pub(super) struct Facts<'h> {
    pub(super) history: &'h History,
    pub(super) calls: Vec<Call<'h>>,
    pub(super) connections: HashMap<ConnectionNumber, Connection<'h>>,
    /// In the order in which they began.
    pub(super) sessions: Vec<Session<'h>>,
    /// What arrived on connections on which nobody had logged in.
    pub(super) strays: Vec<Arrival<'h>>,
    /// When the gateway was about to be killed.
    pub(super) killings: Vec<Place>,
    /// From when to when the database was held.
    pub(super) holds: Vec<(Place, Place)>,
}

/// A call and what it came to.
pub(super) struct Call<'h> {
    pub(super) number: CallNumber,
    pub(super) by: &'h str,
    pub(super) connection: Option<ConnectionNumber>,
    pub(super) request: &'h Request,
    pub(super) begun: Place,
    pub(super) at: Micros,
    pub(super) end: Option<(Place, &'h Answer)>,
}

/// What is known of whether something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// Before this place.
    By(Place),
    /// Not, and it was said so there.
    Refused(Place),
    /// Nobody knows, or when.
    Unknown,
}

/// A connection.
pub(super) struct Connection<'h> {
    pub(super) accid: &'h str,
    pub(super) receive_buffer: Option<u32>,
    pub(super) session: Option<SessionNumber>,
    pub(super) ending: Option<(Place, Ending)>,
    pub(super) ended: Option<(Place, Option<u16>)>,
    /// How it was read since when; freely before.
    pub(super) paces: Vec<(Place, Pace)>,
}

/// A session over all its connections.
pub(super) struct Session<'h> {
    pub(super) number: SessionNumber,
    pub(super) accid: &'h str,
    pub(super) begun: Place,
    pub(super) connections: Vec<ConnectionNumber>,
    pub(super) steps: Vec<Step<'h>>,
    /// Up to here it was surely alive.
    pub(super) alive_until: Place,
    /// From this moment it was surely over.
    pub(super) over_at: Micros,
}

/// Something that happened to a session.
pub(super) enum Step<'h> {
    /// One of its calls, by its place among the calls, goes out.
    Begun(usize),
    /// It is answered.
    Ended(usize),
    /// A frame.
    Arrived(Arrival<'h>),
}

/// A frame that arrived.
#[derive(Clone, Copy)]
pub(super) struct Arrival<'h> {
    pub(super) place: Place,
    pub(super) at: Micros,
    pub(super) connection: ConnectionNumber,
    pub(super) bytes: u64,
    pub(super) frame: &'h Frame,
}

impl<'h> Facts<'h> {
    pub(super) fn of(history: &'h History) -> Facts<'h> {
        let mut reading = Reading::default();
        for (place, entry) in history.entries.iter().enumerate() {
            reading.take(place, entry.at, &entry.what);
        }
        reading.finish(history)
    }

    /// When the entry at this place was recorded.
    pub(super) fn at(&self, place: Place) -> Micros {
        self.history.entries.get(place).map_or(Micros::MAX, |entry| entry.at)
    }

    /// Every send.
    pub(super) fn sends(&self) -> impl Iterator<Item = (usize, &Call<'h>, &'h Send)> {
        self.calls.iter().enumerate().filter_map(|(at, call)| match call.request {
            Request::Send(send) => Some((at, call, send)),
            _ => None,
        })
    }

    /// Whether what lies between these places lies within one life of the gateway.
    pub(super) fn one_life(&self, from: Place, to: Place) -> bool {
        !self.killings.iter().any(|killing| (from..to).contains(killing))
    }

    /// Whether between these places the database was held by somebody else for so long that the gateway may have given up waiting for it.
    pub(super) fn database_failed(&self, from: Place, to: Place) -> bool {
        let long = |held: Place, freed: Place| self.at(freed).saturating_sub(self.at(held)) >= PATIENCE;
        self.holds.iter().any(|(held, freed)| *held < to && from < *freed && long(*held, *freed))
    }
}

impl<'h> Call<'h> {
    pub(super) fn done(&self) -> Done {
        match self.end {
            Some((place, Answer::Sent { .. } | Answer::Room { .. } | Answer::Done)) => Done::By(place),
            Some((place, Answer::Refused { code, .. })) if !FAILURES.contains(code) => Done::Refused(place),
            _ => Done::Unknown,
        }
    }

    /// Where it was done at the latest; at no known place where that is unknown.
    pub(super) fn done_by(&self) -> Option<Place> {
        match self.done() {
            Done::By(place) => Some(place),
            Done::Refused(_) | Done::Unknown => None,
        }
    }

    pub(super) fn is_refused(&self) -> bool {
        matches!(self.done(), Done::Refused(_))
    }

    /// The message as its sender was told.
    pub(super) fn told(&self) -> Option<&'h Message> {
        match self.end {
            Some((_, Answer::Sent { message, .. })) => Some(message),
            _ => None,
        }
    }

    /// What was said of each recipient.
    pub(super) fn outcomes(
        &self,
    ) -> &'h [(crate::harness::verify::history::Text, crate::harness::verify::history::Text)] {
        match self.end {
            Some((_, Answer::Sent { outcomes, .. })) => outcomes,
            _ => &[],
        }
    }

    /// Whether this was done surely before the other: answered before that began, or asked before it on the same connection.
    pub(super) fn is_before(&self, other: &Call<'_>) -> bool {
        let first_asked = self.connection.is_some() && self.connection == other.connection && self.begun < other.begun;
        first_asked || self.done_by().is_some_and(|done| done < other.begun)
    }
}

impl Connection<'_> {
    /// How it was read at this place.
    pub(super) fn pace(&self, place: Place) -> Pace {
        self.paces.iter().rev().find(|(since, _)| *since <= place).map_or(Pace::Free, |(_, pace)| *pace)
    }

    /// Since when it was not always read freely.
    pub(super) fn first_slow(&self) -> Option<Place> {
        self.paces.iter().find(|(_, pace)| *pace != Pace::Free).map(|(since, _)| *since)
    }

    /// When it was read freely again after this.
    pub(super) fn reads_on(&self, after: Place) -> Option<Place> {
        self.paces.iter().find(|(since, pace)| *since > after && *pace == Pace::Free).map(|(since, _)| *since)
    }

    /// From when to when it was not read at all.
    pub(super) fn stops(&self) -> impl Iterator<Item = (Place, Place)> {
        let pairs = self.paces.windows(2).filter(|pair| pair[0].1 == Pace::Stopped && pair[1].1 != Pace::Stopped);
        pairs.map(|pair| (pair[0].0, pair[1].0))
    }

    /// Whether it was read freely all the time between these places.
    pub(super) fn reads_freely(&self, from: Place, to: Place) -> bool {
        self.pace(from) == Pace::Free
            && !self.paces.iter().any(|(since, pace)| (from..to).contains(since) && *pace != Pace::Free)
    }
}

impl<'h> Session<'h> {
    pub(super) fn arrivals(&self) -> impl DoubleEndedIterator<Item = &Arrival<'h>> {
        self.steps.iter().filter_map(|step| match step {
            Step::Arrived(arrival) => Some(arrival),
            Step::Begun(_) | Step::Ended(_) => None,
        })
    }

    /// How many frames it was told are missing.
    pub(super) fn told_lost(&self) -> u64 {
        self.arrivals().map(Arrival::lost).sum()
    }
}

impl<'h> Arrival<'h> {
    pub(super) fn message(&self) -> Option<&'h Message> {
        match self.frame {
            Frame::Message(message) => Some(message),
            _ => None,
        }
    }

    pub(super) fn lost(&self) -> u64 {
        match self.frame {
            Frame::Lost { count, .. } => *count,
            _ => 0,
        }
    }
}

impl Message {
    /// Whether it tells what happened in the room, and is nobody's.
    pub(super) fn is_notice(&self) -> bool {
        self.kind == 5
    }
}

/// The room that a request is about, where it is about one.
pub(super) fn room_of(request: &Request) -> Option<Room> {
    match request {
        Request::Send(send) => Some(send.room),
        Request::Join { room }
        | Request::Leave { room }
        | Request::Kick { room, .. }
        | Request::SetRole { room, .. }
        | Request::Offer { room, .. }
        | Request::Poll { room, .. }
        | Request::UpdateRoom { room, .. } => Some(*room),
        _ => None,
    }
}
