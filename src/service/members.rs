//! Entering and leaving rooms, with the notices that the others get.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::base::{Clock, Millis, RoomId};
use crate::delivery::Delivery;
use crate::model::notice::Event;
use crate::model::{Appearance, ClientType, Member, Notice, Refusal, Room, Sender, User};
use crate::presence::{Entry, Frame, Registry, Seat};

/// The verbs on members.
#[derive(Debug)]
pub struct Members {
    registry: Arc<Registry>,
    delivery: Arc<Delivery>,
    clock: Clock,
    notices_up_to: usize,
    /// The gateway is stopping: nobody is told who leaves, since all do.
    quiet: AtomicBool,
}

/// A session that wants to enter a room.
#[derive(Debug)]
pub struct Visitor<'a> {
    /// Its account.
    pub user: &'a User,
    /// What it says of itself.
    pub appearance: Appearance,
    /// What it tells those inside.
    pub notify_ext: Option<String>,
    /// What it comes from.
    pub client: ClientType,
    /// Where it sits.
    pub seat: &'a Arc<Seat>,
}

/// A session's stay in a room. Dropping it leaves the room.
#[derive(Debug)]
pub struct Stay {
    members: Arc<Members>,
    /// Taken when the session has left.
    left: bool,
    visit: Visit,
}

#[derive(Debug, Clone)]
struct Visit {
    room: Arc<Room>,
    member: Arc<Member>,
    client: ClientType,
    seat: Arc<Seat>,
}

impl Members {
    pub(super) fn new(
        registry: Arc<Registry>,
        delivery: Arc<Delivery>,
        clock: Clock,
        notices_up_to: usize,
    ) -> Arc<Members> {
        Arc::new(Members { registry, delivery, clock, notices_up_to, quiet: AtomicBool::new(false) })
    }

    /// Who is in the room now.
    pub fn list(&self, room: RoomId) -> Vec<Arc<Member>> {
        self.registry.members(room)
    }

    /// From now on nobody is told who leaves.
    pub fn hush(&self) {
        self.quiet.store(true, Ordering::Relaxed);
    }

    /// Lets a session into an open room. `welcome` is its answer, if it wants one; the notice to all comes after it.
    pub async fn enter(
        self: &Arc<Members>,
        room: Arc<Room>,
        visitor: Visitor<'_>,
        welcome: impl Fn(&Member, usize) -> Option<Frame>,
    ) -> Result<Stay, Refusal> {
        room.require_open()?;
        let Visitor { user, appearance, notify_ext, client, seat } = visitor;
        let member = Member::entering(&room, user, appearance, self.clock.message_time());
        let notice =
            Notice { event: Event::Enter, accid: member.accid.clone(), nick: member.nick.clone(), ext: notify_ext };
        let sender = sender(&member, client);
        let announce = |time, members| self.announce(&room, &notice, &sender, time, members);
        let member = self
            .registry
            .join(room.id, Entry { member, seat }, welcome, announce)
            .await
            .ok_or_else(Refusal::stopping)?;
        let visit = Visit { room, member, client, seat: seat.clone() };
        Ok(Stay { members: self.clone(), left: false, visit })
    }

    async fn leave(&self, visit: &Visit) {
        let Visit { room, member, client, seat } = visit;
        let notice = Notice { event: Event::Exit, accid: member.accid.clone(), nick: member.nick.clone(), ext: None };
        let sender = sender(member, *client);
        let announce = |time, members| self.announce(room, &notice, &sender, time, members);
        self.registry.leave(room.id, &member.accid, seat, announce).await;
    }

    fn announce(&self, room: &Room, notice: &Notice, sender: &Sender, time: Millis, members: usize) -> Option<Frame> {
        if self.quiet.load(Ordering::Relaxed) {
            return None;
        }
        self.delivery.notice(room, notice, sender, time, members, self.notices_up_to)
    }
}

fn sender(member: &Member, client: ClientType) -> Sender {
    Sender {
        accid: member.accid.clone(),
        nick: member.nick.clone(),
        avator: member.avator.clone().unwrap_or_default(),
        client,
    }
}

impl Stay {
    /// The room.
    pub fn room(&self) -> RoomId {
        self.visit.room.id
    }

    /// Who it is there.
    pub fn member(&self) -> &Member {
        &self.visit.member
    }

    /// The member, as the others see it when it sends.
    pub fn sender(&self) -> Sender {
        sender(&self.visit.member, self.visit.client)
    }

    /// Leaves now.
    pub async fn leave(mut self) {
        self.left = true;
        self.members.leave(&self.visit).await;
    }
}

impl Drop for Stay {
    /// A session that ends without saying so, by a panic or a cancelled task, leaves all the same.
    fn drop(&mut self) {
        if !self.left
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let (members, visit) = (self.members.clone(), self.visit.clone());
            runtime.spawn(async move { members.leave(&visit).await });
        }
    }
}
