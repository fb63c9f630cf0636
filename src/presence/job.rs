//! What a writer is asked to do. One job reaches any number of its sessions.

use std::num::NonZeroU64;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::wire::CloseCode;

use super::link::Away;
use super::{Frame, Link, Waiting};

slotmap::new_key_type! {
    /// Where a session's outlet is, in the writer that owns it. Never reused, so a stale address reaches nobody.
    pub(super) struct Address;
}

pub(super) enum Job {
    /// A new session; answers with its address.
    Open { link: Arc<Link>, reply: oneshot::Sender<Address> },
    /// One frame for some of this writer's sessions.
    Deliver { frame: Arc<Frame>, to: Targets, report: Option<oneshot::Sender<Vec<Fate>>> },
    /// Several frames for one session, in this order.
    CatchUp { frames: Vec<Arc<Frame>>, to: Address },
    /// Bytes that go ahead of both lanes: a pong.
    Control { to: Address, bytes: Vec<u8> },
    /// Ends a session: what waits is written first, or thrown away.
    Close { to: Address, frame: Vec<u8>, flush: bool },
    /// The session is logged in: from here on its frames are counted.
    Count { of: Address },
    /// The connection is over, the session is kept; answers whether it can be.
    Part { of: Address, away: Arc<Away>, last: Vec<u8>, reply: oneshot::Sender<bool> },
    /// A session that has so many frames wants to go on; answers whether all others are there.
    TakeBack { of: Address, received: u64, reply: oneshot::Sender<bool> },
    /// A connection is to be another session's: its outlet goes, and answers with the bytes that waited.
    Detach { address: Address, reply: oneshot::Sender<Vec<u8>> },
    /// It goes on over this connection, where these bytes come first.
    Attach { to: Address, link: Arc<Link>, first: Vec<u8> },
    /// The session is over; its outlet goes.
    Remove { address: Address },
    /// How many bytes wait for a session.
    Backlog { of: Address, reply: oneshot::Sender<usize> },
    /// What waits for these sessions, as far as they are there.
    Inside { of: Vec<Address>, reply: oneshot::Sender<Vec<(Address, Waiting)>> },
    /// A session is written to this fast from now on, or as fast as it reads.
    Pace { of: Address, bytes_per_second: Option<NonZeroU64> },
    /// A session's connection is held still from now on, or goes on; answers whether there is one.
    Freeze { of: Address, frozen: bool, reply: oneshot::Sender<bool> },
    /// Every session is told to come back later, then closed.
    Drain { spread_ms: u64, code: CloseCode },
}

impl Job {
    /// How many members it is for, where it delivers a frame.
    pub(super) fn members(&self) -> usize {
        match self {
            Job::Deliver { to: Targets::Roster(roster), .. } => roster.len(),
            Job::Deliver { to: Targets::Listed(targets), .. } => targets.len(),
            _ => 0,
        }
    }
}

pub(super) enum Targets {
    /// Everybody of a room, as a snapshot that many messages share.
    Roster(Arc<[Address]>),
    /// Somebody.
    Listed(Vec<Target>),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    pub(super) address: Address,
    /// It was handed this message before: it gets it again only if its lane dropped it.
    pub(super) had: bool,
}

/// What became of a frame for one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// The session is gone.
    Gone,
    /// Its high lane is full: the session is closed as too slow.
    Slow,
    /// It has this message already.
    Duplicate,
    /// It is in the session's lane.
    Queued,
}
