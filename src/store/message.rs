//! Rooms' histories in the store. Writing is cheap: one row in the order it comes, no wait for the disk.

use rusqlite::{Connection, Row, params};

use crate::base::{Accid, Millis, RoomId};
use crate::model::{Event, Record, Refusal};

use super::member::accid;
use super::room::millis;
use super::thread::Noted;
use super::{Kept, Store, StoreError};

/// After about so many messages of a room it is looked whether it keeps too many.
const TRIM_EVERY: u64 = 1024;

/// Which messages are asked for; bounds are inclusive.
#[derive(Debug, Clone)]
pub(crate) struct HistoryQuery {
    /// Of which room.
    pub(crate) room: RoomId,
    /// Not before.
    pub(crate) from: Millis,
    /// Not after.
    pub(crate) to: Millis,
    /// The oldest first, or the newest.
    pub(crate) ascending: bool,
    /// Of these types; of all where there are none.
    pub(crate) kinds: Vec<i64>,
}

/// A message to be kept.
#[derive(Debug, Clone)]
pub(crate) struct Keep {
    /// It.
    pub(crate) record: Record,
    /// How many its room keeps, the newest.
    pub(crate) most: i64,
    /// It is sent again, and not kept where it stands in the history since then.
    pub(crate) again_since: Option<Millis>,
}

impl Store {
    /// Has a message kept in its order, and the event that tells of it. Waits only while too much waits for the database: what this
    /// returns is ready when the message is there.
    pub async fn record(&self, record: Option<Keep>, event: Option<Event>) -> Result<Kept, StoreError> {
        // An application server is told of messages, whatever happens to this machine.
        let noted = Noted { is_row: record.is_some(), is_event: event.is_some(), syncs: event.is_some() };
        let (ledger, committed) = (self.memory.ledger.clone(), self.memory.ledger.clone());
        let note = move |connection: &Connection| {
            if let Some(keep) = record {
                keep.append(connection)?;
            }
            event.map(|event| super::event::put(connection, &ledger, &event)).transpose()
        };
        self.writer.note(noted, note, move |put| put.iter().for_each(|put| committed.take_in(put))).await
    }

    /// Messages of the past; `keep` says which of those that match, until there are `most`.
    pub async fn history(
        &self,
        query: HistoryQuery,
        most: usize,
        keep: impl Fn(&Record) -> bool + Send + 'static,
    ) -> Result<Vec<Record>, StoreError> {
        self.read(move |connection| select(connection, &query, most, keep)).await
    }

    /// Forgets what one sender said at one moment, notifications too, or only the message with this id: what the gateway itself told
    /// in somebody's name is not theirs to take back.
    pub async fn forget_message(
        &self,
        room: RoomId,
        time: Millis,
        from: Accid,
        msg_id: Option<String>,
    ) -> Result<(), Refusal> {
        let sql = "DELETE FROM message WHERE roomid = ?1 AND time = ?2 AND sender = ?3 AND (?4 IS NULL OR msgid = ?4 AND kind != 5)";
        self.change(move |tx| {
            let rows = params![room.as_row(), time.cast_signed(), from.as_str(), msg_id];
            tx.connection.prepare_cached(sql)?.execute(rows)?;
            Ok(())
        })
        .await
    }

    /// Forgets what is too old or too much in the next rooms behind `after`. Answers where to go on; `None` after the last room.
    pub async fn trim_histories(&self, after: i64, before: Millis, most: i64) -> Result<Option<i64>, Refusal> {
        const ROOMS: i64 = 100;
        let rooms = self.rooms_after(after, None, ROOMS).await?;
        for room in &rooms {
            let room = *room;
            self.change(move |tx| {
                let sql = "DELETE FROM message WHERE roomid = ?1 AND time < ?2";
                tx.connection.prepare_cached(sql)?.execute(params![room.as_row(), before.cast_signed()])?;
                Ok(trim(tx.connection, room, most)?)
            })
            .await?;
        }
        Ok(rooms.last().map(|room| room.as_row()))
    }
}

impl Keep {
    fn append(&self, connection: &Connection) -> rusqlite::Result<()> {
        match self.again_since {
            Some(since) if stands_in(connection, &self.record, since)? => Ok(()),
            _ => append(connection, &self.record, self.most),
        }
    }
}

fn append(connection: &Connection, record: &Record, most: i64) -> rusqlite::Result<()> {
    let sql = "INSERT INTO message (roomid, time, number, msgid, sender, kind, client, body, ext, nick, avator, target)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    connection.prepare_cached(sql)?.execute(params![
        record.room.as_row(),
        record.sendtime.cast_signed(),
        record.number.cast_signed(),
        record.msgid,
        record.from.as_str(),
        record.kind,
        record.fromclienttype,
        record.body,
        record.ext,
        record.nick,
        record.avator,
        record.target
    ])?;
    // A busy room meets these numbers in proportion to what it writes.
    if record.number.is_multiple_of(TRIM_EVERY) { trim(connection, record.room, most) } else { Ok(()) }
}

/// Whether the message is in the history since then.
fn stands_in(connection: &Connection, record: &Record, since: Millis) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM message WHERE roomid = ?1 AND time >= ?2 AND sender = ?3 AND msgid = ?4";
    let wanted = params![record.room.as_row(), since.cast_signed(), record.from.as_str(), record.msgid];
    connection.prepare_cached(sql)?.exists(wanted)
}

/// Leaves a room its newest messages only.
fn trim(connection: &Connection, room: RoomId, most: i64) -> rusqlite::Result<()> {
    let sql = "DELETE FROM message WHERE roomid = ?1 AND (time, number) <=
        (SELECT time, number FROM message WHERE roomid = ?1 ORDER BY time DESC, number DESC LIMIT 1 OFFSET ?2)";
    connection.prepare_cached(sql)?.execute(params![room.as_row(), most])?;
    Ok(())
}

fn select(
    connection: &Connection,
    query: &HistoryQuery,
    most: usize,
    keep: impl Fn(&Record) -> bool,
) -> rusqlite::Result<Vec<Record>> {
    let order = if query.ascending { "ASC" } else { "DESC" };
    let sql = format!(
        "SELECT roomid, time, number, msgid, sender, kind, client, body, ext, nick, avator, target FROM message
         WHERE roomid = ?1 AND time >= ?2 AND time <= ?3 ORDER BY time {order}, number {order}"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let bound = |moment| i64::try_from(moment).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![query.room.as_row(), bound(query.from), bound(query.to)])?;
    let mut records = Vec::new();
    while records.len() < most
        && let Some(row) = rows.next()?
    {
        if !query.kinds.is_empty() && !query.kinds.contains(&row.get("kind")?) {
            continue;
        }
        let record = read(row)?;
        if keep(&record) {
            records.push(record);
        }
    }
    Ok(records)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        room: RoomId::from_row(row.get("roomid")?),
        sendtime: millis(row.get("time")?),
        number: millis(row.get("number")?),
        msgid: row.get("msgid")?,
        from: accid(row, "sender")?,
        kind: row.get("kind")?,
        fromclienttype: row.get("client")?,
        body: row.get("body")?,
        ext: row.get("ext")?,
        nick: row.get("nick")?,
        avator: row.get("avator")?,
        target: row.get("target")?,
    })
}
