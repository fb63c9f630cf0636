//! Rooms' queues in the store: ordered elements with a key each.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::base::{Accid, RoomId};
use crate::model::Refusal;

use super::member::accid;
use super::tx::{Fresh, Tx};
use super::{Store, StoreError};

const SELECT: &str = "SELECT key, value, owner, transient FROM element WHERE roomid = ?1";

/// One element of a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    /// Its name, one of a kind in its queue.
    pub(crate) key: String,
    /// What it holds.
    pub(crate) value: String,
    /// Whose it is.
    pub(crate) owner: Accid,
    /// It leaves with its owner.
    pub(crate) transient: bool,
}

impl Store {
    /// All elements, in order.
    pub async fn queue(&self, room: RoomId) -> Result<Vec<Element>, StoreError> {
        self.read(move |connection| all(connection, room, "ORDER BY place")).await
    }

    /// Whether an account may own elements that leave with it.
    pub fn has_transient(&self, room: RoomId, owner: &Accid) -> bool {
        self.memory.transient_owners.contains(&(room, owner.clone()))
    }
}

impl Tx<'_> {
    /// How many elements there are.
    pub fn queue_length(&self, room: RoomId) -> Result<i64, Refusal> {
        let sql = "SELECT count(*) FROM element WHERE roomid = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([room.as_row()], |row| row.get(0))?)
    }

    /// The element with this key.
    pub fn element(&self, room: RoomId, key: &str) -> Result<Option<Element>, Refusal> {
        let sql = format!("{SELECT} AND key = ?2");
        Ok(self.connection.prepare_cached(&sql)?.query_row(params![room.as_row(), key], read).optional()?)
    }

    /// The first element.
    pub fn queue_head(&self, room: RoomId) -> Result<Option<Element>, Refusal> {
        let sql = format!("{SELECT} ORDER BY place LIMIT 1");
        Ok(self.connection.prepare_cached(&sql)?.query_row([room.as_row()], read).optional()?)
    }

    /// Puts an element in the place of the one with its key, or at the end.
    pub fn put_element(&self, room: RoomId, element: &Element) -> Result<(), Refusal> {
        let sql = "INSERT INTO element (roomid, key, value, owner, transient, place)
            VALUES (?1, ?2, ?3, ?4, ?5, (SELECT ifnull(max(place), 0) + 1 FROM element WHERE roomid = ?1))
            ON CONFLICT (roomid, key) DO UPDATE SET value = ?3, owner = ?4, transient = ?5";
        let Element { key, value, owner, transient } = element;
        self.connection.prepare_cached(sql)?.execute(params![room.as_row(), key, value, owner.as_str(), transient])?;
        if *transient {
            self.remember(Fresh::TransientOwner(room, owner.clone()));
        }
        Ok(())
    }

    /// Takes an element out.
    pub fn remove_element(&self, room: RoomId, key: &str) -> Result<(), Refusal> {
        let sql = "DELETE FROM element WHERE roomid = ?1 AND key = ?2";
        self.connection.prepare_cached(sql)?.execute(params![room.as_row(), key])?;
        Ok(())
    }

    /// Takes all elements out; how many there were.
    pub fn drop_queue(&self, room: RoomId) -> Result<usize, Refusal> {
        Ok(self.connection.prepare_cached("DELETE FROM element WHERE roomid = ?1")?.execute([room.as_row()])?)
    }

    /// Takes out what leaves with `owner`, in order.
    pub fn remove_transient(&self, room: RoomId, owner: &Accid) -> Result<Vec<Element>, Refusal> {
        let elements = all(self.connection, room, "AND transient = 1 ORDER BY place")?;
        let gone: Vec<Element> = elements.into_iter().filter(|element| element.owner == *owner).collect();
        for element in &gone {
            self.remove_element(room, &element.key)?;
        }
        self.remember(Fresh::NoTransientOwner(room, owner.clone()));
        Ok(gone)
    }

    /// Takes out all that leaves with somebody, in order.
    pub fn drop_transient(&self, room: RoomId) -> Result<Vec<Element>, Refusal> {
        let gone = all(self.connection, room, "AND transient = 1 ORDER BY place")?;
        for element in &gone {
            self.remove_element(room, &element.key)?;
            self.remember(Fresh::NoTransientOwner(room, element.owner.clone()));
        }
        Ok(gone)
    }

    /// Rooms with something that leaves with somebody.
    pub fn rooms_with_transient(&self) -> Result<Vec<RoomId>, Refusal> {
        let sql = "SELECT DISTINCT roomid FROM element WHERE transient = 1";
        let mut statement = self.connection.prepare(sql)?;
        let rooms = statement.query_map([], |row| Ok(RoomId::from_row(row.get(0)?)))?;
        Ok(rooms.collect::<rusqlite::Result<_>>()?)
    }
}

fn all(connection: &Connection, room: RoomId, rest: &str) -> rusqlite::Result<Vec<Element>> {
    let sql = format!("{SELECT} {rest}");
    connection.prepare_cached(&sql)?.query_map([room.as_row()], read)?.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Element> {
    Ok(Element {
        key: row.get("key")?,
        value: row.get("value")?,
        owner: accid(row, "owner")?,
        transient: row.get("transient")?,
    })
}
