//! What became of a directed message for one recipient.

use serde::{Serialize, Serializer};

/// One of five ends, each told by the writer that owns the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Handed to at least one live session.
    Queued,
    /// Every live session had it already.
    Duplicate,
    /// The account has no session in the room.
    NotInRoom,
    /// There is no such account.
    Unknown,
    /// Its sessions read too slowly to take a high-priority frame; they are being closed with 4101.
    Slow,
}

impl Outcome {
    /// The word in answers and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Queued => "queued",
            Outcome::Duplicate => "duplicate",
            Outcome::NotInRoom => "not_in_room",
            Outcome::Unknown => "unknown",
            Outcome::Slow => "slow",
        }
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
