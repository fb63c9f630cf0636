//! Who is in a room, and with which sessions.

use std::collections::HashMap;
use std::sync::Arc;

use smallvec::SmallVec;

#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::base::{Accid, Millis};
use crate::model::{Occupant, Subscription};

use super::handing::{self, Roster};
use super::writers::{SeatKey, Turnstile};
use super::{Frame, Range};

/// All accounts in the room. Who comes or goes does so here only, so that the roster is never out of date.
#[derive(Debug, Default)]
pub(super) struct Seating {
    present: HashMap<Accid, Present>,
    /// All seats cut by writer; made again when somebody has come or gone.
    roster: Option<Roster>,
}

/// An account in the room.
#[derive(Debug, Clone)]
pub struct Present {
    /// Who it is there.
    pub occupant: Arc<Occupant>,
    seats: SmallVec<[Taken; 1]>,
}

/// A session that was let out.
pub(super) struct Vacated {
    /// Who it was.
    pub(super) occupant: Arc<Occupant>,
    /// It was the last of its account.
    pub(super) last: bool,
    /// Its connection was gone before.
    pub(super) away: bool,
}

/// A session's place in the room.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub(super) seat: SeatKey,
    /// The sequence number of the room when it joined.
    pub(super) since: u64,
    /// When it joined; no two sessions of a room did at the same moment.
    entered: Millis,
    pub(super) subscription: Option<Arc<Subscription>>,
    /// Its connection is gone, and it may come back.
    pub(super) away: bool,
}

impl Present {
    /// When each of its sessions entered, and what it said of itself.
    pub fn sessions(&self) -> impl Iterator<Item = (Millis, Option<&Subscription>)> {
        self.seats.iter().map(|taken| (taken.entered, taken.subscription.as_deref()))
    }

    pub(super) fn seats(&self) -> &[Taken] {
        &self.seats
    }

    pub(super) fn keep_first(&mut self, most: usize) {
        self.seats.truncate(most);
    }

    pub(super) fn seats_mut(&mut self) -> &mut [Taken] {
        &mut self.seats
    }

    pub(super) fn taken(&self, seat: SeatKey) -> Option<&Taken> {
        self.seats.iter().find(|taken| taken.seat == seat)
    }

    /// Whether none of its sessions is connected.
    pub(super) fn is_away(&self) -> bool {
        self.seats.iter().all(|taken| taken.away)
    }

    /// A session's connection is gone, or there again.
    pub(super) fn set_away(&mut self, seat: SeatKey, away: bool) {
        let own = self.seats.iter_mut().filter(|taken| taken.seat == seat);
        own.for_each(|taken| taken.away = away);
    }
}

impl Seating {
    pub(super) fn is_empty(&self) -> bool {
        self.present.is_empty()
    }

    /// How many accounts.
    pub(super) fn len(&self) -> usize {
        self.present.len()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Present> {
        self.present.values()
    }

    pub(super) fn find(&self, accid: &Accid) -> Option<&Present> {
        self.present.get(accid)
    }

    pub(super) fn find_mut(&mut self, accid: &Accid) -> Option<&mut Present> {
        self.present.get_mut(accid)
    }

    pub(super) fn taken(&self, accid: &Accid, seat: SeatKey) -> Option<&Taken> {
        self.find(accid)?.taken(seat)
    }

    /// Lets a session in; who its account is there was said by the first of them.
    pub(super) fn take(
        &mut self,
        occupant: Occupant,
        subscription: Option<Arc<Subscription>>,
        seat: SeatKey,
        since: u64,
    ) -> Arc<Occupant> {
        let entered = occupant.entered;
        let present = self
            .present
            .entry(occupant.accid.clone())
            .or_insert_with(|| Present { occupant: Arc::new(occupant), seats: SmallVec::new() });
        if present.taken(seat).is_none() {
            present.seats.push(Taken { seat, since, entered, subscription, away: false });
            self.roster = None;
        }
        present.occupant.clone()
    }

    /// Lets a session out.
    pub(super) fn vacate(&mut self, accid: &Accid, seat: SeatKey) -> Option<Vacated> {
        let present = self.present.get_mut(accid)?;
        let away = present.taken(seat)?.away;
        present.seats.retain(|taken| taken.seat != seat);
        #[cfg(feature = "wrong-gateways")]
        let kept = self.roster.take_if(|_| Wrong::DeliversToLeft.is());
        self.roster = None;
        let (occupant, last) = (present.occupant.clone(), present.seats.is_empty());
        if last {
            self.present.remove(accid);
        }
        #[cfg(feature = "wrong-gateways")]
        self.roster.clone_from(&kept);
        Some(Vacated { occupant, last, away })
    }

    /// Lets an account out with all its sessions.
    pub(super) fn remove(&mut self, accid: &Accid) -> Option<Present> {
        let present = self.present.remove(accid)?;
        self.roster = None;
        Some(present)
    }

    /// Takes somebody in again who was let out.
    #[cfg(feature = "wrong-gateways")]
    pub(super) fn readmit(&mut self, present: Present) {
        self.present.insert(present.occupant.accid.clone(), present);
        self.roster = None;
    }

    /// The sessions in range.
    pub(super) fn within(&self, range: &Range) -> impl Iterator<Item = &Taken> {
        let seats = self.all().flat_map(Present::seats);
        seats.filter(|taken| range.covers(taken.subscription.as_deref()))
    }

    /// Hands a frame to every session.
    pub(super) fn tell_all(&mut self, frame: &Arc<Frame>, turnstile: &mut Turnstile<'_>) {
        let all = || self.present.values().flat_map(Present::seats).map(|taken| taken.seat);
        let roster = self.roster.get_or_insert_with(|| handing::cut(all(), turnstile.writers()));
        handing::all(frame, roster, turnstile);
    }
}
