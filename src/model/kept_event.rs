//! An event as it stands in the ledger: what it tells of, and how far its telling is.

use serde::Serialize;

use crate::base::{Millis, RoomId};

/// How far an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventState {
    /// It waits for its receiver.
    Pending,
    /// Its receiver has it.
    Delivered,
    /// It was given up on.
    Dead,
}

/// One event of the ledger, without its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptEvent {
    /// Its id.
    pub event_id: String,
    /// The number of its type.
    pub event_type: i64,
    /// The name of the address it is for; `default` for the main one.
    pub env: String,
    /// The room it happened in, if it did in one.
    pub roomid: Option<RoomId>,
    /// Its number among those of its room for its address.
    pub sequence: i64,
    /// When it happened.
    pub made: Millis,
    /// How far it is.
    pub state: &'static str,
    /// Attempts so far.
    pub attempts: u32,
    /// When it is tried next, where that is later than at once.
    pub due: Option<Millis>,
    /// When it was tried last.
    pub tried: Option<Millis>,
    /// What came of that.
    pub result: Option<String>,
}

/// Which events are asked for, the newest first.
#[derive(Debug, Clone, Default)]
pub struct EventQuery {
    /// Only those that are so far.
    pub state: Option<EventState>,
    /// Only those for this address; empty for the main one.
    pub target: Option<String>,
    /// Only those of this room.
    pub room: Option<RoomId>,
    /// Only those older than the one with this id.
    pub after: Option<String>,
    /// How many.
    pub limit: usize,
}

impl EventState {
    const ALL: [EventState; 3] = [EventState::Pending, EventState::Delivered, EventState::Dead];

    /// By its name.
    pub fn named(name: &str) -> Option<EventState> {
        EventState::ALL.into_iter().find(|state| state.name() == name)
    }

    /// By its number in the database.
    pub fn numbered(number: i64) -> EventState {
        EventState::ALL.into_iter().find(|state| state.number() == number).unwrap_or(EventState::Dead)
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            EventState::Pending => "pending",
            EventState::Delivered => "delivered",
            EventState::Dead => "dead",
        }
    }

    /// What the database calls it. The indexes know these numbers.
    pub fn number(self) -> i64 {
        match self {
            EventState::Pending => 0,
            EventState::Delivered => 1,
            EventState::Dead => 2,
        }
    }
}

/// The name by which people know the address of this name, which is empty for the main one.
pub fn shown_target(target: &str) -> &str {
    if target.is_empty() { MAIN } else { target }
}

/// What people call the main address.
pub const MAIN: &str = "default";
