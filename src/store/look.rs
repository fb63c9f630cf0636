//! What an address can be told of now, as its worker asks for it. Rooms of which there is enough in memory are passed over by the index
//! alone, and bytes have a bound as well as rows.

use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use crate::base::{Millis, RoomId, json};

use super::pending::room;
use super::room::millis;
use super::{Store, StoreError};

const COLUMNS: &str = "number, roomid, sequence, kind, fields, attempts";
const LAST: &str = "SELECT number FROM event WHERE state = 0 AND target = ?1 AND due = 0 ORDER BY number DESC LIMIT 1";
const FRESH: &str = "state = 0 AND target = ?1 AND due = 0 AND number > ?2 AND number <= ?3
    AND roomid NOT IN (SELECT value FROM json_each(?4)) ORDER BY number LIMIT ?5";
const RETRIES: &str =
    "state = 0 AND target = ?1 AND due > 0 AND due <= ?2 AND number NOT IN (SELECT value FROM json_each(?3))
    AND roomid NOT IN (SELECT value FROM json_each(?4)) ORDER BY due, number LIMIT ?5";
const OF_ROOM: &str = "roomid = ?2 AND number >= ?3 AND number <= ?4 AND +state = 0 AND +target = ?1 AND +due = 0
    ORDER BY number LIMIT ?5";
const NEXT_DUE: &str = "SELECT due FROM event WHERE state = 0 AND target = ?1 AND due > ?2 ORDER BY due LIMIT 1";

/// What to look for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Look {
    /// The address.
    pub(crate) target: String,
    /// Fresh ones have numbers beyond this.
    pub(crate) after: i64,
    /// Fresh ones at the most.
    pub(crate) fresh: usize,
    /// Those that were tried before at the most.
    pub(crate) retries: usize,
    /// Bytes of texts, all together; the last text of each kind may go beyond.
    pub(crate) bytes: usize,
    /// Rooms whose fresh ones are passed over.
    pub(crate) full_of_fresh: Vec<Option<RoomId>>,
    /// Rooms whose retries are passed over.
    pub(crate) full_of_retries: Vec<Option<RoomId>>,
    /// Numbers of those that are passed over because they are known.
    pub(crate) held: Vec<i64>,
    /// Rooms of which fresh ones were passed over, and are wanted now.
    pub(crate) rooms: Vec<LookInRoom>,
    /// The present moment.
    pub(crate) now: Millis,
}

/// Fresh events of one room.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LookInRoom {
    /// Which.
    pub(crate) room: Option<RoomId>,
    /// From this number on.
    pub(crate) from: i64,
    /// How many.
    pub(crate) most: usize,
}

/// What there is.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Those that were never tried, in their order.
    pub(crate) fresh: Vec<Pending>,
    /// Up to this number no fresh one is left, but for those that were passed over.
    pub(crate) seen: i64,
    /// There may be more fresh ones.
    pub(crate) more_fresh: bool,
    /// Those to be tried again now, the longest due first.
    pub(crate) retries: Vec<Pending>,
    /// There may be more of them.
    pub(crate) more_retries: bool,
    /// Of each room that was asked for, up to `seen`.
    pub(crate) rooms: Vec<FoundInRoom>,
    /// When the next one is to be tried again.
    pub(crate) next_due: Option<Millis>,
}

/// What there is of one room.
#[derive(Debug)]
pub(crate) struct FoundInRoom {
    /// Which.
    pub(crate) room: Option<RoomId>,
    /// Its fresh events.
    pub(crate) events: Vec<Pending>,
    /// Where it goes on, if it may.
    pub(crate) next: Option<i64>,
}

/// An event to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    /// Its number in the ledger.
    pub(crate) number: i64,
    /// The room it happened in, if it did in one.
    pub(crate) room: Option<RoomId>,
    /// Its number among those of its room for its address.
    pub(crate) sequence: i64,
    /// The number of its type.
    pub(crate) kind: i64,
    /// Its body without what only the ledger knows.
    pub(crate) text: String,
    /// Attempts so far.
    pub(crate) attempts: u32,
}

/// Some events, and whether there may be more.
#[derive(Default)]
struct Page {
    events: Vec<Pending>,
    more: bool,
}

impl Store {
    /// Events of an address that can be sent now.
    pub async fn pending_events(&self, look: Look) -> Result<Found, StoreError> {
        self.read(move |connection| look.find(connection)).await
    }
}

impl Look {
    fn find(&self, connection: &Connection) -> rusqlite::Result<Found> {
        let now = self.now.cast_signed();
        // A third each, so that long texts of one kind leave room for the others.
        let share = self.bytes / 3;
        let (fresh, seen) = self.find_fresh(connection, share)?;
        let retries = self.find_retries(connection, now, share)?;
        let next_due: Option<i64> =
            connection.prepare_cached(NEXT_DUE)?.query_row(params![self.target, now], |row| row.get(0)).optional()?;
        Ok(Found {
            rooms: self.find_in_rooms(connection, seen, share)?,
            fresh: fresh.events,
            more_fresh: fresh.more,
            seen,
            retries: retries.events,
            more_retries: retries.more,
            next_due: next_due.map(millis),
        })
    }

    /// The next page, and the number up to which it goes.
    fn find_fresh(&self, connection: &Connection, bytes: usize) -> rusqlite::Result<(Page, i64)> {
        if self.fresh == 0 {
            return Ok((Page::default(), self.after));
        }
        let last: Option<i64> =
            connection.prepare_cached(LAST)?.query_row([&self.target], |row| row.get(0)).optional()?;
        let last = last.unwrap_or(0).max(self.after);
        let row = params![self.target, self.after, last, rows(&self.full_of_fresh), limit(self.fresh)];
        let page = select(connection, FRESH, row, self.fresh, bytes)?;
        let seen = page.events.last().filter(|_| page.more).map_or(last, |event| event.number);
        Ok((page, seen))
    }

    fn find_retries(&self, connection: &Connection, now: i64, bytes: usize) -> rusqlite::Result<Page> {
        if self.retries == 0 {
            return Ok(Page::default());
        }
        let (held, full) = (json(&self.held), rows(&self.full_of_retries));
        let row = params![self.target, now, held, full, limit(self.retries)];
        select(connection, RETRIES, row, self.retries, bytes)
    }

    fn find_in_rooms(&self, connection: &Connection, seen: i64, bytes: usize) -> rusqlite::Result<Vec<FoundInRoom>> {
        let share = bytes / self.rooms.len().max(1);
        let find = |asked: &LookInRoom| {
            let row = params![self.target, row(asked.room), asked.from, seen, limit(asked.most)];
            let page = select(connection, OF_ROOM, row, asked.most, share)?;
            let next = page.events.last().filter(|_| page.more).map(|last| last.number + 1);
            Ok(FoundInRoom { room: asked.room, events: page.events, next })
        };
        self.rooms.iter().map(find).collect()
    }
}

/// At least one, where there is one.
fn select(
    connection: &Connection,
    condition: &str,
    params: impl Params,
    most: usize,
    bytes: usize,
) -> rusqlite::Result<Page> {
    let mut statement = connection.prepare_cached(&sql(condition))?;
    let (mut page, mut left) = (Page::default(), bytes);
    let mut found = statement.query(params)?;
    while let Some(row) = found.next()? {
        let event = read(row)?;
        left = left.saturating_sub(event.text.len());
        page.events.push(event);
        page.more = left == 0 || page.events.len() >= most;
        if page.more {
            break;
        }
    }
    Ok(page)
}

fn sql(condition: &str) -> String {
    format!("SELECT {COLUMNS} FROM event WHERE {condition}")
}

/// All that is asked again and again.
#[cfg(test)]
pub(super) fn queries() -> Vec<String> {
    let pages = [FRESH, RETRIES, OF_ROOM].map(sql);
    [LAST, NEXT_DUE].map(str::to_owned).into_iter().chain(pages).collect()
}

fn limit(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn row(room: Option<RoomId>) -> i64 {
    room.map_or(0, RoomId::as_row)
}

fn rows(rooms: &[Option<RoomId>]) -> String {
    json(&rooms.iter().map(|room| row(*room)).collect::<Vec<_>>())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Pending> {
    Ok(Pending {
        number: row.get(0)?,
        room: room(row.get(1)?),
        sequence: row.get(2)?,
        kind: row.get(3)?,
        text: row.get(4)?,
        attempts: row.get(5)?,
    })
}
