//! A message on its way in, as every door describes it, and what its sender gets back.

use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::base::{Accid, Invalid, Millis, Params, RoomId, limits};
use crate::model::{self, Body, Lane, Message, Sender};
use crate::presence::Frame;
use crate::wire;

use super::Outcome;

/// A message to be sent.
#[derive(Debug, Clone)]
pub struct Send {
    /// Where.
    pub room: RoomId,
    /// From whom.
    pub from: Author,
    /// To whom.
    pub to: Recipients,
    /// What it says.
    pub body: Body,
    /// Which lane it takes.
    pub lane: Lane,
    /// Tell what became of it for each listed account.
    pub outcomes: bool,
    /// It is dropped with a chance of so many in 10,000.
    pub abandon_ratio: u32,
}

/// Who sends.
#[derive(Debug, Clone)]
pub enum Author {
    /// An account that the application server names; it need not be in the room.
    Server(Accid),
    /// A member in the room.
    Member(Sender),
}

/// Who receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipients {
    /// Everybody in the room.
    Everyone,
    /// These, and nobody else.
    Listed(Vec<Accid>),
}

/// A message that was sent.
#[derive(Debug)]
pub struct Sent {
    pub(super) frame: Arc<Frame>,
    pub(super) outcomes: Vec<(Accid, Outcome)>,
}

impl Send {
    /// Reads a send to the whole room (server API, section 3.1).
    pub fn read_to_room(params: &Params, room: RoomId, from: Author) -> Result<Send, Invalid> {
        model::check_extras(params)?;
        model::check_room_extras(params)?;
        let abandon_ratio = params.integer("abandonRatio", 0..=9999)?.unwrap_or(0);
        // A message that may be dropped can't be urgent as well (section 3.1).
        let high = params.boolean("highPriority", false)? && abandon_ratio == 0;
        Ok(Send {
            room,
            from,
            to: Recipients::Everyone,
            body: Body::read(params)?,
            lane: lane(high),
            outcomes: false,
            abandon_ratio: u32::try_from(abandon_ratio).unwrap_or(0),
        })
    }

    /// Reads a directed send (section 2.1). `highPriority` and `outcomes` are roomgate's own additions.
    pub fn read_directed(params: &Params, room: RoomId, from: Author) -> Result<Send, Invalid> {
        let to = read_recipients(params)?;
        let body = Body::read(params)?;
        Send::directed(params, room, from, to, body)
    }

    /// A directed send whose recipients and body are read already, as in a batch.
    pub fn directed(params: &Params, room: RoomId, from: Author, to: Vec<Accid>, body: Body) -> Result<Send, Invalid> {
        model::check_extras(params)?;
        Ok(Send {
            room,
            from,
            to: Recipients::Listed(to),
            body,
            lane: lane(params.boolean("highPriority", false)?),
            outcomes: params.boolean("outcomes", false)?,
            abandon_ratio: 0,
        })
    }

    pub(super) fn message<'a>(&'a self, time: Millis, sender: &'a Sender, abandoned: bool) -> Message<'a> {
        let directed = self.to != Recipients::Everyone;
        Message { time, room: self.room, sender, body: &self.body, lane: self.lane, directed, abandoned }
    }

    pub(super) fn is_abandoned(&self) -> bool {
        self.abandon_ratio > 0 && uuid::Uuid::new_v4().as_u128() % 10_000 < u128::from(self.abandon_ratio)
    }
}

/// Reads `toAccids`: at least one, at most 100.
pub fn read_recipients(params: &Params) -> Result<Vec<Accid>, Invalid> {
    let rule = || format!("1 to {} accounts as a JSON array", limits::RECIPIENTS);
    match params.accids("toAccids", limits::RECIPIENTS)? {
        Some(accids) if accids.is_empty() => Err(Invalid::new("toAccids", rule(), "an empty list")),
        Some(accids) => Ok(accids),
        None => Err(Invalid::missing("toAccids", rule())),
    }
}

fn lane(high: bool) -> Lane {
    if high { Lane::High } else { Lane::Normal }
}

impl Sent {
    /// The message object, byte for byte what its receivers get.
    pub fn object(&self) -> &RawValue {
        wire::server::message_object(&self.frame.text)
    }

    /// What became of it for each listed account, in the order listed; `None` unless it was asked for.
    pub fn outcomes(&self) -> Option<Outcomes<'_>> {
        Some(Outcomes(&self.outcomes)).filter(|outcomes| !outcomes.0.is_empty())
    }
}

impl Serialize for Sent {
    /// What a sender is answered at either door: the object in `desc`, and `outcomes` where they were asked for.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("desc", self.object())?;
        if let Some(outcomes) = self.outcomes() {
            object.serialize_entry("outcomes", &outcomes)?;
        }
        object.end()
    }
}

/// Outcomes as a JSON object: account to outcome.
#[derive(Debug)]
pub struct Outcomes<'a>(&'a [(Accid, Outcome)]);

impl Serialize for Outcomes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.0.len()))?;
        for (accid, outcome) in self.0 {
            object.serialize_entry(accid, outcome)?;
        }
        object.end()
    }
}
