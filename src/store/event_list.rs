//! The ledger of events as operators read it.

use std::sync::Arc;

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params_from_iter};

use crate::model::kept_event::shown_target;
use crate::model::{EventQuery, EventState, KeptEvent, event};

use super::ledger::{Ledger, Waiting};
use super::pending::room;
use super::room::millis;
use super::{Store, StoreError};

const COLUMNS: &str = "number, target, roomid, sequence, kind, made, state, attempts, due, tried, result";

impl Store {
    /// What waits for an address, and when something new does.
    pub fn waiting_events(&self, target: &str) -> Arc<Waiting> {
        self.memory.ledger.waiting(target)
    }

    /// The id of the event with this number.
    pub fn event_id(&self, number: i64) -> String {
        self.memory.ledger.id(number)
    }

    /// Events that match, the newest first.
    pub async fn events(&self, query: EventQuery) -> Result<Vec<KeptEvent>, StoreError> {
        let ledger = self.memory.ledger.clone();
        let (sql, values) = statement(&query, &ledger);
        self.read(move |connection| {
            let mut statement = connection.prepare(&sql)?;
            statement.query_map(params_from_iter(values), |row| read(row, &ledger))?.collect()
        })
        .await
    }

    /// The event with this id, and its body as it is sent.
    pub async fn event(&self, id: &str) -> Result<Option<(KeptEvent, String)>, StoreError> {
        let ledger = self.memory.ledger.clone();
        let Some(number) = ledger.number(id) else { return Ok(None) };
        self.read(move |connection| {
            let sql = format!("SELECT {COLUMNS}, fields FROM event WHERE number = ?1");
            let whole = |row: &Row<'_>| {
                let kept = read(row, &ledger)?;
                let body = event::body(&row.get::<_, String>(11)?, &kept.event_id, kept.sequence);
                Ok((kept, body))
            };
            connection.query_row(&sql, [number], whole).optional()
        })
        .await
    }
}

/// Newest first by an index, whatever is asked for; where only an address is, its events are looked for among all.
pub(super) fn statement(query: &EventQuery, ledger: &Ledger) -> (String, Vec<Value>) {
    let (mut sql, mut values) = (format!("SELECT {COLUMNS} FROM event WHERE 1"), Vec::new());
    if let Some(state) = query.state {
        // A room has fewer than a state has, so its index is the better one.
        let plus = if query.room.is_some() { "+" } else { "" };
        sql += &format!(" AND {plus}state = {}", state.number());
    }
    let mut with = |condition: &str, value: Option<Value>| {
        let Some(value) = value else { return };
        sql += condition;
        values.push(value);
    };
    // The plus keeps SQLite from sorting all that waits for an address, where the newest few are wanted.
    with(" AND +target = ?", query.target.clone().map(Value::Text));
    with(" AND roomid = ?", query.room.map(|room| Value::Integer(room.as_row())));
    // Nothing is older than what this ledger never had.
    let after = query.after.as_ref().map(|id| ledger.number(id).unwrap_or(0));
    with(" AND number < ?", after.map(Value::Integer));
    with(" ORDER BY number DESC LIMIT ?", Some(Value::Integer(i64::try_from(query.limit).unwrap_or(i64::MAX))));
    (sql, values)
}

fn read(row: &Row<'_>, ledger: &Ledger) -> rusqlite::Result<KeptEvent> {
    let due: i64 = row.get(8)?;
    let tried: Option<i64> = row.get(9)?;
    Ok(KeptEvent {
        event_id: ledger.id(row.get(0)?),
        env: shown_target(&row.get::<_, String>(1)?).to_owned(),
        roomid: room(row.get(2)?),
        sequence: row.get(3)?,
        event_type: row.get(4)?,
        made: millis(row.get(5)?),
        state: EventState::numbered(row.get(6)?).name(),
        attempts: row.get(7)?,
        due: (due > 0).then(|| millis(due)),
        tried: tried.map(millis),
        result: row.get(10)?,
    })
}
