//! Entering and leaving rooms, with the notices that the others get.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::base::{Accid, RoomId};
use crate::delivery::Announcement;
use crate::model::notice::{Details, Event};
use crate::model::{
    ClientType, Extras, Looks, Member, Notice, Occupant, Party, Refusal, Room, Seen, Standing, Subscription,
};
use crate::presence::{Entry, Frame, Present, Seat};

use super::doorman::Papers;
use super::in_out::{LogOut, Moved, Movement, Session};
use super::shared::Shared;

/// The verbs of coming and going.
#[derive(Debug)]
pub struct Members {
    shared: Arc<Shared>,
    /// The gateway is stopping: nobody is told who leaves, since all do.
    quiet: AtomicBool,
}

/// A session that wants to enter a room.
#[derive(Debug)]
pub struct Visitor<'a> {
    /// Its account.
    pub accid: &'a Accid,
    /// How it wants to look.
    pub looks: Looks,
    /// Its tags and its place.
    pub subscription: Option<Subscription>,
    /// What it tells those inside.
    pub notify_ext: Option<String>,
    /// What it comes from.
    pub client: ClientType,
    /// What it logged in with, where the application server is asked about that.
    pub papers: Option<&'a Papers>,
    /// Where it sits.
    pub seat: &'a Arc<Seat>,
}

/// A session's stay in a room. Dropping it leaves the room.
#[derive(Debug)]
pub struct Stay {
    members: Arc<Members>,
    /// It is over.
    left: bool,
    visit: Visit,
}

#[derive(Debug, Clone)]
struct Visit {
    room: RoomId,
    accid: Accid,
    client: ClientType,
    seat: Arc<Seat>,
}

/// What whoever enters is answered: the room, itself, and how many are in.
#[derive(Debug)]
pub struct Welcome {
    /// The room.
    pub room: Arc<Room>,
    /// The member it is there.
    pub member: Member,
    /// Accounts in the room.
    pub online: usize,
}

impl Members {
    pub(super) fn new(shared: Arc<Shared>) -> Arc<Members> {
        Arc::new(Members { shared, quiet: AtomicBool::new(false) })
    }

    /// Who is in the room now.
    pub fn present(&self, room: RoomId) -> Vec<Present> {
        self.shared.registry.present(room)
    }

    /// From now on nobody is told who leaves.
    pub fn hush(&self) {
        self.quiet.store(true, Ordering::Relaxed);
    }

    /// Lets a session into an open room. `reply` makes its answer, if it wants one; the notice to all comes after it.
    pub async fn enter(
        self: &Arc<Members>,
        id: RoomId,
        visitor: Visitor<'_>,
        reply: impl Fn(&Welcome) -> Option<Frame>,
    ) -> Result<Stay, Refusal> {
        let (accid, client, peer) = (visitor.accid, visitor.client, visitor.seat.line().peer());
        let entered = self.try_enter(id, visitor, reply).await;
        if let Err(refusal) = &entered {
            self.shared.tell_not_let_in(accid, Some(id), Some(client), peer, refusal).await;
        }
        entered
    }

    async fn try_enter(
        self: &Arc<Members>,
        id: RoomId,
        mut visitor: Visitor<'_>,
        reply: impl Fn(&Welcome) -> Option<Frame>,
    ) -> Result<Stay, Refusal> {
        let shared = &self.shared;
        if shared.asks_about_joins() || !shared.delivery.moderation().is_off() {
            // Nobody is asked about those who may not enter anyway, nor waited for within the turn.
            shared.require_entry(id, visitor.accid).await?;
            shared.ask_about_joining(id, &mut visitor).await?;
        }
        shared.require_decent(id, visitor.accid, &visitor.looks, &Extras::default()).await?;
        let mut turn = shared.turns.of(id).await;
        let Visitor { accid, looks, subscription, notify_ext, client, seat, .. } = visitor;
        // The account as it is now: it may have another name than when the session logged in.
        let (room, user, standing) = shared.require_entry(id, accid).await?;
        let room = self.replace_robot(room, accid).await?;
        let occupant = Occupant::entering(&user, looks, &standing.looks, turn.moment(shared.now()));
        let announcement = self.entering(&room, &occupant, &standing, notify_ext, client);
        let welcome = |occupant: &Occupant, accounts| {
            let member = Member::of(id, &occupant.accid, Seen::Here(occupant), &standing, shared.now());
            reply(&Welcome { room: room.clone(), member, online: accounts + room.robots.len() })
        };
        let notice =
            |_: &Occupant, accounts, stamp| self.admit_notice(&room, accounts).then(|| announcement.frame(stamp));
        if shared.tells_events() && shared.registry.find_present(id, accid).is_none() {
            // Before it is in: whoever hears of it from the room finds the event in the ledger.
            let (peer, looks, subscription) = (seat.line().peer(), Some(&occupant.looks), subscription.as_ref());
            let session = Some(Session { client, peer, looks, subscription });
            shared.require_told(Moved { room: id, accid, how: Movement::In, session }).await?;
        }
        let entry = Entry { occupant, subscription: subscription.map(Arc::new), seat };
        let alone = shared.registry.join(id, entry, welcome, notice).await.ok_or_else(Refusal::stopping)?;
        let visit = Visit { room: id, accid: accid.clone(), client, seat: seat.clone() };
        let stay = Stay { members: self.clone(), left: false, visit };
        shared.delivery.activities.note_entering(id, accid, shared.now());
        shared.delivery.record_announcement_soon(announcement).await;
        if alone {
            shared.attend(id).await;
        }
        Ok(stay)
    }

    /// The answer to a session that is in the room already; `None` where it is not.
    pub async fn welcome_back(&self, id: RoomId, accid: &Accid, seat: &Seat) -> Result<Option<Welcome>, Refusal> {
        // Not in the midst of a closing, when the room is closed already and its members are not yet out.
        let _turn = self.shared.turns.of(id).await;
        let Some((occupant, _)) = self.shared.registry.session(id, accid, seat) else { return Ok(None) };
        let room = self.shared.store.require_room(id).await?;
        let standing = self.shared.store.standing(id, accid).await?;
        let member = Member::of(id, accid, Seen::Here(&occupant), &standing, self.shared.now());
        let online = self.shared.online(&room);
        Ok(Some(Welcome { room, member, online }))
    }

    /// A virtual member makes way for the account itself.
    async fn replace_robot(&self, room: Arc<Room>, accid: &Accid) -> Result<Arc<Room>, Refusal> {
        if !room.robots.contains_key(accid) {
            return Ok(room);
        }
        let (id, accid) = (room.id, accid.clone());
        let taken = self.shared.store.change(move |tx| tx.take_robot(tx.require_room(id)?, &accid)).await?;
        Ok(taken.unwrap_or(room))
    }

    fn entering(
        &self,
        room: &Room,
        occupant: &Occupant,
        standing: &Standing,
        ext: Option<String>,
        client: ClientType,
    ) -> Announcement {
        let details = Details::mutes(standing, self.shared.now());
        let notice = Notice::of_self(Event::Enter, party(occupant), ext).with(details);
        Announcement::new(room.id, &notice, client)
    }

    async fn leave(&self, visit: &Visit, why: LogOut) {
        let Visit { room: id, accid, client, seat } = visit;
        let shared = &self.shared;
        // What leaves with the account is taken out of the queue in the same turn.
        let turn = shared.turns.of(*id).await;
        // Without the room nobody can be told, but it is left all the same.
        let room = shared.store.room(*id).await.ok().flatten();
        let told = std::sync::OnceLock::new();
        let notice = |occupant: &Occupant, accounts: usize, stamp| {
            let room = room.as_ref().filter(|room| self.admit_notice(room, accounts))?;
            let notice = Notice::of_self(Event::Exit, party(occupant), None);
            let announcement = told.get_or_init(|| Announcement::new(room.id, &notice, *client));
            Some(announcement.frame(stamp))
        };
        let Some(left) = shared.registry.leave(*id, accid, seat, notice).await else { return };
        if let Some(announcement) = told.into_inner() {
            shared.delivery.record_announcement_soon(announcement).await;
        }
        let mut told = None;
        if left.last && shared.tells_events() {
            let session = Some(Session { client: *client, peer: seat.line().peer(), looks: None, subscription: None });
            told = shared.tell_moved(Moved { room: *id, accid, how: Movement::Out(why), session }).await;
        }
        shared.after_leaving(*id, accid, left).await;
        drop(turn);
        // Many may leave at once, and others need the turn meanwhile.
        if let Some(told) = told {
            told.await;
        }
    }

    /// Whether a room with so many accounts is told who comes and goes, now.
    fn admit_notice(&self, room: &Room, accounts: usize) -> bool {
        !self.quiet.load(Ordering::Relaxed) && self.shared.tells_in_and_out(room, accounts)
    }
}

fn party(occupant: &Occupant) -> Party {
    Party::of(&occupant.accid, &occupant.looks)
}

impl Stay {
    /// The room.
    pub fn room(&self) -> RoomId {
        self.visit.room
    }

    /// Whether it goes on: somebody may have put the session out.
    pub fn goes_on(&self) -> bool {
        let Visit { room, accid, seat, .. } = &self.visit;
        self.members.shared.registry.session(*room, accid, seat).is_some()
    }

    /// The session's connection is gone, or there again.
    pub fn set_away(&self, away: bool) {
        let Visit { room, accid, seat, .. } = &self.visit;
        self.members.shared.registry.set_away(*room, accid, seat, away);
    }

    /// Whether it is over already, because somebody put the session out. Then there is nothing to leave any more: the session may have come
    /// back, and dropping the old stay must not end the new one.
    pub fn has_ended(&mut self) -> bool {
        self.left |= !self.goes_on();
        self.left
    }

    /// Leaves now.
    pub async fn leave(mut self, why: LogOut) {
        self.left = true;
        self.members.leave(&self.visit, why).await;
    }
}

impl Drop for Stay {
    /// A session that ends without saying so, by a panic or a cancelled task, leaves all the same.
    fn drop(&mut self) {
        if !self.left
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let (members, visit) = (self.members.clone(), self.visit.clone());
            runtime.spawn(async move { members.leave(&visit, LogOut::Offline).await });
        }
    }
}
