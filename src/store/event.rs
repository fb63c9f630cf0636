//! Events that an application server is to be told, in the store: each written in the transaction of what it tells of.

use rusqlite::{Connection, OptionalExtension, params};

use crate::base::RoomId;
use crate::model::{Event, EventState, Refusal};

use super::ledger::{Ledger, Put, ROW_BYTES, Share};
use super::thread::Noted;
use super::tx::{Fresh, Tx};
use super::{Kept, Store, StoreError};

impl Store {
    /// Has an event kept that tells of nothing else in the database. Waits only while too much waits for it: what this returns is ready
    /// when the event is there. It survives the death of this process, not that of the machine.
    pub async fn note_event(&self, event: Event) -> Result<Kept, StoreError> {
        let (ledger, memory) = (self.memory.ledger.clone(), self.memory.ledger.clone());
        self.writer
            .note(Noted::EVENT, move |connection| put(connection, &ledger, &event), move |put| memory.take_in(&put))
            .await
    }
}

impl Tx<'_> {
    /// Has the event kept together with what else is written.
    pub fn put_event(&self, event: &Event) -> Result<(), Refusal> {
        let put = put(self.connection, self.ledger, event)?;
        self.remember(Fresh::Event(put));
        Ok(())
    }
}

/// Writes an event, or only counts its number where there is no room for it, so that its receiver sees that one is missing.
pub(super) fn put(connection: &Connection, ledger: &Ledger, event: &Event) -> rusqlite::Result<Put> {
    let room = event.room.map_or(0, RoomId::as_row);
    let count = "INSERT INTO event_sequence (target, roomid, last) VALUES (?1, ?2, 1)
        ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last";
    let sequence: i64 = connection.prepare_cached(count)?.query_row(params![event.target, room], |row| row.get(0))?;
    let text = event.text();
    let put = ledger.weigh(event, &text);
    if put.kept {
        let sql = "INSERT INTO event (target, roomid, sequence, kind, made, fields, state, attempts, due)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0)";
        let row = params![event.target, room, sequence, event.kind as i64, event.made.cast_signed(), text];
        connection.prepare_cached(sql)?.execute(row)?;
    }
    Ok(put)
}

/// The ledger's name.
pub(super) fn name(connection: &Connection) -> rusqlite::Result<String> {
    let name = connection.query_row("SELECT name FROM ledger", [], |row| row.get(0)).optional()?;
    Ok(name.unwrap_or_default())
}

/// Tells the ledger what waits already, and what was given up on.
pub(super) fn count(connection: &Connection, ledger: &Ledger) -> rusqlite::Result<()> {
    let sql = "SELECT target, state, count(*), sum(octet_length(fields) + ?1) FROM event WHERE state IN (0, 2)
        GROUP BY target, state";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([ROW_BYTES.cast_signed()])?;
    while let Some(row) = rows.next()? {
        let bytes = row.get::<_, i64>(3)?.unsigned_abs();
        let (target, state) = (row.get(0)?, EventState::numbered(row.get(1)?));
        ledger.came(&Share { target, state, count: row.get(2)?, bytes });
    }
    Ok(())
}
