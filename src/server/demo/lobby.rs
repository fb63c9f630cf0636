//! The demo's rooms: those of its own account, and those that its guests made.

use std::sync::Arc;

use hyper::Response;
use hyper::body::Incoming;
use hyper::http::request::Parts;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::base::{Accid, Invalid, RoomId, limits};
use crate::model::{Refusal, Room};
use crate::server::Content;
use crate::service::Services;

use super::guests::{Guests, MARK, form};
use super::{Demo, answer, body};

/// Made on the first start; the first is the one that the printed command sends to.
const ROOMS: [(&str, &str); 3] = [
    ("Demo room", "Everybody comes in here."),
    ("Lounge", "A second room: what is said here stays here."),
    ("Support desk", "Ask something, and have the server answer you alone."),
];

#[derive(Debug)]
pub(super) struct Lobby {
    services: Arc<Services>,
    owner: Accid,
    first: RoomId,
    /// Held by who makes a room, from counting them to having one more.
    making: Semaphore,
}

#[derive(Serialize)]
struct Listed<'a> {
    roomid: String,
    name: &'a str,
    announcement: &'a str,
    owner: &'a Accid,
    online: usize,
}

#[derive(Serialize)]
struct List<'a> {
    rooms: Vec<Listed<'a>>,
}

#[derive(Deserialize)]
struct Making {
    name: String,
}

impl Lobby {
    /// Makes what is missing of the demo's own rooms, which are `owner`'s.
    pub(super) async fn open(services: Arc<Services>, owner: Accid) -> Result<Lobby, Refusal> {
        let ids = services.rooms.open_of(&owner).await?;
        let mut rooms = services.rooms.find(&ids).await?;
        for (name, announcement) in ROOMS {
            // Its owner may have given them other names.
            if rooms.len() < ROOMS.len() && named(&rooms, name).is_none() {
                let room = form(&[("creator", owner.as_str()), ("name", name), ("announcement", announcement)]);
                rooms.push(services.rooms.create(&room).await?);
            }
        }
        let first = named(&rooms, ROOMS[0].0).or(rooms.first()).map_or(RoomId::NONE, |room| room.id);
        Ok(Lobby { services, owner, first, making: Semaphore::new(1) })
    }

    pub(super) fn first(&self) -> RoomId {
        self.first
    }

    /// The open ones, the oldest first.
    async fn open_rooms(&self) -> Result<Vec<Arc<Room>>, Refusal> {
        self.services.rooms.open_made_by(&self.owner, MARK, limits::DEMO_ROOMS as i64).await
    }

    /// `GET /demo/rooms`
    pub(super) async fn list_rooms(&self) -> Result<Response<Content>, Refusal> {
        let rooms = self.open_rooms().await?;
        let rooms = rooms.iter().map(|room| Listed::of(room, self.services.rooms.online(room))).collect();
        Ok(answer::done(&List { rooms }))
    }

    /// The room, which must be one of the demo's: its creator is.
    pub(super) async fn require(&self, room: RoomId, guests: &Guests) -> Result<RoomId, Refusal> {
        match guests.knows(&self.services.rooms.get(room).await?.facts.creator).await? {
            true => Ok(room),
            false => Err(Refusal::Forbidden(format!("room {room} is not a room of the demo"))),
        }
    }

    /// Makes a room of a guest's, which closes when nobody has been in it for a while.
    async fn make(&self, creator: &Accid, name: &str) -> Result<RoomId, Refusal> {
        let _making = self.making.acquire().await.map_err(|_| Refusal::stopping())?;
        if self.open_rooms().await?.len() >= limits::DEMO_ROOMS {
            let most = limits::DEMO_ROOMS;
            return Err(Refusal::TooMany(format!("the demo has {most} open rooms, try again when one has closed")));
        }
        let idle = limits::DEMO_ROOM_IDLE_SECONDS.to_string();
        let closing = self.services.settings.rooms.scheduled_closing;
        let closing = if closing { &[("delayClosePolicy", "2"), ("delaySeconds", &idle)][..] } else { &[] };
        let room = form(&[&[("creator", creator.as_str()), ("name", name)], closing].concat());
        Ok(self.services.rooms.create(&room).await?.id)
    }
}

/// `POST /demo/rooms`
pub(super) async fn make_room(demo: &Demo, head: &Parts, body: Incoming) -> Result<Response<Content>, Refusal> {
    let creator = demo.guests.asking(&head.headers).await?;
    let making: Making = body::read(body, body::SMALL, "{\"name\": \"…\"}", &demo.services.clock).await?;
    let name = making.name.trim();
    if name.chars().any(char::is_control) {
        return Err(Invalid::value("name", "a name without control characters", name).into());
    }
    let room = demo.lobby.make(&creator, name).await?;
    Ok(answer::done(&serde_json::json!({ "roomid": room.to_string() })))
}

impl Listed<'_> {
    fn of(room: &Room, online: usize) -> Listed<'_> {
        Listed {
            roomid: room.id.to_string(),
            name: &room.facts.name,
            announcement: room.facts.announcement.as_deref().unwrap_or_default(),
            owner: &room.facts.creator,
            online,
        }
    }
}

fn named<'a>(rooms: &'a [Arc<Room>], name: &str) -> Option<&'a Arc<Room>> {
    rooms.iter().find(|room| room.facts.name == name)
}
