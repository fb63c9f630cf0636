//! Who is here now, and how frames reach them: rooms, sessions, the two lanes of each, and the writers that own them.
//! Knows no rules, no protocol verbs and no storage.

mod accounts;
mod frame;
mod job;
mod lane;
mod link;
mod outlet;
mod recent;
mod registry;
mod room;
mod writer;
mod writers;

pub use accounts::{Accounts, Place};
pub use frame::{Frame, MessageKey};
pub use job::Fate;
pub use lane::LaneBounds;
pub use link::{Ending, Link};
pub use registry::{Audience, Entered, Entry, HandedOver, Post, Registry};
pub use writers::{Seat, Writers, WritersSettings};
