//! Every room with somebody in it, found by number. Rooms come with their first member, or with something urgent, and go soon after their last.

#[cfg(feature = "wrong-gateways")]
mod wrong;

use std::num::NonZeroU64;
use std::sync::Arc;

use dashmap::DashMap;
use smallvec::SmallVec;
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};

#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::base::{Accid, Clock, MsgId, RoomId, Stamp, limits};
use crate::metrics::Metrics;
use crate::model::{Lane, Occupant, Subscription};

use super::accounts::Reach;
use super::frame::KeyMaker;
use super::job::Job;
use super::recent::Total;
use super::room::{Entering, Join, Left, Posted, Room};
use super::seating::Present;
use super::writers::{Seat, Writers};
use super::{Fate, Frame, MessageKey, Range};

/// Jobs that a message is for each writer; a gateway that is wrong on purpose may need one more.
const POST_JOBS: usize = if cfg!(feature = "wrong-gateways") { 2 } else { 1 };

/// Who gets a message.
#[derive(Debug, Clone, Copy)]
pub enum Audience<'a> {
    /// Those in the room whom it reaches, by default all.
    Within(&'a Range),
    /// The sender's own sessions, as far as it reaches them.
    Sender(&'a Range),
    /// These accounts, as far as they are in the room, and nobody else.
    Listed(&'a [Accid]),
}

impl<'a> Audience<'a> {
    pub(super) fn range(&self) -> Option<&'a Range> {
        match self {
            Audience::Within(range) => Some(range),
            Audience::Sender(_) | Audience::Listed(_) => None,
        }
    }
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
    /// The session it comes from, which must be in the room; `None` where the application server sends.
    pub from_seat: Option<&'a Seat>,
    /// Its id.
    pub msg_id: &'a MsgId,
    /// It is sent again: not to those who have it.
    pub again: bool,
    /// Say what became of it for each listed account.
    pub outcomes: bool,
    /// Whoever comes back soon gets it too.
    pub catch_up: bool,
    /// The lane of its frame.
    pub lane: Lane,
}

/// A message that was handed over.
#[derive(Debug)]
pub struct HandedOver {
    /// The frame every recipient shares.
    pub frame: Arc<Frame>,
    /// The moment it was given.
    pub stamp: Stamp,
    /// It went to the room before, and is sent again.
    pub known: bool,
    /// For each listed account the best fate among its sessions; `None` where it has none in the room.
    /// Empty unless outcomes were asked for.
    pub fates: Vec<Option<Fate>>,
}

/// Why a message was not handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotHanded {
    /// Its sender is not in the room.
    NotIn,
    /// The writers have stopped.
    Stopped,
}

/// A session about to enter a room.
#[derive(Debug)]
pub struct Entry<'a> {
    /// Who it is there, where its account is not in the room already; when the session enters.
    pub occupant: Occupant,
    /// What it says of itself.
    pub subscription: Option<Arc<Subscription>>,
    /// Its seat.
    pub seat: &'a Seat,
}

/// A session in a room: who it is there, and what it said of itself.
pub type Session = (Arc<Occupant>, Option<Arc<Subscription>>);

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
                registry.sweep();
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

    /// Forgets what rooms no longer need, and rooms that are of no use any more.
    fn sweep(&self) {
        let now = self.clock.now();
        self.rooms.retain(|_, room| !room.sweep(now));
    }

    fn find(&self, room: RoomId) -> Option<Arc<Room>> {
        self.rooms.get(&room).map(|room| room.clone())
    }

    fn find_or_make(&self, id: RoomId) -> Arc<Room> {
        self.rooms.entry(id).or_insert_with(|| Arc::new(Room::new(self.remembered.clone()))).clone()
    }

    pub(super) fn writers(&self) -> &Writers {
        &self.writers
    }

    /// How many accounts are in the room.
    pub fn online(&self, room: RoomId) -> usize {
        self.find(room).map_or(0, |room| room.accounts())
    }

    /// Who is in the room, in no particular order.
    pub fn present(&self, room: RoomId) -> Vec<Present> {
        self.find(room).map_or_else(Vec::new, |room| room.present())
    }

    /// The account, where it is in the room.
    pub fn find_present(&self, room: RoomId, accid: &Accid) -> Option<Present> {
        self.find(room)?.find(accid)
    }

    /// A session's connection is gone, or there again.
    pub fn set_away(&self, room: RoomId, accid: &Accid, seat: &Seat, away: bool) {
        if let Some(room) = self.find(room) {
            room.set_away(accid, seat.key, away, self.clock.now());
        }
    }

    /// The session, where it is in the room.
    pub fn session(&self, room: RoomId, accid: &Accid, seat: &Seat) -> Option<Session> {
        self.find(room)?.session(accid, seat.key)
    }

    /// A session is written to this fast from now on, or as fast as it reads.
    pub async fn pace(&self, Reach { seat, .. }: &Reach, bytes_per_second: Option<NonZeroU64>) {
        self.writers.send(seat.writer, Job::Pace { of: seat.address, bytes_per_second }).await;
    }

    /// A session's connection is held still from now on, or goes on; false where it has none.
    pub async fn freeze(&self, Reach { seat, .. }: &Reach, frozen: bool) -> bool {
        let (reply, held) = oneshot::channel();
        self.writers.send(seat.writer, Job::Freeze { of: seat.address, frozen, reply }).await;
        held.await == Ok(true)
    }

    /// Every room with somebody in it, or with somebody who may come back for what is said there.
    pub fn awake(&self) -> Vec<RoomId> {
        self.rooms.iter().map(|room| *room.key()).collect()
    }

    /// Whether one more high-priority message may go to the room in this second.
    pub fn admit_high(&self, room: RoomId, most: u32) -> bool {
        // Counted where nobody is, too: what a sender is told must not depend on who hears it.
        self.find_or_make(room).admit_high(self.clock.now(), most)
    }

    /// A message was taken back: whoever comes back to the room does not get it.
    pub fn forget_message(&self, id: RoomId, sender: &Accid, msg_id: &MsgId) {
        if let Some(room) = self.find(id) {
            room.forget_message(self.keys.key(id, sender, msg_id));
        }
    }

    /// Lets a session into a room. `welcome` is its own answer, if it wants one; `notice`, for the first session of an account, is told
    /// to all after that. Answers whether nobody else is there; `None` when the writers have stopped.
    pub async fn join(
        &self,
        id: RoomId,
        entry: Entry<'_>,
        welcome: impl Fn(&Occupant, usize) -> Option<Frame>,
        notice: impl Fn(&Occupant, usize, Stamp) -> Option<Frame>,
    ) -> Option<bool> {
        loop {
            let room = self.find_or_make(id);
            let mut turnstile = self.writers.reserve(3).await?;
            let entering = Entering {
                occupant: entry.occupant.clone(),
                subscription: entry.subscription.clone(),
                seat: entry.seat.key,
            };
            match room.join(entering, &self.clock, &mut turnstile, &welcome, &notice) {
                Join::In { alone } => {
                    self.metrics.rooms.inc_by(alone.into());
                    return Some(alone);
                }
                // Whoever found it useless takes it away in a moment.
                Join::Gone => drop(self.rooms.remove_if(&id, |_, found| Arc::ptr_eq(found, &room))),
            }
        }
    }

    /// Lets a session out of a room; `notice`, for the last session of an account, is told to those who stay.
    pub async fn leave(
        &self,
        id: RoomId,
        accid: &Accid,
        seat: &Seat,
        notice: impl FnOnce(&Occupant, usize, Stamp) -> Option<Frame>,
    ) -> Option<Left> {
        let room = self.find(id)?;
        let mut turnstile = self.writers.reserve(1).await?;
        let left = room.leave(accid, seat.key, &self.clock, &mut turnstile, notice)?;
        self.metrics.rooms.dec_by(left.empty.into());
        Some(left)
    }

    /// Puts an account out of a room, each of its sessions with this last word; then the others hear `notice`. `None` where it was not in.
    pub async fn expel(
        &self,
        id: RoomId,
        accid: &Accid,
        last_word: Frame,
        notice: impl FnOnce(Stamp) -> Frame,
    ) -> Option<Left> {
        let room = self.find(id)?;
        let mut turnstile = self.writers.reserve(2).await?;
        let left = room.expel(accid, last_word, &self.clock, &mut turnstile, notice)?;
        self.metrics.rooms.dec_by(left.empty.into());
        Some(left)
    }

    /// Puts everybody out of a room: all hear `notice`, then this last word. Answers who was in.
    pub async fn empty(&self, id: RoomId, last_word: Frame, notice: impl FnOnce(Stamp) -> Frame) -> Vec<Accid> {
        let Some(room) = self.find(id) else { return Vec::new() };
        let Some(mut turnstile) = self.writers.reserve(2).await else { return Vec::new() };
        let out = room.empty(last_word, &self.clock, &mut turnstile, notice);
        self.metrics.rooms.dec_by((!out.is_empty()).into());
        out
    }

    /// Changes how an account looks in a room; false where it is not in.
    pub fn update(&self, id: RoomId, accid: &Accid, change: impl FnOnce(&mut Occupant)) -> bool {
        self.find(id).is_some_and(|room| room.update(accid, change))
    }

    /// Changes what the sessions of an account said of themselves, or that of one of them; false where there is none.
    pub fn subscribe(
        &self,
        id: RoomId,
        accid: &Accid,
        only: Option<&Seat>,
        change: impl Fn(&mut Subscription),
    ) -> bool {
        self.find(id).is_some_and(|room| room.subscribe(accid, only.map(|seat| seat.key), change))
    }

    /// Tells everybody in range something that nobody sends again.
    pub async fn tell(&self, id: RoomId, lane: Lane, range: &Range, encode: impl FnOnce(Stamp) -> Frame) {
        let Some(room) = self.find(id) else { return };
        if let Some(mut turnstile) = self.writers.reserve_in(lane, 1).await {
            room.tell(range, &self.clock, &mut turnstile, encode);
        }
    }

    /// Hands a message over. `encode` makes its frame, given its time and what marks it for a re-send. Waits only when the
    /// writers have more work than their queues hold, never for a member.
    pub async fn hand_over(
        &self,
        post: Post<'_>,
        encode: impl FnOnce(Stamp, MessageKey) -> Frame,
    ) -> Result<HandedOver, NotHanded> {
        let key = self.keys.key(post.room, post.sender, post.msg_id);
        let posted = match self.find(post.room) {
            Some(room) => {
                let mut turnstile = self.writers.reserve_in(post.lane, POST_JOBS).await.ok_or(NotHanded::Stopped)?;
                #[cfg(feature = "wrong-gateways")]
                if Wrong::Swap.is() {
                    room.deliver_late_ones_soon(&self.writers);
                }
                room.post(&post, key, &self.clock, &mut turnstile, |stamp| encode(stamp, key))
            }
            None if post.from_seat.is_some() => None,
            None => {
                let stamp = self.clock.stamp();
                Some(Posted { frame: Arc::new(encode(stamp, key)), stamp, known: false, reports: SmallVec::new() })
            }
        };
        let Posted { frame, stamp, known, reports } = posted.ok_or(NotHanded::NotIn)?;
        #[cfg(feature = "wrong-gateways")]
        if post.to.range().is_some() && Wrong::WrongRoom.once_in(50) {
            self.stray(post.room, &frame).await;
        }
        let mut fates = vec![None; post.recipients()];
        for report in reports {
            for (recipient, fate) in report.recipients.into_iter().zip(report.fates.await.unwrap_or_default()) {
                fates[recipient] = fates[recipient].max(Some(fate));
            }
        }
        Ok(HandedOver { frame, stamp, known, fates })
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
