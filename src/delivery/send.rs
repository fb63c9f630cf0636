//! A message on its way in, as every door describes it, and what its sender gets back.

use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::base::{Accid, Invalid, Params, RoomId, Stamp, limits};
use crate::model::{Body, ClientType, Extras, Lane, Message, Point, Refusal, Sender, TagExpression};
use crate::presence::{Frame, Range, Seat};
use crate::wire;

use super::{Keeping, Outcome};

/// A message to be sent.
#[derive(Debug, Clone)]
pub struct Send {
    /// Where.
    pub room: RoomId,
    /// From whom.
    pub from: Author,
    /// To whom.
    pub to: Recipients,
    /// How far it goes there, where it goes to everyone.
    pub range: Range,
    /// What it says.
    pub body: Body,
    /// Which lane it takes.
    pub lane: Lane,
    /// Tell what became of it for each listed account.
    pub outcomes: bool,
    /// It is dropped with a chance of so many in 10,000.
    pub abandon_ratio: u32,
    /// It is sent although its sender is muted.
    pub ignore_mute: bool,
    /// It is not kept in the room's history.
    pub skip_history: bool,
    /// What the services around a message are told of it.
    pub extras: Extras,
    /// High priority: whoever comes back within half a minute gets it too.
    pub catch_up: bool,
    /// High priority: rather not sent at all than in its turn.
    pub never_downgrade: bool,
}

/// Who sends.
#[derive(Debug, Clone)]
pub enum Author {
    /// An account that the application server names; it need not be in the room.
    Server(Accid),
    /// A member in the room.
    Member {
        /// Its account.
        accid: Accid,
        /// What it sends from.
        client: ClientType,
        /// Where it sits.
        seat: Arc<Seat>,
    },
}

impl Author {
    /// The account.
    pub fn accid(&self) -> &Accid {
        match self {
            Author::Server(accid) | Author::Member { accid, .. } => accid,
        }
    }

    pub(super) fn seat(&self) -> Option<&Seat> {
        match self {
            Author::Server(_) => None,
            Author::Member { seat, .. } => Some(seat),
        }
    }
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
    /// On its way into the history.
    pub(super) kept: Option<Keeping>,
}

impl Send {
    /// Reads a send to the whole room (server API, section 3.1).
    pub fn read_to_room(params: &Params, room: RoomId, from: Author) -> Result<Send, Invalid> {
        let body = Body::read(params)?;
        let point = Point::read(params)?;
        Send::to_room(params, room, from, body, point)
    }

    /// A send to the whole room whose body and place are read already, as in a batch.
    pub fn to_room(
        params: &Params,
        room: RoomId,
        from: Author,
        body: Body,
        point: Option<Point>,
    ) -> Result<Send, Invalid> {
        let extras = read_extras(params, &from)?;
        params.integer("chatMsgPriority", 0..=3)?;
        let abandon_ratio = params.integer("abandonRatio", 0..=9999)?.unwrap_or(0);
        // A message that may be dropped can't be urgent as well (section 3.1).
        let high = params.boolean("highPriority", false)? && abandon_ratio == 0;
        Ok(Send {
            room,
            to: Recipients::Everyone,
            range: Range { tags: TagExpression::read(params, "notifyTargetTags")?, point },
            body,
            lane: lane(high),
            outcomes: false,
            abandon_ratio: u32::try_from(abandon_ratio).unwrap_or(0),
            ignore_mute: ignores_mute(params, &from)?,
            skip_history: params.flag("skipHistory", false)?,
            catch_up: params.boolean("needHighPriorityMsgResend", true)?,
            extras,
            never_downgrade: params.flag("forbiddenIfHighPriorityMsgFreq", false)?,
            from,
        })
    }

    /// Reads a directed send (section 2.1). `highPriority`, `ignoreMute` and `outcomes` are roomgate's own additions.
    pub fn read_directed(params: &Params, room: RoomId, from: Author) -> Result<Send, Invalid> {
        let to = read_recipients(params)?;
        let body = Body::read(params)?;
        Send::directed(params, room, from, to, body)
    }

    /// A directed send whose recipients and body are read already, as in a batch.
    pub fn directed(params: &Params, room: RoomId, from: Author, to: Vec<Accid>, body: Body) -> Result<Send, Invalid> {
        let extras = read_extras(params, &from)?;
        Ok(Send {
            room,
            to: Recipients::Listed(to),
            range: Range::default(),
            body,
            lane: lane(params.boolean("highPriority", false)?),
            outcomes: params.boolean("outcomes", false)?,
            abandon_ratio: 0,
            ignore_mute: ignores_mute(params, &from)?,
            skip_history: true,
            catch_up: false,
            extras,
            never_downgrade: false,
            from,
        })
    }

    pub(super) fn message<'a>(&'a self, stamp: Stamp, sender: &'a Sender, lane: Lane) -> Message<'a> {
        let directed = self.to != Recipients::Everyone;
        let (room, point) = (Some(self.room), self.range.point);
        Message { stamp, room, sender, body: &self.body, lane, directed, abandoned: false, point }
    }

    pub(super) fn abandoned<'a>(&'a self, stamp: Stamp, sender: &'a Sender) -> Message<'a> {
        Message { abandoned: true, ..self.message(stamp, sender, self.lane) }
    }

    pub(super) fn is_abandoned(&self) -> bool {
        self.abandon_ratio > 0 && uuid::Uuid::new_v4().as_u128() % 10_000 < u128::from(self.abandon_ratio)
    }

    /// Whether the room's history keeps it.
    pub(super) fn is_recorded(&self) -> bool {
        self.to == Recipients::Everyone && !self.skip_history
    }
}

fn read_extras(params: &Params, from: &Author) -> Result<Extras, Invalid> {
    let extras = Extras::read(params)?;
    Ok(if matches!(from, Author::Server(_)) { extras } else { extras.of_member() })
}

/// Only the application server speaks for those who are muted.
fn ignores_mute(params: &Params, from: &Author) -> Result<bool, Invalid> {
    Ok(params.boolean("ignoreMute", false)? && matches!(from, Author::Server(_)))
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
    /// Waits until what is kept of it is there.
    pub async fn settle(&mut self) -> Result<(), Refusal> {
        match self.kept.take() {
            Some(kept) => kept.await,
            None => Ok(()),
        }
    }

    /// What is kept of it, on its way there; `None` where that is nothing.
    pub fn take_kept(&mut self) -> Option<Keeping> {
        self.kept.take()
    }

    /// The message object as text, byte for byte what its receivers get.
    pub fn text(&self) -> &str {
        wire::server::message_object(&self.frame.text)
    }

    /// The same as it stands inside other objects.
    pub fn object(&self) -> &RawValue {
        serde_json::from_str(self.text()).expect("a message frame holds an object")
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
