//! Rooms in the store, with their tag mutes and virtual members.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::base::{Accid, Millis, RoomId};
use crate::model::closing::Policy;
use crate::model::room::{Robot, Robots, TagMute};
use crate::model::{Closing, Facts, Looks, Refusal, Room, Standing};

use super::member::accid;
use super::tx::{Fresh, Tx};
use super::{Store, StoreError, memory};

const SELECT: &str =
    "SELECT roomid, created, valid, muted, creator, name, announcement, broadcasturl, ext, queuelevel, ionotify, bid,
    close_policy, close_seconds, close_started, close_due, queue_size FROM room";

impl Store {
    /// The room, from memory where it was used lately.
    pub async fn room(&self, id: RoomId) -> Result<Option<Arc<Room>>, StoreError> {
        let load = async || Ok(self.read(move |connection| select(connection, id)).await?.map(Arc::new));
        memory::recall(&self.memory.rooms, &id, load).await
    }

    /// The room, which must exist.
    pub async fn require_room(&self, id: RoomId) -> Result<Arc<Room>, Refusal> {
        self.room(id).await?.ok_or(Refusal::NoRoom(id))
    }

    /// Changes a room, which must exist; `change` sees its newest state.
    pub async fn change_room(
        &self,
        id: RoomId,
        change: impl FnOnce(&mut Room) -> Result<(), Refusal> + Send + 'static,
    ) -> Result<Arc<Room>, Refusal> {
        self.change(move |tx| {
            let mut room = tx.require_room(id)?;
            change(&mut room)?;
            tx.put_room(room)
        })
        .await
    }

    /// The open rooms that `creator` made, oldest first.
    pub async fn open_rooms_of(&self, creator: &Accid) -> Result<Vec<RoomId>, StoreError> {
        let creator = creator.clone();
        let sql = "SELECT roomid FROM room WHERE creator = ?1 AND valid = 1 ORDER BY roomid";
        self.read(move |connection| {
            connection
                .prepare_cached(sql)?
                .query_map([creator.as_str()], |row| Ok(RoomId::from_row(row.get(0)?)))?
                .collect()
        })
        .await
    }

    /// The open rooms of this account and of all whose free text is `ex`, oldest first.
    pub async fn open_rooms_made_by(&self, creator: &Accid, ex: &str, most: i64) -> Result<Vec<RoomId>, StoreError> {
        let (creator, ex) = (creator.clone(), ex.to_owned());
        let sql = "SELECT roomid FROM room JOIN user ON accid = creator
            WHERE valid = 1 AND (creator = ?1 OR user.ex = ?2) ORDER BY roomid LIMIT ?3";
        self.read(move |connection| {
            let rows = params![creator.as_str(), ex, most];
            connection.prepare_cached(sql)?.query_map(rows, |row| Ok(RoomId::from_row(row.get(0)?)))?.collect()
        })
        .await
    }

    /// Rooms behind `after`, in order of their numbers; open ones, closed ones or both.
    pub async fn rooms_after(&self, after: i64, valid: Option<bool>, most: i64) -> Result<Vec<RoomId>, StoreError> {
        let sql = "SELECT roomid FROM room WHERE roomid > ?1 AND (?2 IS NULL OR valid = ?2) ORDER BY roomid LIMIT ?3";
        self.read(move |connection| {
            let rows = params![after, valid, most];
            connection.prepare_cached(sql)?.query_map(rows, |row| Ok(RoomId::from_row(row.get(0)?)))?.collect()
        })
        .await
    }

    /// The room that closes next by itself, and when.
    pub async fn next_due(&self) -> Result<Option<(RoomId, Millis)>, StoreError> {
        let sql = "SELECT roomid, close_due FROM room WHERE close_due IS NOT NULL ORDER BY close_due LIMIT 1";
        let read = |row: &Row<'_>| Ok((RoomId::from_row(row.get(0)?), millis(row.get(1)?)));
        self.read(move |connection| connection.prepare_cached(sql)?.query_row([], read).optional()).await
    }
}

impl Tx<'_> {
    /// What counts down in empty rooms begins, where it does not run: all are empty.
    pub fn attend_all(&self, now: Millis) -> Result<(), Refusal> {
        self.connection.execute(
            "UPDATE room SET close_due = ?1 + close_seconds * 1000
             WHERE valid = 1 AND close_policy = ?2 AND close_due IS NULL",
            params![now.cast_signed(), Policy::WhenIdle as i64],
        )?;
        Ok(())
    }

    /// The room.
    pub fn room(&self, id: RoomId) -> Result<Option<Room>, Refusal> {
        Ok(select(self.connection, id)?)
    }

    /// The room, which must exist.
    pub fn require_room(&self, id: RoomId) -> Result<Room, Refusal> {
        self.room(id)?.ok_or(Refusal::NoRoom(id))
    }

    /// Whether there are fewer open rooms than this.
    pub fn has_room_for_one(&self, most: usize) -> Result<bool, Refusal> {
        let skip = i64::try_from(most).unwrap_or(i64::MAX).saturating_sub(1);
        let sql = "SELECT 1 FROM room WHERE valid = 1 LIMIT 1 OFFSET ?1";
        let there: Option<i64> = self.connection.prepare_cached(sql)?.query_row([skip], |row| row.get(0)).optional()?;
        Ok(there.is_none())
    }

    /// Makes a room. Numbers are never used twice.
    pub fn insert_room(&self, facts: Facts, closing: Closing, created: Millis) -> Result<Arc<Room>, Refusal> {
        let sql = "INSERT INTO room (created, valid, creator, name, ext, queuelevel, ionotify) VALUES (?1, 1, ?2, '', '', 0, 1)";
        self.connection.prepare_cached(sql)?.execute(params![created.cast_signed(), facts.creator.as_str()])?;
        let id = RoomId::from_row(self.connection.last_insert_rowid());
        let creator = facts.creator.clone();
        let room = self.put_room(Room::new(id, created, facts, closing))?;
        self.put_standing(id, &creator, Standing::creator(created), created, created)?;
        Ok(room)
    }

    /// Writes a room as it is now, but for its virtual members and tag mutes.
    pub fn put_room(&self, room: Room) -> Result<Arc<Room>, Refusal> {
        let sql = "UPDATE room SET valid = ?2, muted = ?3, name = ?4, announcement = ?5, broadcasturl = ?6, ext = ?7, queuelevel = ?8,
            ionotify = ?9, bid = ?10, close_policy = ?11, close_seconds = ?12, close_started = ?13, close_due = ?14,
            queue_size = ?15 WHERE roomid = ?1";
        let Facts { name, announcement, broadcasturl, ext, queuelevel, in_out_notices, bid, .. } = &room.facts;
        let Closing { policy, seconds, started, due } = room.closing;
        // A closed room counts nothing down.
        let due = due.filter(|_| room.valid).map(u64::cast_signed);
        self.connection.prepare_cached(sql)?.execute(params![
            room.id.as_row(),
            room.valid,
            room.muted,
            name,
            announcement,
            broadcasturl,
            ext,
            queuelevel,
            in_out_notices,
            bid,
            policy as i64,
            seconds,
            started.cast_signed(),
            due,
            room.queue_size
        ])?;
        let room = Arc::new(room);
        self.remember(Fresh::Room(room.clone()));
        Ok(room)
    }

    /// Mutes a tag's bearers until then; a moment that has passed lifts it.
    pub fn put_tag_mute(&self, mut room: Room, mute: TagMute, now: Millis) -> Result<Arc<Room>, Refusal> {
        room.tag_mutes.retain(|other| other.tag != mute.tag && other.until > now);
        self.connection.execute(
            "DELETE FROM tag_mute WHERE roomid = ?1 AND (tag = ?2 OR until <= ?3)",
            params![room.id.as_row(), mute.tag, now.cast_signed()],
        )?;
        if mute.until > now {
            let sql = "INSERT INTO tag_mute (roomid, tag, until) VALUES (?1, ?2, ?3)";
            self.connection.execute(sql, params![room.id.as_row(), mute.tag, mute.until.cast_signed()])?;
            room.tag_mutes.push(mute);
        }
        self.put_room(room)
    }

    /// Takes out a virtual member; `None` where the account is none.
    pub fn take_robot(&self, room: Room, accid: &Accid) -> Result<Option<Arc<Room>>, Refusal> {
        let mut robots = (*room.robots).clone();
        match robots.remove(accid) {
            Some(_) => self.put_robots(room, robots).map(Some),
            None => Ok(None),
        }
    }

    /// Gives a room these virtual members in place of those it has.
    pub fn put_robots(&self, mut room: Room, robots: Robots) -> Result<Arc<Room>, Refusal> {
        for accid in room.robots.keys().filter(|accid| !robots.contains_key(*accid)) {
            let sql = "DELETE FROM robot WHERE roomid = ?1 AND accid = ?2";
            self.connection.prepare_cached(sql)?.execute(params![room.id.as_row(), accid.as_str()])?;
        }
        for (accid, robot) in robots.iter().filter(|(accid, _)| !room.robots.contains_key(*accid)) {
            let sql = "INSERT INTO robot (roomid, accid, nick, avator, ext, entered) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let Robot { looks, entered } = robot;
            let nick = looks.nick.as_deref().unwrap_or_default();
            self.connection.prepare_cached(sql)?.execute(params![
                room.id.as_row(),
                accid.as_str(),
                nick,
                looks.avator,
                looks.ext,
                entered.cast_signed()
            ])?;
        }
        room.robots = Arc::new(robots);
        self.put_room(room)
    }
}

fn select(connection: &Connection, id: RoomId) -> rusqlite::Result<Option<Room>> {
    let sql = format!("{SELECT} WHERE roomid = ?1");
    let room = connection.prepare_cached(&sql)?.query_row([id.as_row()], read).optional()?;
    let Some(mut room) = room else { return Ok(None) };
    room.tag_mutes = select_tag_mutes(connection, id)?;
    room.robots = Arc::new(select_robots(connection, id)?);
    Ok(Some(room))
}

fn select_tag_mutes(connection: &Connection, id: RoomId) -> rusqlite::Result<Vec<TagMute>> {
    let mut statement = connection.prepare_cached("SELECT tag, until FROM tag_mute WHERE roomid = ?1")?;
    let mutes =
        statement.query_map([id.as_row()], |row| Ok(TagMute { tag: row.get(0)?, until: millis(row.get(1)?) }))?;
    mutes.collect()
}

fn select_robots(connection: &Connection, id: RoomId) -> rusqlite::Result<Robots> {
    let sql = "SELECT accid, nick, avator, ext, entered FROM robot WHERE roomid = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let robots = statement.query_map([id.as_row()], |row| {
        let looks = Looks { nick: row.get("nick")?, avator: row.get("avator")?, ext: row.get("ext")? };
        Ok((accid(row, "accid")?, Robot { looks, entered: millis(row.get("entered")?) }))
    })?;
    robots.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Room> {
    let facts = Facts {
        creator: accid(row, "creator")?,
        name: row.get("name")?,
        announcement: row.get("announcement")?,
        broadcasturl: row.get("broadcasturl")?,
        ext: row.get("ext")?,
        queuelevel: row.get("queuelevel")?,
        in_out_notices: row.get("ionotify")?,
        bid: row.get("bid")?,
    };
    let closing = Closing {
        policy: Policy::from_number(row.get("close_policy")?),
        seconds: row.get("close_seconds")?,
        started: millis(row.get("close_started")?),
        due: row.get::<_, Option<i64>>("close_due")?.map(millis),
    };
    let mut room = Room::new(RoomId::from_row(row.get("roomid")?), millis(row.get("created")?), facts, closing);
    room.valid = row.get("valid")?;
    room.muted = row.get("muted")?;
    room.queue_size = row.get("queue_size")?;
    Ok(room)
}

/// A moment as a row keeps it.
pub(super) fn millis(row: i64) -> Millis {
    row.unsigned_abs()
}
