//! What every service stands on, and what several of them do.

use std::sync::Arc;

use parking_lot::Mutex;
use smallvec::SmallVec;
use tokio::sync::Notify;

use crate::base::{Accid, Clock, Millis, MsgId, PerSecond, RoomId};
use crate::delivery::{Announcement, Delivery};
use crate::metrics::Metrics;
use crate::model::{ClientType, Extras, Lane, Looks, Notice, Party, Refusal, Room, Standing, User};
use crate::moderation::Subject;
use crate::presence::{Accounts, Frame, Left, Range, Registry};
use crate::settings::Settings;
use crate::store::Store;
use crate::wire::server::{self, KickReason};

use super::in_out::Moved;
use super::queue_events;
use super::turns::Turns;

/// Shared by all services.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) store: Arc<Store>,
    pub(super) registry: Arc<Registry>,
    pub(super) accounts: Arc<Accounts>,
    pub(super) delivery: Arc<Delivery>,
    pub(super) clock: Clock,
    pub(super) metrics: Arc<Metrics>,
    pub(super) settings: Arc<Settings>,
    pub(super) turns: Turns,
    /// A room's moment of closing has changed.
    pub(super) due_changed: Notify,
    /// Refused logins of this second that are told of.
    pub(super) not_let_in: Mutex<PerSecond>,
}

/// Who does something: an account, and what it does it from.
#[derive(Debug, Clone)]
pub struct Operator {
    /// The account.
    pub accid: Accid,
    /// The application server, or a member's client.
    pub client: ClientType,
}

impl Operator {
    /// An account in whose name the application server acts.
    pub fn server(accid: Accid) -> Operator {
        Operator { accid, client: ClientType::REST }
    }

    /// Whether it is the application server that acts.
    pub fn is_server(&self) -> bool {
        self.client == ClientType::REST
    }
}

impl Shared {
    pub(super) fn now(&self) -> Millis {
        self.clock.wall()
    }

    /// How many accounts are in the room, virtual members among them; nobody is in it as both.
    pub(super) fn online(&self, room: &Room) -> usize {
        self.registry.online(room.id) + room.robots.len()
    }

    /// Whether a room with so many accounts in it is told who comes and goes.
    pub(super) fn tells_in_and_out(&self, room: &Room, accounts: usize) -> bool {
        let small = accounts <= self.settings.limits.notices_up_to;
        if room.facts.in_out_notices && !small {
            self.metrics.notices_omitted.inc();
        }
        room.facts.in_out_notices && small
    }

    /// An account as a room's notifications name it: as it looks there, virtually too, else as was kept, else by its profile.
    pub(super) async fn party(&self, room: RoomId, accid: &Accid) -> Result<Party, Refusal> {
        if let Some(present) = self.registry.find_present(room, accid) {
            return Ok(Party::of(accid, &present.occupant.looks));
        }
        if let Some(robot) = self.store.room(room).await?.and_then(|room| room.robots.get(accid).cloned()) {
            return Ok(Party::of(accid, &robot.looks));
        }
        let kept = self.store.standing(room, accid).await?.looks.clone();
        let user = self.store.user(accid).await?;
        Ok(Party::of(accid, &kept.or(&user.map(|user| user.looks()).unwrap_or_default())))
    }

    pub(super) async fn parties(&self, room: RoomId, accids: &[Accid]) -> Result<Vec<Party>, Refusal> {
        let mut parties = Vec::with_capacity(accids.len());
        for accid in accids {
            parties.push(self.party(room, accid).await?);
        }
        Ok(parties)
    }

    /// Has judged how an account wants to look in a room.
    pub(super) async fn require_decent(
        &self,
        room: RoomId,
        accid: &Accid,
        looks: &Looks,
        extras: &Extras,
    ) -> Result<(), Refusal> {
        let moderation = self.delivery.moderation();
        let Looks { nick, avator, ext } = looks;
        let texts: SmallVec<[&str; 3]> = [nick, avator, ext].into_iter().filter_map(Option::as_deref).collect();
        if moderation.is_off() || texts.is_empty() {
            return Ok(());
        }
        let id = MsgId::fresh();
        let subject = Subject { accid, data_id: id.as_str(), room: Some(room), extras };
        moderation.judge_looks(&texts, &subject).await.map_err(|finding| {
            let why = finding.why;
            tracing::info!(%room, %accid, why, "refused how {accid} wants to look in room {room}: {why}");
            Refusal::LooksRefused
        })
    }

    /// Tells a room of something.
    pub(super) async fn announce(&self, room: RoomId, notice: &Notice, client: ClientType) {
        self.delivery.announce(Announcement::new(room, notice, client)).await;
    }

    /// Tells a room of something in that lane.
    pub(super) async fn announce_in(&self, room: RoomId, notice: &Notice, client: ClientType, lane: Lane) {
        self.delivery.announce(Announcement::new(room, notice, client).in_lane(lane)).await;
    }

    /// Tells those in range of something.
    pub(super) async fn announce_within(&self, room: RoomId, notice: &Notice, client: ClientType, range: Range) {
        self.delivery.announce(Announcement::new(room, notice, client).within(range)).await;
    }

    /// Puts an account out of a room and tells the others; false where it was not in.
    pub(super) async fn put_out(
        &self,
        room: RoomId,
        accid: &Accid,
        reason: KickReason,
        notice: &Notice,
        client: ClientType,
    ) -> bool {
        let last_word = Frame::reply(server::kicked(room, reason, notice.ext.as_deref()));
        let announcement = Announcement::new(room, notice, client);
        let Some(left) = self.registry.expel(room, accid, last_word, |stamp| announcement.frame(stamp)).await else {
            return false;
        };
        self.delivery.record_announcement(announcement).await;
        // As documented, nobody is told of those whom the blocklist puts out.
        if reason == KickReason::Manager
            && let Some(told) = self.tell_moved(Moved::kicked(room, accid)).await
        {
            told.await;
        }
        self.after_leaving(room, accid, left).await;
        true
    }

    /// What else happens when a session has left: what its account leaves behind goes with it, and an empty room may begin to count down.
    pub(super) async fn after_leaving(&self, room: RoomId, accid: &Accid, left: Left) {
        if left.last {
            self.take_transient(room, accid).await;
        }
        if left.empty {
            self.attend(room).await;
        }
    }

    /// Everybody is out at the start: what counts down in empty rooms begins, and what leaves with its owner leaves.
    pub(super) async fn begin(&self) -> Result<(), Refusal> {
        let (webhook, now) = (self.settings.webhook.clone(), self.now());
        self.store
            .change(move |tx| {
                tx.attend_all(now)?;
                for room in tx.rooms_with_transient()? {
                    queue_events::drop_transient(tx, &webhook, room, now)?;
                }
                tx.forget_ended_mutes(now)
            })
            .await
    }

    /// The room is empty now, or no longer.
    pub(super) async fn attend(&self, id: RoomId) {
        match self.store.room(id).await {
            Ok(Some(room)) if room.closing.follows_presence() && room.valid => {}
            _ => return,
        }
        let (registry, clock) = (self.registry.clone(), self.clock.clone());
        let attend = move |room: &mut Room| {
            // Who is in now counts, not who was when this was asked for.
            room.closing.attend(clock.wall(), registry.online(id) == 0);
            Ok(())
        };
        // A failure is logged where it happens; the room then closes at another moment, or not.
        if self.store.change_room(id, attend).await.is_ok() {
            self.due_changed.notify_one();
        }
    }

    /// The room, the account and its standing there, if it may enter.
    pub(super) async fn require_entry(
        &self,
        id: RoomId,
        accid: &Accid,
    ) -> Result<(Arc<Room>, Arc<User>, Arc<Standing>), Refusal> {
        let room = self.store.require_room(id).await?;
        room.require_open()?;
        let standing = self.store.standing(id, accid).await?;
        standing.require_entry(accid, &room)?;
        Ok((room, self.store.require_user(accid).await?, standing))
    }

    /// The account's standing in a room, which must exist.
    pub(super) async fn standing(&self, room: RoomId, accid: &Accid) -> Result<Arc<Standing>, Refusal> {
        self.store.require_room(room).await?;
        Ok(self.store.standing(room, accid).await?)
    }
}
