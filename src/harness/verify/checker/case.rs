//! What every judge is given, and how each says what it found.

use crate::harness::verify::history::{History, Message, Micros, Pace};

use super::facts::{Call, Facts, Place, Session};
use super::sendings::{Delivered, Sendings};
use super::stays::Stays;
use super::{Offence, Outcome};

/// A history, and what it means.
pub(super) struct Case<'h> {
    pub(super) facts: Facts<'h>,
    pub(super) stays: Stays,
    pub(super) sendings: Sendings<'h>,
}

/// What a judge has found until now.
#[derive(Default)]
pub(super) struct Findings {
    judged: u64,
    offences: Vec<Offence>,
}

impl<'h> Case<'h> {
    pub(super) fn of(history: &'h History) -> Case<'h> {
        let facts = Facts::of(history);
        let (stays, sendings) = (Stays::of(&facts), Sendings::of(&facts));
        Case { facts, stays, sendings }
    }

    /// Every session with its place among them and the messages that arrived at it.
    pub(super) fn sessions(&self) -> impl Iterator<Item = (usize, &Session<'h>, &[Delivered<'h>])> {
        let arrived = self.sendings.arrived.iter().map(Vec::as_slice);
        self.facts.sessions.iter().zip(arrived).enumerate().map(|(at, (session, arrived))| (at, session, arrived))
    }

    /// Every send that a message may be of.
    pub(super) fn calls_of(&self, message: &Message) -> Vec<&Call<'h>> {
        let of_id = self.sendings.of_id(message.room, &message.from, &message.msg_id);
        of_id.into_iter().map(|at| &self.facts.calls[at]).collect()
    }

    /// The send that a message is of.
    pub(super) fn call(&self, delivered: &Delivered<'h>) -> Option<&Call<'h>> {
        delivered.sending.map(|at| &self.facts.calls[at])
    }

    /// The message that arrived at a session there.
    pub(super) fn delivered_at(&self, session: usize, place: Place) -> Option<&Delivered<'h>> {
        let arrived = &self.sendings.arrived[session];
        let at = arrived.binary_search_by_key(&place, |delivered| delivered.arrival.place).ok()?;
        arrived.get(at)
    }

    /// Whether a session was read freely all the time between these places.
    pub(super) fn reads_freely(&self, session: &Session<'h>, from: Place, to: Place) -> bool {
        let connections = session.connections.iter().filter_map(|number| self.facts.connections.get(number));
        connections.into_iter().all(|connection| connection.reads_freely(from, to))
    }

    /// Whether a session was not read at all at this place.
    pub(super) fn is_stopped(&self, delivered: &Delivered<'h>, at: Place) -> bool {
        let connection = self.facts.connections.get(&delivered.arrival.connection);
        connection.is_some_and(|connection| connection.pace(at) == Pace::Stopped)
    }

    /// The largest frame that came.
    pub(super) fn largest_frame(&self) -> u64 {
        let arrived = self.sendings.arrived.iter().flatten();
        arrived.map(|delivered| delivered.arrival.bytes).max().unwrap_or_default()
    }
}

impl Findings {
    /// So many more were judged.
    pub(super) fn judge(&mut self, more: u64) {
        self.judged += more;
    }

    pub(super) fn offend(&mut self, at: Micros, text: String) {
        self.offences.push(Offence { at, text });
    }

    /// The outcome; `of` says what was judged, `why` why that was nothing.
    pub(super) fn outcome(mut self, of: &str, why: &str) -> Outcome {
        if !self.offences.is_empty() {
            self.offences.sort_by_key(|offence| offence.at);
            return Outcome::Broken { offences: self.offences };
        }
        match self.judged {
            0 => Outcome::Skipped { why: why.to_owned() },
            judged => Outcome::Held { judged, of: of.to_owned() },
        }
    }
}

/// A message in an offence.
pub(super) fn shown(message: &Message) -> String {
    let kind = if message.directed { "directed message" } else { "message" };
    format!("{kind} {} of {} in room {}", message.msg_id, message.from, message.room)
}

/// A session in an offence.
pub(super) fn whose(session: &Session<'_>) -> String {
    format!("{} (session {})", session.accid, session.number)
}

/// The beginning of a content, quoted.
pub(super) fn quoted(text: &str) -> String {
    const SHOWN: usize = 40;
    let beginning: String = text.chars().take(SHOWN).collect();
    if beginning.len() < text.len() { format!("{beginning:?}… ({} bytes)", text.len()) } else { format!("{text:?}") }
}
