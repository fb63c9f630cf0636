//! Rooms: made and looked up (server API, section 4).

use std::sync::Arc;

use serde::Serialize;

use crate::base::{Accid, Clock, Params, RoomId};
use crate::model::{NewRoom, Refusal, Room};
use crate::presence::Registry;
use crate::store::Store;

/// The verbs on rooms.
#[derive(Debug)]
pub struct Rooms {
    store: Arc<Store>,
    registry: Arc<Registry>,
    clock: Clock,
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
}

impl<'a> RoomView<'a> {
    /// The object; with the number of members where it is known.
    pub fn of(room: &'a Room, online: Option<usize>) -> RoomView<'a> {
        let facts = &room.facts;
        RoomView {
            roomid: room.id,
            valid: room.valid,
            muted: false,
            announcement: facts.announcement.as_deref(),
            name: &facts.name,
            broadcasturl: facts.broadcasturl.as_deref(),
            ext: &facts.ext,
            creator: &facts.creator,
            queuelevel: facts.queuelevel,
            ionotify: facts.in_out_notices,
            onlineusercount: online,
        }
    }
}

impl Rooms {
    pub(super) fn new(store: Arc<Store>, registry: Arc<Registry>, clock: Clock) -> Rooms {
        Rooms { store, registry, clock }
    }

    /// Makes a room for an existing account.
    pub async fn create(&self, params: &Params) -> Result<Arc<Room>, Refusal> {
        let facts = NewRoom::read(params)?;
        self.store.require_user(&facts.creator).await?;
        Ok(self.store.insert_room(facts, self.clock.wall()).await?)
    }

    /// The room, which must exist.
    pub async fn get(&self, id: RoomId) -> Result<Arc<Room>, Refusal> {
        self.store.require_room(id).await
    }

    /// The oldest room of an account.
    pub async fn first_of(&self, creator: &Accid) -> Result<Option<RoomId>, Refusal> {
        Ok(self.store.first_room_of(creator).await?.map(|room| room.id))
    }

    /// How many accounts are in the room.
    pub fn online(&self, id: RoomId) -> usize {
        self.registry.online(id)
    }

    /// Whether the account may ask for an address to enter the room by.
    pub async fn check_address_request(&self, id: RoomId, accid: &Accid) -> Result<(), Refusal> {
        self.store.require_user(accid).await?;
        self.store.require_room(id).await?.require_open()
    }
}
