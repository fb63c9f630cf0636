//! Events that wait to be sent, as whoever sends them reads and marks them. A mark that is lost in a power cut makes an event be sent
//! twice, which receivers are ready for; so no mark waits for the disk.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use crate::base::{Millis, RoomId};
use crate::model::{EventState, Refusal};

use super::ledger::ROW_BYTES;
use super::room::millis;
use super::tx::Fresh;
use super::{Kept, Store, StoreError};

const SELECT: &str =
    "SELECT number, roomid, sequence, kind, fields, attempts FROM event WHERE state = 0 AND target = ?1";
/// Rows whose age is looked at, the next to be tried again; those that are fresh are in order.
const AGED: i64 = 10_000;
/// Delivered events that are forgotten at a time.
const FORGOTTEN: i64 = 1000;

/// What to look for.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    /// The address.
    pub(crate) target: String,
    /// Fresh ones have numbers beyond this.
    pub(crate) after: i64,
    /// Fresh ones at the most.
    pub(crate) fresh: usize,
    /// Those that were tried before at the most.
    pub(crate) retries: usize,
    /// Rooms of which fresh ones up to `after` were left out.
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
    /// Those to be tried again now, the longest due first.
    pub(crate) retries: Vec<Pending>,
    /// Of each room that was asked for.
    pub(crate) rooms: Vec<(LookInRoom, Vec<Pending>)>,
    /// When the next one is to be tried again.
    pub(crate) next_due: Option<Millis>,
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

/// What came of an attempt.
#[derive(Debug)]
pub(crate) struct Mark {
    /// Of which event.
    pub(crate) number: i64,
    /// The bytes of its text.
    pub(crate) text_bytes: u64,
    /// Attempts so far.
    pub(crate) attempts: u32,
    /// When that was.
    pub(crate) tried: Millis,
    /// What the receiver said, or why nothing came.
    pub(crate) result: String,
    /// What becomes of the event.
    pub(crate) fate: Fate,
}

/// What becomes of an event that was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Its receiver has it.
    Delivered,
    /// It is tried again at this moment.
    Later(Millis),
    /// It is given up on.
    Dead,
}

impl Store {
    /// Events of an address that can be sent now.
    pub async fn pending_events(&self, look: Look) -> Result<Found, StoreError> {
        self.read(move |connection| find(connection, &look)).await
    }

    /// Marks what came of attempts for one address. Ready when that is written, with true.
    pub async fn mark_events(&self, target: &str, marks: Arc<Vec<Mark>>) -> Result<Kept, StoreError> {
        let (ledger, target) = (self.memory.ledger.clone(), target.to_owned());
        let note = move |connection: &Connection| {
            let mut settled = Vec::new();
            for mark in marks.iter() {
                if mark.write(connection)? && !matches!(mark.fate, Fate::Later(_)) {
                    settled.push(mark.text_bytes);
                }
            }
            Ok(settled)
        };
        let committed = move |settled: Vec<u64>| settled.into_iter().for_each(|bytes| ledger.settled(&target, bytes));
        self.writer.note(false, note, committed).await
    }

    /// When the oldest event happened that waits for an address.
    pub async fn oldest_event(&self, target: &str) -> Result<Option<Millis>, StoreError> {
        let target = target.to_owned();
        self.read(move |connection| {
            let fresh = "SELECT made FROM event WHERE state = 0 AND target = ?1 AND due = 0 ORDER BY number LIMIT 1";
            let fresh: Option<i64> =
                connection.prepare_cached(fresh)?.query_row([&target], |row| row.get(0)).optional()?;
            let tried = "SELECT min(made) FROM
                (SELECT made FROM event WHERE state = 0 AND target = ?1 AND due > 0 ORDER BY due LIMIT ?2)";
            let tried: Option<i64> =
                connection.prepare_cached(tried)?.query_row(params![target, AGED], |row| row.get(0))?;
            Ok(fresh.into_iter().chain(tried).min().map(millis))
        })
        .await
    }

    /// Gives what waits for addresses other than these to the main one. Answers how many there were.
    pub async fn adopt_events(&self, known: Vec<String>) -> Result<i64, Refusal> {
        self.change(move |tx| {
            let known = crate::base::json(&known);
            let others = "state = 0 AND target NOT IN (SELECT value FROM json_each(?1))";
            let sql = format!(
                "SELECT target, count(*), sum(length(CAST(fields AS BLOB)) + ?2) FROM event WHERE {others} GROUP BY target"
            );
            let mut statement = tx.connection.prepare(&sql)?;
            let strays = statement.query_map(params![known, ROW_BYTES.cast_signed()], |row| {
                Ok(Strays { target: row.get(0)?, count: row.get(1)?, bytes: row.get::<_, i64>(2)?.unsigned_abs() })
            })?;
            let strays: Vec<Strays> = strays.collect::<rusqlite::Result<_>>()?;
            let count = strays.iter().map(|strays| strays.count).sum();
            if count > 0 {
                tx.connection.execute(&format!("UPDATE event SET target = '' WHERE {others}"), [known])?;
            }
            strays.into_iter().for_each(|strays| tx.remember(Fresh::EventsAdopted(strays)));
            Ok(count)
        })
        .await
    }

    /// The number of the newest delivered event beyond the newest so many; `None` where there are not more.
    pub async fn delivered_beyond(&self, keep: u32) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT number FROM event WHERE state = 1 ORDER BY number DESC LIMIT 1 OFFSET ?1";
        self.read(move |connection| connection.prepare_cached(sql)?.query_row([keep], |row| row.get(0)).optional())
            .await
    }

    /// Forgets some delivered events up to a number, the oldest. Ready when they are gone, with true.
    pub async fn forget_delivered(&self, last: i64) -> Result<Kept, StoreError> {
        let sql = "DELETE FROM event WHERE number IN
            (SELECT number FROM event WHERE state = 1 AND number <= ?1 ORDER BY number LIMIT ?2)";
        let forget = move |connection: &Connection| connection.prepare_cached(sql)?.execute(params![last, FORGOTTEN]);
        self.writer.note(false, forget, |_| ()).await
    }
}

/// What waits for an address that is not there any more.
#[derive(Debug)]
pub(super) struct Strays {
    pub(super) target: String,
    pub(super) bytes: u64,
    pub(super) count: i64,
}

impl Mark {
    /// Answers whether the event was still waiting.
    fn write(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let (state, due) = match self.fate {
            Fate::Delivered => (EventState::Delivered, 0),
            Fate::Later(due) => (EventState::Pending, due.max(1)),
            Fate::Dead => (EventState::Dead, 0),
        };
        let sql = "UPDATE event SET state = ?1, attempts = ?2, due = ?3, tried = ?4, result = ?5
            WHERE number = ?6 AND state = 0";
        let (due, tried) = (due.cast_signed(), self.tried.cast_signed());
        let row = params![state.number(), self.attempts, due, tried, self.result, self.number];
        Ok(connection.prepare_cached(sql)?.execute(row)? > 0)
    }
}

fn find(connection: &Connection, look: &Look) -> rusqlite::Result<Found> {
    let now = look.now.cast_signed();
    let fresh = format!("{SELECT} AND due = 0 AND number > ?2 ORDER BY number LIMIT ?3");
    let retries = format!("{SELECT} AND due > 0 AND due <= ?2 ORDER BY due, number LIMIT ?3");
    let next = "SELECT due FROM event WHERE state = 0 AND target = ?1 AND due > ?2 ORDER BY due LIMIT 1";
    let next_due: Option<i64> =
        connection.prepare_cached(next)?.query_row(params![look.target, now], |row| row.get(0)).optional()?;
    Ok(Found {
        fresh: select(connection, &fresh, params![look.target, look.after, most(look.fresh)])?,
        retries: select(connection, &retries, params![look.target, now, most(look.retries)])?,
        rooms: look.rooms.iter().map(|room| find_in_room(connection, look, *room)).collect::<Result<_, _>>()?,
        next_due: next_due.map(millis),
    })
}

fn find_in_room(
    connection: &Connection,
    look: &Look,
    room: LookInRoom,
) -> rusqlite::Result<(LookInRoom, Vec<Pending>)> {
    let sql = format!("{SELECT} AND due = 0 AND roomid = ?2 AND number BETWEEN ?3 AND ?4 ORDER BY number LIMIT ?5");
    let place = room.room.map_or(0, RoomId::as_row);
    let found = select(connection, &sql, params![look.target, place, room.from, look.after, most(room.most)])?;
    Ok((room, found))
}

fn select(connection: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<Vec<Pending>> {
    connection.prepare_cached(sql)?.query_map(params, read)?.collect()
}

fn most(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
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

/// Events of no room have 0 for it.
pub(super) fn room(row: i64) -> Option<RoomId> {
    (row != 0).then(|| RoomId::from_row(row))
}
