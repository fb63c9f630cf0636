//! Who is here now, and how frames reach them: rooms, sessions, the two lanes of each, and the writers that own them.
//! Knows no rules and no storage, and of the protocol only what a lane or a writer has to say by itself.

mod accounts;
pub mod bench;
mod control;
mod frame;
mod handing;
mod inside;
mod job;
mod lane;
mod link;
mod missed;
mod outlet;
mod pace;
mod pending;
mod queue;
mod range;
mod recent;
mod registry;
mod room;
mod seating;
mod sent;
mod urgent;
mod writer;
mod writers;

pub use accounts::{Accounts, LoggedIn, Login, Place};
pub use frame::{Frame, MessageKey};
pub use inside::{Amount, InsideSession, Insider, Waiting};
pub use job::Fate;
pub use link::{Away, Ending, Line, Link};
pub use range::Range;
pub use registry::{Audience, Entry, HandedOver, NotHanded, Post, Registry};
pub use room::Left;
pub use seating::Present;
pub use writers::{Seat, Writers, WritersSettings};
