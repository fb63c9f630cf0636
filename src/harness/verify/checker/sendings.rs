//! Which sending each message that arrived is of. A message that is sent again has several.

use std::collections::{HashMap, HashSet};

use crate::harness::verify::history::{Message, Room, Send, Text};

use super::facts::{Arrival, Call, Done, Facts, Place};

/// All sendings, and all arrivals matched with them.
pub(super) struct Sendings<'h> {
    /// By room and id: senders may choose the same, and a wrong gateway may name another one.
    by_id: HashMap<(Room, &'h str), Vec<Sending<'h>>>,
    /// For each session what arrived there, in order.
    pub(super) arrived: Vec<Vec<Delivered<'h>>>,
    /// Sendings that look just like another one.
    pub(super) alike: HashSet<usize>,
}

/// A sending: the call it is, by its place among the calls.
#[derive(Clone, Copy)]
struct Sending<'h> {
    at: usize,
    begun: Place,
    by: &'h str,
    /// What its sender was told.
    told: Option<&'h Message>,
    done: Done,
}

/// A message at a session.
#[derive(Clone, Copy)]
pub(super) struct Delivered<'h> {
    pub(super) arrival: Arrival<'h>,
    pub(super) message: &'h Message,
    /// The call that sent it, where that is clear.
    pub(super) sending: Option<usize>,
    /// It is the first of this sending, or the first notice of its kind, that came.
    pub(super) is_first: bool,
}

/// What has come to a session.
#[derive(Default)]
struct Known<'h> {
    sendings: HashSet<usize>,
    /// By room, sender and id, since they are nobody's sending.
    others: HashSet<(Room, &'h str, &'h str)>,
}

impl<'h> Sendings<'h> {
    pub(super) fn of(facts: &Facts<'h>) -> Sendings<'h> {
        let mut by_id: HashMap<(Room, &'h str), Vec<Sending<'h>>> = HashMap::new();
        for (at, call, send) in facts.sends() {
            let sending = Sending { at, begun: call.begun, by: call.by, told: call.told(), done: call.done() };
            by_id.entry((send.room, &send.msg_id)).or_default().push(sending);
        }
        let alike = by_id.values().flat_map(|sendings| alike(sendings)).collect();
        let mut found = Sendings { by_id, arrived: Vec::new(), alike };
        found.arrived = facts
            .sessions
            .iter()
            .map(|session| {
                let mut known = Known::default();
                session.arrivals().filter_map(|arrival| found.deliver(arrival, &mut known)).collect()
            })
            .collect();
        found
    }

    fn deliver(&self, arrival: &Arrival<'h>, known: &mut Known<'h>) -> Option<Delivered<'h>> {
        let message = arrival.message()?;
        let sending = self.find(message, arrival.place);
        let is_first = match sending {
            Some(sending) => known.sendings.insert(sending),
            None => known.others.insert((message.room, &message.from, &message.msg_id)),
        };
        Some(Delivered { arrival: *arrival, message, sending, is_first })
    }

    /// The sending that a message is of, where that is clear.
    fn find(&self, message: &Message, by: Place) -> Option<usize> {
        let all = self.by_id.get(&(message.room, &*message.msg_id))?;
        let told_so = |sending: &&Sending<'_>| sending.told.is_some_and(|told| told.digest == message.digest);
        if let Some(sending) = all.iter().find(told_so) {
            return Some(sending.at);
        }
        let own: Vec<_> = all.iter().filter(|sending| sending.by == &*message.from).collect();
        let of_sender: Vec<_> = if own.is_empty() { all.iter().collect() } else { own };
        let unknown: Vec<_> = of_sender.iter().filter(|sending| sending.done == Done::Unknown).collect();
        match (&unknown[..], &of_sender[..]) {
            ([one], _) => Some(one.at),
            // What it says was changed on its way.
            ([], all) => all.iter().rev().find(|sending| sending.begun < by).map(|sending| sending.at),
            _ => None,
        }
    }

    /// Every sending of this id in this room: those of its sender, or, where there is none, those of anybody.
    pub(super) fn of_id(&self, room: Room, from: &str, msg_id: &str) -> Vec<usize> {
        let all = self.by_id.get(&(room, msg_id)).map(Vec::as_slice).unwrap_or_default();
        let is_own = |sending: &&Sending<'_>| sending.by == from;
        let own = all.iter().any(|sending| is_own(&sending));
        all.iter().filter(|sending| !own || is_own(sending)).map(|sending| sending.at).collect()
    }
}

/// All but the first of those that nobody could tell from one before it.
fn alike<'s>(sendings: &'s [Sending<'_>]) -> impl Iterator<Item = usize> + 's {
    let digest = |sending: &Sending<'_>| sending.told.map(|told| told.digest);
    let has_twin = move |at: usize| {
        let own = digest(&sendings[at]);
        own.is_some() && sendings[..at].iter().any(|other| digest(other) == own)
    };
    (0..sendings.len()).filter(move |at| has_twin(*at)).map(|at| sendings[at].at)
}

/// Whether this message is what was sent.
pub(super) fn says_the_same(message: &Message, call: &Call<'_>, send: &Send) -> bool {
    &*message.from == call.by
        && message.content == send.content
        && message.ext == send.ext
        && message.kind == send.kind
        && message.directed != send.to.is_empty()
}

/// The recipients of a directed message.
pub(super) fn is_for(send: &Send, accid: &str) -> bool {
    send.to.is_empty() || send.to.iter().any(|to: &Text| &**to == accid)
}
