//! How much went on in rooms, in the store.

use rusqlite::{Row, params};

use crate::base::{Millis, RoomId};
use crate::model::Refusal;
use crate::model::activity::{Activity, Order, Period};

use super::room::millis;
use super::{Store, StoreError};

/// How long it is kept: thirty days (section 4.8).
const KEPT_MS: Millis = 30 * 86_400_000;

impl Store {
    /// Adds to what was counted, and forgets what is too old.
    pub async fn keep_activities(&self, activities: Vec<Activity>, now: Millis) -> Result<(), Refusal> {
        let sql = "INSERT INTO activity (period, start, roomid, active, enters, msgs) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT DO UPDATE SET active = active + ?4, enters = enters + ?5, msgs = msgs + ?6";
        self.change(move |tx| {
            for Activity { period, start, room, active, enters, msgs } in activities {
                let [start, active, enters, msgs] = [start, active, enters, msgs].map(u64::cast_signed);
                let row = params![period.number(), start, room.as_row(), active, enters, msgs];
                tx.connection.prepare_cached(sql)?.execute(row)?;
            }
            for period in Period::ALL {
                let oldest = now.saturating_sub(KEPT_MS).cast_signed();
                let sql = "DELETE FROM activity WHERE period = ?1 AND start < ?2";
                tx.connection.prepare_cached(sql)?.execute(params![period.number(), oldest])?;
            }
            Ok(())
        })
        .await
    }

    /// The rooms in which most was counted in the period that began then.
    pub async fn top_activities(
        &self,
        period: Period,
        start: Millis,
        order: Order,
        most: i64,
    ) -> Result<Vec<Activity>, StoreError> {
        let column = match order {
            Order::Active => "active",
            Order::Enter => "enters",
            Order::Message => "msgs",
        };
        let sql = format!(
            "SELECT roomid, active, enters, msgs FROM activity WHERE period = ?1 AND start = ?2
             ORDER BY {column} DESC, roomid LIMIT ?3"
        );
        self.read(move |connection| {
            let read = |row: &Row<'_>| {
                Ok(Activity {
                    period,
                    start,
                    room: RoomId::from_row(row.get("roomid")?),
                    active: millis(row.get("active")?),
                    enters: millis(row.get("enters")?),
                    msgs: millis(row.get("msgs")?),
                })
            };
            let start = i64::try_from(start).unwrap_or(i64::MAX);
            connection.prepare_cached(&sql)?.query_map(params![period.number(), start, most], read)?.collect()
        })
        .await
    }
}
