//! Rooms: made, looked up, changed, closed and opened (server API, section 4).

use std::sync::Arc;

use serde::Serialize;

use crate::base::{Accid, Params, RoomId, limits};
use crate::model::notice::Event;
use crate::model::room::Robots;
use crate::model::{AskedClosing, Closing, Facts, Notice, Refusal, Room, roles};
use crate::presence::Frame;
use crate::wire::server::{self, KickReason};

use super::Operator;
use super::shared::Shared;

/// The verbs on rooms.
#[derive(Debug)]
pub struct Rooms {
    shared: Arc<Shared>,
}

/// The room object of section 4.2.
#[derive(Debug, Serialize)]
pub struct RoomView<'a> {
    roomid: RoomId,
    valid: bool,
    muted: bool,
    announcement: Option<&'a str>,
    name: &'a str,
    broadcasturl: Option<&'a str>,
    ext: &'a str,
    creator: &'a Accid,
    queuelevel: i64,
    ionotify: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    onlineusercount: Option<usize>,
    #[serde(rename = "delayInfo", skip_serializing_if = "Option::is_none")]
    closing: Option<ClosingView>,
}

/// `delayInfo` of section 4.1.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ClosingView {
    delay_close_enable: bool,
    delay_close_policy: i64,
    delay_seconds: i64,
    /// 1 while the room is open and its policy holds, else 0. The hosted service does not document the values.
    status: u8,
    start_time: u64,
}

/// How a member or the application server wants a change told.
#[derive(Debug, Clone)]
pub struct Telling {
    /// Whether the room is told.
    pub notify: bool,
    /// What goes along.
    pub ext: Option<String>,
}

impl Telling {
    /// Reads `needNotify`, true where it is left out, and `notifyExt`.
    pub fn read(params: &Params) -> Result<Telling, Refusal> {
        Ok(Telling { notify: params.boolean("needNotify", true)?, ext: Telling::read_ext(params)? })
    }

    /// Reads `needNotify`, and what goes along from `name`.
    pub fn read_with(params: &Params, name: &'static str) -> Result<Telling, Refusal> {
        let ext = params.text_within(name, limits::NOTIFY_EXT_UNITS)?.map(str::to_owned);
        Ok(Telling { notify: params.boolean("needNotify", true)?, ext })
    }

    /// Reads `notifyExt` alone.
    pub fn read_ext(params: &Params) -> Result<Option<String>, Refusal> {
        Ok(params.text_within("notifyExt", limits::NOTIFY_EXT_UNITS)?.map(str::to_owned))
    }

    /// Always told, with this.
    pub fn always(ext: Option<String>) -> Telling {
        Telling { notify: true, ext }
    }
}

impl<'a> RoomView<'a> {
    /// The object; with the number of members where it is known.
    pub fn of(room: &'a Room, online: Option<usize>) -> RoomView<'a> {
        let facts = &room.facts;
        RoomView {
            roomid: room.id,
            valid: room.valid,
            muted: room.muted,
            announcement: facts.announcement.as_deref(),
            name: &facts.name,
            broadcasturl: facts.broadcasturl.as_deref(),
            ext: &facts.ext,
            creator: &facts.creator,
            queuelevel: facts.queuelevel,
            ionotify: facts.in_out_notices,
            onlineusercount: online,
            closing: Some(ClosingView::of(room)).filter(|closing| closing.delay_close_enable),
        }
    }

    /// The same with `delayInfo`, even where nothing is scheduled.
    pub fn with_closing(room: &'a Room) -> RoomView<'a> {
        RoomView { closing: Some(ClosingView::of(room)), ..RoomView::of(room, None) }
    }
}

impl ClosingView {
    fn of(room: &Room) -> ClosingView {
        let Closing { policy, seconds, started, .. } = room.closing;
        let enabled = room.closing.is_some();
        ClosingView {
            delay_close_enable: enabled,
            delay_close_policy: policy as i64,
            delay_seconds: seconds,
            status: (enabled && room.valid).into(),
            start_time: started,
        }
    }
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

    /// Gives an open room another schedule, which begins now.
    pub async fn set_closing(&self, id: RoomId, params: &Params) -> Result<Arc<Room>, Refusal> {
        let asked = self.read_closing(params)?;
        let _turn = self.shared.turns.of(id).await;
        let (now, registry) = (self.shared.now(), self.shared.registry.clone());
        let set = move |room: &mut Room| {
            room.closing = asked.begin(now, registry.online(id) == 0);
            Ok(())
        };
        let room = self.shared.store.change_room(id, set).await?;
        self.shared.due_changed.notify_one();
        Ok(room)
    }

    /// Closes or opens a room; only its creator may. What it is already is refused.
    pub async fn toggle(&self, id: RoomId, by: Operator, open: bool, params: &Params) -> Result<Arc<Room>, Refusal> {
        let asked = self.read_closing(params)?;
        let _turn = self.shared.turns.of(id).await;
        let (now, most, operator) = (self.shared.now(), self.shared.settings.limits.rooms, by.accid.clone());
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
                    return tx.close_room(room);
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
            self.put_all_out(&room, by).await?;
        }
        Ok(room)
    }

    /// Closes a room whose moment has come, if it still has.
    pub(super) async fn close_due(&self, id: RoomId) -> Result<(), Refusal> {
        let _turn = self.shared.turns.of(id).await;
        let now = self.shared.now();
        let closed = self
            .shared
            .store
            .change(move |tx| {
                let room = tx.require_room(id)?;
                let due = room.valid && room.closing.due.is_some_and(|due| due <= now);
                if due { tx.close_room(room).map(Some) } else { Ok(None) }
            })
            .await?;
        let Some(room) = closed else { return Ok(()) };
        tracing::info!(room = %id, "room {id} has closed as scheduled");
        self.put_all_out(&room, Operator::server(room.facts.creator.clone())).await
    }

    async fn put_all_out(&self, room: &Room, by: Operator) -> Result<(), Refusal> {
        let notice = Notice::of_room(Event::RoomClosed, self.shared.party(room.id, &by.accid).await?, None);
        let announcement = self.shared.delivery.announcement(room.id, &notice, by.client);
        let last_word = Frame::reply(server::kicked(room.id, KickReason::Closed, None));
        let out = self.shared.registry.empty(room.id, last_word, |time| announcement.frame(time)).await;
        tracing::debug!(room = %room.id, "room {} closed, {} accounts were in it", room.id, out.len());
        self.shared.delivery.announce_unheard(announcement).await;
        Ok(())
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
    fn close_room(&self, mut room: Room) -> Result<Arc<Room>, Refusal> {
        room.valid = false;
        room.closing.due = None;
        self.drop_transient(room.id)?;
        self.put_robots(room, Robots::default())
    }
}
