//! Rooms: made, looked up, changed, closed and opened (server API, section 4).

use std::sync::Arc;

use crate::base::{Accid, Millis, Params, RoomId};
use crate::delivery::Announcement;
use crate::model::notice::Event;
use crate::model::room::Robots;
use crate::model::{AskedClosing, Facts, Notice, Refusal, Room, roles};
use crate::presence::Frame;
use crate::settings::WebhookSettings;
use crate::wire::server::{self, KickReason};

use super::in_out::{LogOut, Moved};
use super::queue_events;
use super::shared::Shared;
use super::{Operator, Telling};

/// The verbs on rooms.
#[derive(Debug)]
pub struct Rooms {
    shared: Arc<Shared>,
}

impl Rooms {
    pub(super) fn new(shared: Arc<Shared>) -> Rooms {
        Rooms { shared }
    }

    /// Makes a room for an existing account.
    pub async fn create(&self, params: &Params) -> Result<Arc<Room>, Refusal> {
        let facts = Facts::read(params)?;
        let asked = self.read_closing(params)?;
        let (now, most) = (self.shared.now(), self.shared.settings.limits.rooms);
        let make = move |tx: &crate::store::Tx<'_>| {
            tx.require_user(&facts.creator)?;
            tx.require_room_for_one(most)?;
            tx.insert_room(facts, asked.begin(now, true), now)
        };
        let room = self.shared.store.change(make).await?;
        self.shared.due_changed.notify_one();
        Ok(room)
    }

    /// Reads a schedule, where there may be one.
    fn read_closing(&self, params: &Params) -> Result<AskedClosing, Refusal> {
        let asked = AskedClosing::read(params)?;
        let allowed = self.shared.settings.rooms.scheduled_closing || !asked.is_some();
        if allowed { Ok(asked) } else { Err(Refusal::NoScheduledClosing) }
    }

    /// The room, which must exist.
    pub async fn get(&self, id: RoomId) -> Result<Arc<Room>, Refusal> {
        self.shared.store.require_room(id).await
    }

    /// The rooms among these that exist.
    pub async fn find(&self, ids: &[RoomId]) -> Result<Vec<Arc<Room>>, Refusal> {
        let mut rooms = Vec::with_capacity(ids.len());
        for id in ids {
            rooms.extend(self.shared.store.room(*id).await?);
        }
        Ok(rooms)
    }

    /// Rooms behind `after` in order of their numbers: open ones, closed ones or both.
    pub async fn list(&self, after: i64, valid: Option<bool>, most: i64) -> Result<Vec<Arc<Room>>, Refusal> {
        let ids = self.shared.store.rooms_after(after, valid, most).await?;
        self.find(&ids).await
    }

    /// The open rooms of an account, which must exist, oldest first.
    pub async fn open_of(&self, creator: &Accid) -> Result<Vec<RoomId>, Refusal> {
        self.shared.store.require_user(creator).await?;
        Ok(self.shared.store.open_rooms_of(creator).await?)
    }

    /// The open rooms of this account and of all whose free text is `ex`, oldest first.
    pub async fn open_made_by(&self, creator: &Accid, ex: &str, most: i64) -> Result<Vec<Arc<Room>>, Refusal> {
        let ids = self.shared.store.open_rooms_made_by(creator, ex, most).await?;
        self.find(&ids).await
    }

    /// How many accounts are in the room, virtual members among them.
    pub fn online(&self, room: &Room) -> usize {
        self.shared.online(room)
    }

    /// Whether the account may ask for an address to enter the room by.
    pub async fn check_address_request(&self, id: RoomId, accid: &Accid) -> Result<(), Refusal> {
        self.shared.store.require_user(accid).await?;
        let room = self.shared.store.require_room(id).await?;
        room.require_open()?;
        self.shared.store.standing(id, accid).await?.require_entry(accid, &room)
    }

    /// Changes what the creator gave it. A member must be a manager; the application server acts in the creator's name.
    pub async fn update(&self, id: RoomId, by: Option<Operator>, params: Params) -> Result<Arc<Room>, Refusal> {
        let telling = Telling::read(&params)?;
        let _turn = self.shared.turns.of(id).await;
        let operator = by.as_ref().map(|by| by.accid.clone());
        let room = self
            .shared
            .store
            .change(move |tx| {
                let mut room = tx.require_room(id)?;
                if let Some(operator) = operator {
                    roles::require_manager(&tx.standing(id, &operator)?)?;
                }
                room.facts.update(&params)?;
                tx.put_room(room)
            })
            .await?;
        if telling.notify {
            let by = by.unwrap_or_else(|| Operator::server(room.facts.creator.clone()));
            let notice = Notice::of_room(Event::RoomUpdated, self.shared.party(id, &by.accid).await?, telling.ext);
            self.shared.announce(id, &notice, by.client).await;
        }
        Ok(room)
    }

    /// Switches the notices of who enters and leaves.
    pub async fn set_in_out_notices(&self, id: RoomId, on: bool) -> Result<(), Refusal> {
        let _turn = self.shared.turns.of(id).await;
        let switch = move |room: &mut Room| {
            room.facts.in_out_notices = on;
            Ok(())
        };
        self.shared.store.change_room(id, switch).await.map(drop)
    }

    /// Gives a room another schedule, which begins now; in a closed room nothing counts down.
    pub async fn set_closing(&self, id: RoomId, params: &Params) -> Result<Arc<Room>, Refusal> {
        let asked = self.read_closing(params)?;
        let _turn = self.shared.turns.of(id).await;
        let (now, registry) = (self.shared.now(), self.shared.registry.clone());
        let set = move |room: &mut Room| {
            room.closing = asked.begin(now, registry.online(id) == 0);
            Ok(())
        };
        let room = self.shared.store.change_room(id, set).await?;
        // Whoever left while this was written still saw the schedule before.
        self.shared.attend(id).await;
        self.shared.due_changed.notify_one();
        Ok(room)
    }

    /// Closes or opens a room; only its creator may. What it is already is refused.
    pub async fn toggle(&self, id: RoomId, by: Operator, open: bool, params: &Params) -> Result<Arc<Room>, Refusal> {
        let asked = self.read_closing(params)?;
        let _turn = self.shared.turns.of(id).await;
        let (now, most, operator) = (self.shared.now(), self.shared.settings.limits.rooms, by.accid.clone());
        let closing = self.closing(id, &by).await?;
        let webhook = self.shared.settings.webhook.clone();
        let room = self
            .shared
            .store
            .change(move |tx| {
                let mut room = tx.require_room(id)?;
                tx.require_user(&operator)?;
                roles::require_creator(&tx.standing(id, &operator)?)?;
                if room.valid == open {
                    let state = if open { "open" } else { "closed" };
                    return Err(Refusal::Repeated(format!("valid: room {id} is {state} already")));
                }
                if !open {
                    return tx.close_room(room, &webhook, now);
                }
                tx.require_room_for_one(most)?;
                room.valid = true;
                // Its old moment may have passed.
                room.closing = asked.begin(now, true);
                tx.put_room(room)
            })
            .await?;
        self.shared.due_changed.notify_one();
        if !open {
            self.put_all_out(id, closing).await;
        }
        Ok(room)
    }

    /// Closes a room whose moment has come, if it still has.
    pub(super) async fn close_due(&self, id: RoomId) -> Result<(), Refusal> {
        let _turn = self.shared.turns.of(id).await;
        let (now, registry) = (self.shared.now(), self.shared.registry.clone());
        let creator = self.shared.store.require_room(id).await?.facts.creator.clone();
        let closing = self.closing(id, &Operator::server(creator)).await?;
        let webhook = self.shared.settings.webhook.clone();
        let closed = self
            .shared
            .store
            .change(move |tx| {
                let mut room = tx.require_room(id)?;
                if !(room.valid && room.closing.due.is_some_and(|due| due <= now)) {
                    return Ok(None);
                }
                if room.closing.follows_presence() && registry.online(id) > 0 {
                    // That somebody had come could not be written when it happened.
                    room.closing.attend(now, false);
                    return tx.put_room(room).map(|_| None);
                }
                tx.close_room(room, &webhook, now).map(Some)
            })
            .await?;
        if closed.is_some() {
            tracing::info!(room = %id, "room {id} has closed as scheduled");
            self.put_all_out(id, closing).await;
        }
        Ok(())
    }

    /// What a room will be told when it closes: made before that, since nothing may fail between the closing and the putting out.
    async fn closing(&self, id: RoomId, by: &Operator) -> Result<Announcement, Refusal> {
        let notice = Notice::of_room(Event::RoomClosed, self.shared.party(id, &by.accid).await?, None);
        Ok(Announcement::new(id, &notice, by.client))
    }

    async fn put_all_out(&self, id: RoomId, closing: Announcement) {
        let last_word = Frame::reply(server::kicked(id, KickReason::Closed, None));
        let out = self.shared.registry.empty(id, last_word, |stamp| closing.frame(stamp)).await;
        tracing::debug!(room = %id, "room {id} closed, {} accounts were in it", out.len());
        let mut told = None;
        for accid in &out {
            told = self.shared.tell_moved(Moved::out(id, accid, LogOut::Kick)).await;
        }
        self.shared.delivery.announce_unheard(closing).await;
        // When the last is in the ledger all are.
        if let Some(told) = told {
            told.await;
        }
    }
}

impl crate::store::Tx<'_> {
    /// Whether one more room may be open.
    fn require_room_for_one(&self, most: usize) -> Result<(), Refusal> {
        match self.has_room_for_one(most)? {
            true => Ok(()),
            false => {
                Err(Refusal::TooMany(format!("there are {most} open rooms already, the most that limits.rooms allows")))
            }
        }
    }

    /// A closed room has no virtual members, and nobody whose queue elements would stay.
    fn close_room(&self, mut room: Room, webhook: &WebhookSettings, now: Millis) -> Result<Arc<Room>, Refusal> {
        room.valid = false;
        room.closing.due = None;
        queue_events::drop_transient(self, webhook, room.id, now)?;
        self.put_robots(room, Robots::default())
    }
}
