//! Every room with somebody in it, found by number. Rooms come with their first member and go with their last.

use std::sync::Arc;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry as MapEntry;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::base::{Accid, Clock, Millis, MsgId, RoomId, limits};
use crate::metrics::Metrics;
use crate::model::Member;

use super::frame::KeyMaker;
use super::recent::Total;
use super::room::{Join, Room};
use super::writers::{Seat, Writers};
use super::{Fate, Frame, MessageKey};

/// Who gets a message.
#[derive(Debug, Clone, Copy)]
pub enum Audience<'a> {
    /// Everybody in the room.
    Everyone,
    /// These accounts, as far as they are in the room, and nobody else.
    Listed(&'a [Accid]),
}

/// A message to be handed over.
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    /// Where.
    pub room: RoomId,
    /// To whom.
    pub to: Audience<'a>,
    /// Its sender; with `msg_id` it tells whether a session has the message already.
    pub sender: &'a Accid,
    /// Its id.
    pub msg_id: &'a MsgId,
    /// It is sent again: not to those who have it.
    pub again: bool,
    /// Say what became of it for each listed account.
    pub outcomes: bool,
}

/// A message that was handed over.
#[derive(Debug)]
pub struct HandedOver {
    /// The frame every recipient shares.
    pub frame: Arc<Frame>,
    /// For each listed account the best fate among its sessions; `None` where it has none in the room.
    /// Empty unless outcomes were asked for.
    pub fates: Vec<Option<Fate>>,
}

/// A session about to enter a room.
#[derive(Debug)]
pub struct Entry<'a> {
    /// Who it is there.
    pub member: Member,
    /// Its seat.
    pub seat: &'a Seat,
}

/// The rooms.
#[derive(Debug)]
pub struct Registry {
    rooms: DashMap<RoomId, Arc<Room>>,
    writers: Arc<Writers>,
    keys: KeyMaker,
    remembered: Total,
    clock: Clock,
    metrics: Arc<Metrics>,
    /// Sweeping ends with the registry.
    _sweeping: DropGuard,
}

impl Registry {
    /// No rooms yet. A task of this runtime sees to it that quiet rooms forget; it ends with the registry.
    pub fn start(writers: Arc<Writers>, clock: Clock, metrics: Arc<Metrics>) -> Arc<Registry> {
        let over = CancellationToken::new();
        let registry = Arc::new(Registry::new(writers, clock.clone(), metrics, over.clone().drop_guard()));
        let weak = Arc::downgrade(&registry);
        tokio::spawn(over.run_until_cancelled_owned(async move {
            loop {
                clock.sleep(limits::SWEEP_INTERVAL).await;
                let Some(registry) = weak.upgrade() else { return };
                registry.rooms.iter().for_each(|room| room.sweep(clock.now()));
            }
        }));
        registry
    }

    fn new(writers: Arc<Writers>, clock: Clock, metrics: Arc<Metrics>, sweeping: DropGuard) -> Registry {
        Registry {
            rooms: DashMap::new(),
            writers,
            keys: KeyMaker::default(),
            remembered: Total::default(),
            clock,
            metrics,
            _sweeping: sweeping,
        }
    }

    fn find(&self, room: RoomId) -> Option<Arc<Room>> {
        self.rooms.get(&room).map(|room| room.clone())
    }

    fn find_or_make(&self, id: RoomId) -> Arc<Room> {
        match self.rooms.entry(id) {
            MapEntry::Occupied(room) => room.get().clone(),
            MapEntry::Vacant(place) => {
                self.metrics.rooms.inc();
                place.insert(Arc::new(Room::new(self.remembered.clone()))).clone()
            }
        }
    }

    /// How many accounts are in the room.
    pub fn online(&self, room: RoomId) -> usize {
        self.find(room).map_or(0, |room| room.accounts())
    }

    /// Who is in the room, in no particular order.
    pub fn members(&self, room: RoomId) -> Vec<Arc<Member>> {
        self.find(room).map_or_else(Vec::new, |room| room.members())
    }

    /// Lets a session into a room. `welcome` is its own answer, if it wants one; `notice`, for the first session of an account, is told to all after that.
    /// Answers who it is there: the first session of an account decides. `None` when the writers have stopped.
    pub async fn join(
        &self,
        id: RoomId,
        entry: Entry<'_>,
        welcome: impl Fn(&Member, usize) -> Option<Frame>,
        notice: impl Fn(Millis, usize) -> Option<Frame>,
    ) -> Option<Arc<Member>> {
        loop {
            let room = self.find_or_make(id);
            let mut turnstile = self.writers.reserve(2).await?;
            let joined = room.join(entry.member.clone(), entry.seat.key, &mut turnstile, &welcome, |accounts| {
                notice(self.clock.message_time(), accounts)
            });
            match joined {
                Join::In { member } => return Some(member),
                Join::Gone => self.forget(id, &room),
            }
        }
    }

    /// Lets a session out of a room; `notice`, for the last session of an account, is told to those who stay.
    pub async fn leave(
        &self,
        id: RoomId,
        accid: &Accid,
        seat: &Seat,
        notice: impl FnOnce(Millis, usize) -> Option<Frame>,
    ) {
        let Some(room) = self.find(id) else { return };
        let Some(mut turnstile) = self.writers.reserve(1).await else { return };
        let notice = |accounts| notice(self.clock.message_time(), accounts);
        if room.leave(accid, seat.key, &mut turnstile, notice) {
            self.forget(id, &room);
        }
    }

    fn forget(&self, id: RoomId, room: &Arc<Room>) {
        if self.rooms.remove_if(&id, |_, found| Arc::ptr_eq(found, room)).is_some() {
            self.metrics.rooms.dec();
        }
    }

    /// Hands a message over. `encode` makes its frame, given its time and what marks it for a re-send. Waits only when the
    /// writers have more work than their queues hold, never for a member.
    pub async fn hand_over(
        &self,
        post: Post<'_>,
        encode: impl FnOnce(Millis, MessageKey) -> Frame,
    ) -> Option<HandedOver> {
        let key = self.keys.key(post.room, post.sender, post.msg_id);
        let Some(room) = self.find(post.room) else {
            let fates = vec![None; post.recipients()];
            return Some(HandedOver { frame: Arc::new(encode(self.clock.message_time(), key)), fates });
        };
        let posted = {
            let mut turnstile = self.writers.reserve(1).await?;
            room.post(&post, key, &self.clock, &mut turnstile, |time| encode(time, key))
        };
        let mut fates = vec![None; post.recipients()];
        for report in posted.reports {
            for (recipient, fate) in report.recipients.into_iter().zip(report.fates.await.unwrap_or_default()) {
                fates[recipient] = fates[recipient].max(Some(fate));
            }
        }
        Some(HandedOver { frame: posted.frame, fates })
    }
}

impl Post<'_> {
    fn recipients(&self) -> usize {
        match self.to {
            Audience::Listed(accids) if self.outcomes => accids.len(),
            _ => 0,
        }
    }
}
