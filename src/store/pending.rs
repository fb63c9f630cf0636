//! Events that wait to be sent, as whoever sends them marks them, and what is done for all of them. A mark that is lost in a power cut makes an event be sent
//! twice, which receivers are ready for; so no mark waits for the disk.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};

use crate::base::{Millis, RoomId};
use crate::model::{EventState, Refusal};

use super::ledger::{ROW_BYTES, Share};
use super::room::millis;
use super::thread::Noted;
use super::tx::Fresh;
use super::{Kept, Store, StoreError};

pub(super) const OLDEST_FRESH: &str =
    "SELECT made FROM event WHERE state = 0 AND target = ?1 AND due = 0 ORDER BY number LIMIT 1";
pub(super) const OLDEST_TRIED: &str = "SELECT min(made) FROM
    (SELECT made FROM event WHERE state = 0 AND target = ?1 AND due > 0 ORDER BY due LIMIT ?2)";
pub(super) const STRAYS: &str = "SELECT target, count(*), sum(octet_length(fields) + ?2) FROM event
    WHERE state = 0 AND target NOT IN (SELECT value FROM json_each(?1)) GROUP BY target";
pub(super) const ADOPT: &str =
    "UPDATE event SET target = '' WHERE state = 0 AND target NOT IN (SELECT value FROM json_each(?1))";
pub(super) const BEYOND: &str = "SELECT number FROM event WHERE state = 1 ORDER BY number DESC LIMIT 1 OFFSET ?1";
pub(super) const FORGET: &str = "DELETE FROM event WHERE number IN
    (SELECT number FROM event WHERE state = 1 AND number <= ?1 ORDER BY number LIMIT ?2)";
pub(super) const MARK: &str = "UPDATE event SET state = ?1, attempts = ?2, due = ?3, tried = ?4, result = ?5
    WHERE number = ?6 AND state = 0";
/// Rows whose age is looked at, the next to be tried again; those that are fresh are in order.
const AGED: i64 = 10_000;
/// Delivered events that are forgotten at a time.
const FORGOTTEN: i64 = 1000;

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
    /// Marks what came of attempts for one address. Ready when that is written, with true.
    pub async fn mark_events(&self, target: &str, marks: Arc<Vec<Mark>>) -> Result<Kept, StoreError> {
        let (ledger, target) = (self.memory.ledger.clone(), target.to_owned());
        let note = move |connection: &Connection| {
            let mut settled = Vec::new();
            for mark in marks.iter() {
                if mark.write(connection)? && !matches!(mark.fate, Fate::Later(_)) {
                    settled.push((mark.text_bytes, mark.fate == Fate::Dead));
                }
            }
            Ok(settled)
        };
        let committed = move |settled: Vec<(u64, bool)>| {
            settled.into_iter().for_each(|(bytes, is_dead)| ledger.settled(&target, bytes, is_dead));
        };
        self.writer.note(Noted::MARK, note, committed).await
    }

    /// When the oldest event happened that waits for an address.
    pub async fn oldest_event(&self, target: &str) -> Result<Option<Millis>, StoreError> {
        let target = target.to_owned();
        self.read(move |connection| {
            let fresh: Option<i64> =
                connection.prepare_cached(OLDEST_FRESH)?.query_row([&target], |row| row.get(0)).optional()?;
            let tried: Option<i64> =
                connection.prepare_cached(OLDEST_TRIED)?.query_row(params![target, AGED], |row| row.get(0))?;
            Ok(fresh.into_iter().chain(tried).min().map(millis))
        })
        .await
    }

    /// What waits for addresses other than these: their names, and how many there are for each.
    pub async fn stray_events(&self, known: Vec<String>) -> Result<Vec<(String, i64)>, StoreError> {
        self.read(move |connection| {
            let known = crate::base::json(&known);
            let mut statement = connection.prepare(STRAYS)?;
            statement.query_map(params![known, 0], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
        .await
    }

    /// Gives what waits for addresses other than these to the main one. Answers how many there were.
    pub async fn adopt_events(&self, known: Vec<String>) -> Result<i64, Refusal> {
        self.change(move |tx| {
            let known = crate::base::json(&known);
            let mut statement = tx.connection.prepare(STRAYS)?;
            let strays = statement.query_map(params![known, ROW_BYTES.cast_signed()], |row| {
                let (target, count) = (row.get(0)?, row.get(1)?);
                let bytes = row.get::<_, i64>(2)?.unsigned_abs();
                Ok(Share { target, state: EventState::Pending, count, bytes })
            })?;
            let strays: Vec<Share> = strays.collect::<rusqlite::Result<_>>()?;
            let count = strays.iter().map(|strays| strays.count).sum();
            if count > 0 {
                tx.connection.execute(ADOPT, [known])?;
            }
            strays.into_iter().for_each(|strays| tx.remember(Fresh::EventsAdopted(strays)));
            Ok(count)
        })
        .await
    }

    /// The number of the newest delivered event beyond the newest so many; `None` where there are not more.
    pub async fn delivered_beyond(&self, keep: u32) -> Result<Option<i64>, StoreError> {
        self.read(move |connection| connection.prepare_cached(BEYOND)?.query_row([keep], |row| row.get(0)).optional())
            .await
    }

    /// Forgets some delivered events up to a number, the oldest. Ready when they are gone, with true.
    pub async fn forget_delivered(&self, last: i64) -> Result<Kept, StoreError> {
        let forget =
            move |connection: &Connection| connection.prepare_cached(FORGET)?.execute(params![last, FORGOTTEN]);
        self.writer.note(Noted::MARK, forget, |_| ()).await
    }
}

impl Mark {
    /// Answers whether the event was still waiting.
    fn write(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let (state, due) = match self.fate {
            Fate::Delivered => (EventState::Delivered, 0),
            Fate::Later(due) => (EventState::Pending, due.max(1)),
            Fate::Dead => (EventState::Dead, 0),
        };
        let (due, tried) = (due.cast_signed(), self.tried.cast_signed());
        let row = params![state.number(), self.attempts, due, tried, self.result, self.number];
        Ok(connection.prepare_cached(MARK)?.execute(row)? > 0)
    }
}

/// Events of no room have 0 for it.
pub(super) fn room(row: i64) -> Option<RoomId> {
    (row != 0).then(|| RoomId::from_row(row))
}
