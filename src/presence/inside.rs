//! What waits for the sessions of a room, for whoever wants to look on. Each writer is asked once, and nothing is locked meanwhile.

use std::collections::HashMap;
use std::num::NonZeroU64;
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::oneshot;

use crate::base::{Accid, RoomId, SessionId};
use crate::model::Occupant;

use super::accounts::{Accounts, Reach};
use super::job::{Address, Job};
use super::registry::Registry;
use super::seating::Present;
use super::writers::{SeatKey, Writers};

/// So many frames of so many bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// Frames, and places where some are missing.
    pub frames: usize,
    /// Their bytes.
    pub bytes: usize,
}

/// What waits for one session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// In its high lane.
    pub high: Amount,
    /// In its normal lane.
    pub normal: Amount,
    /// Written, and kept until its client says that it has it.
    pub retained: Amount,
    /// How fast it is written to, where that was slowed down.
    pub pace: Option<NonZeroU64>,
    /// Its connection is held still.
    pub frozen: bool,
}

/// An account in a room, as it is inside.
#[derive(Debug)]
pub struct Insider {
    /// Who it is there.
    pub occupant: Arc<Occupant>,
    /// Its sessions there, in the order in which they entered.
    pub sessions: Vec<InsideSession>,
}

/// One of its sessions.
#[derive(Debug, Clone, Copy)]
pub struct InsideSession {
    /// Which.
    pub session: SessionId,
    /// Its connection is gone, and it may come back.
    pub away: bool,
    /// What waits for it.
    pub waiting: Waiting,
}

impl Registry {
    /// Who is in the room and what waits for them: of the first `most` sessions, in the order in which their accounts entered, but `asker`,
    /// which is the first.
    pub async fn inside(&self, room: RoomId, accounts: &Accounts, asker: &Accid, most: usize) -> Vec<Insider> {
        let mut present = self.present(room);
        present.sort_by_key(|present| (present.occupant.accid != *asker, present.occupant.entered));
        let mut left = most;
        present.retain_mut(|present| {
            present.keep_first(left);
            left -= present.seats().len();
            !present.seats().is_empty()
        });
        let seats = present.iter().flat_map(Present::seats).map(|taken| taken.seat);
        let waiting = ask(self.writers(), seats).await;
        present.iter().map(|present| insider(present, accounts, &waiting)).collect()
    }

    /// What waits for these sessions, as far as they are still there.
    pub async fn inside_of(&self, sessions: &[Reach]) -> Vec<InsideSession> {
        let waiting = ask(self.writers(), sessions.iter().map(|reach| reach.seat)).await;
        let inside = |reach: &Reach| {
            let waiting = *waiting.get(&reach.seat)?;
            Some(InsideSession { session: reach.session, away: reach.line.is_away(), waiting })
        };
        sessions.iter().filter_map(inside).collect()
    }
}

fn insider(present: &Present, accounts: &Accounts, waiting: &HashMap<SeatKey, Waiting>) -> Insider {
    let sessions = present.seats().iter().filter_map(|taken| {
        // It may have gone since.
        let session = accounts.session_at(&present.occupant.accid, taken.seat)?;
        Some(InsideSession { session, away: taken.away, waiting: *waiting.get(&taken.seat)? })
    });
    Insider { occupant: present.occupant.clone(), sessions: sessions.collect() }
}

async fn ask(writers: &Writers, seats: impl Iterator<Item = SeatKey>) -> HashMap<SeatKey, Waiting> {
    let mut cut: HashMap<usize, Vec<Address>> = HashMap::new();
    for seat in seats {
        cut.entry(seat.writer).or_default().push(seat.address);
    }
    let mut asked = Vec::with_capacity(cut.len());
    for (writer, of) in cut {
        let (reply, answer) = oneshot::channel();
        writers.send(writer, Job::Inside { of, reply }).await;
        asked.push((writer, answer));
    }
    let mut waiting = HashMap::new();
    for (writer, answer) in asked {
        let answer = answer.await.unwrap_or_default();
        waiting.extend(answer.into_iter().map(|(address, waits)| (SeatKey { writer, address }, waits)));
    }
    waiting
}
