//! Rooms in the store.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::base::{Accid, Millis, RoomId};
use crate::model::{NewRoom, Refusal, Room};

use super::{Store, StoreError};

const SELECT: &str = "SELECT roomid, created, valid, creator, name, announcement, broadcasturl, ext, queuelevel, ionotify, bid FROM room";

impl Store {
    /// The room, from memory where it was used lately.
    pub async fn room(&self, id: RoomId) -> Result<Option<Arc<Room>>, StoreError> {
        if let Some(room) = self.rooms.get(&id) {
            return Ok(Some(room));
        }
        // As with accounts: one reader loads it, and gives way to a writer.
        let guard = match self.rooms.get_value_or_guard_async(&id).await {
            Ok(room) => return Ok(Some(room)),
            Err(guard) => guard,
        };
        let room = self.read(move |connection| select(connection, id)).await?.map(Arc::new);
        if let Some(room) = &room {
            let _ = guard.insert(room.clone());
        }
        Ok(room)
    }

    /// The room, which must exist.
    pub async fn require_room(&self, id: RoomId) -> Result<Arc<Room>, Refusal> {
        self.room(id).await?.ok_or(Refusal::NoRoom(id))
    }

    /// Makes a room. Numbers are never used twice.
    pub async fn insert_room(&self, facts: NewRoom, created: Millis) -> Result<Arc<Room>, StoreError> {
        let cache = self.rooms.clone();
        let insert = move |connection: &Connection| {
            let id = insert(connection, &facts, created)?;
            Ok(Arc::new(Room { id, created, valid: true, facts }))
        };
        let committed = move |room: &Arc<Room>| cache.insert(room.id, room.clone());
        self.writer.write(insert, committed).await
    }

    /// The oldest room that `creator` made.
    pub async fn first_room_of(&self, creator: &Accid) -> Result<Option<Room>, StoreError> {
        let creator = creator.clone();
        let sql = format!("{SELECT} WHERE creator = ?1 ORDER BY roomid LIMIT 1");
        self.read(move |connection| connection.query_row(&sql, [creator.as_str()], read).optional()).await
    }
}

fn insert(connection: &Connection, facts: &NewRoom, created: Millis) -> rusqlite::Result<RoomId> {
    let sql = "INSERT INTO room
        (created, valid, creator, name, announcement, broadcasturl, ext, queuelevel, ionotify, bid)
        VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    connection.prepare_cached(sql)?.execute(params![
        created.cast_signed(),
        facts.creator.as_str(),
        facts.name,
        facts.announcement,
        facts.broadcasturl,
        facts.ext,
        facts.queuelevel,
        facts.in_out_notices,
        facts.bid
    ])?;
    Ok(RoomId::from_row(connection.last_insert_rowid()))
}

fn select(connection: &Connection, id: RoomId) -> rusqlite::Result<Option<Room>> {
    let sql = format!("{SELECT} WHERE roomid = ?1");
    connection.prepare_cached(&sql)?.query_row([id.as_row()], read).optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Room> {
    let creator: String = row.get("creator")?;
    let creator = Accid::parse("creator", &creator)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error)))?;
    Ok(Room {
        id: RoomId::from_row(row.get("roomid")?),
        created: row.get::<_, i64>("created")?.unsigned_abs(),
        valid: row.get("valid")?,
        facts: NewRoom {
            creator,
            name: row.get("name")?,
            announcement: row.get("announcement")?,
            broadcasturl: row.get("broadcasturl")?,
            ext: row.get("ext")?,
            queuelevel: row.get("queuelevel")?,
            in_out_notices: row.get("ionotify")?,
            bid: row.get("bid")?,
        },
    })
}
