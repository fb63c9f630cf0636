//! Standings in the store: what rooms have recorded of accounts.

use std::sync::{Arc, LazyLock};

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::base::{Accid, Millis, RoomId, limits};
use crate::model::standing::{Limit, Role};
use crate::model::{Looks, Refusal, Standing};

use super::room::millis;
use super::tx::{Fresh, Tx};
use super::{Store, StoreError, memory};

const SELECT: &str = "SELECT accid, role, muted_until, nick, avator, ext, since FROM member WHERE roomid = ?1";

/// How roles are kept. The numbers are our own and never change.
const ROLES: [(i64, Role); 7] = [
    (0, Role::Guest),
    (1, Role::Common),
    (2, Role::Creator),
    (3, Role::Manager),
    (4, Role::Limited(Limit::Blocked)),
    (5, Role::Limited(Limit::Muted)),
    (6, Role::Limited(Limit::Both)),
];

/// The standing of most: shared, since many are remembered.
static GUEST: LazyLock<Arc<Standing>> = LazyLock::new(Arc::default);

/// An account and its standing.
pub(crate) type MemberRow = (Accid, Standing);

impl Store {
    /// An account's standing in a room, from memory where it was used lately. Of whom nothing is recorded is a guest.
    pub async fn standing(&self, room: RoomId, accid: &Accid) -> Result<Arc<Standing>, StoreError> {
        let load = async || {
            let wanted = accid.clone();
            let found = self.read(move |connection| select(connection, room, &wanted)).await?;
            Ok(Some(found.map_or_else(|| GUEST.clone(), Arc::new)))
        };
        let key = (room, accid.clone());
        Ok(memory::recall(&self.memory.standings, &key, load).await?.unwrap_or_default())
    }

    /// All that a room has recorded of accounts: its fixed members, and whoever is muted for a time.
    pub async fn standings_of(&self, room: RoomId, now: Millis) -> Result<Vec<MemberRow>, StoreError> {
        let sql = format!("{SELECT} AND (role != 0 OR muted_until > ?2)");
        self.read(move |connection| {
            let rows = params![room.as_row(), now.cast_signed()];
            connection.prepare_cached(&sql)?.query_map(rows, |row| Ok((accid(row, "accid")?, read(row)?)))?.collect()
        })
        .await
    }
}

impl Tx<'_> {
    /// An account's standing in a room.
    pub fn standing(&self, room: RoomId, accid: &Accid) -> Result<Standing, Refusal> {
        Ok(select(self.connection, room, accid)?.unwrap_or_default())
    }

    /// Writes a standing as it is now. Who becomes a fixed member is so since `moment`, which may lie ahead of now, or later; who is none any more keeps no looks.
    pub fn put_standing(
        &self,
        room: RoomId,
        accid: &Accid,
        mut standing: Standing,
        moment: Millis,
        now: Millis,
    ) -> Result<Arc<Standing>, Refusal> {
        if standing.role.is_fixed() && standing.since == 0 {
            standing.since = self.fixed_since(room, moment)?;
        }
        if !standing.role.is_fixed() {
            (standing.since, standing.looks) = (0, Looks::default());
        }
        if standing.is_nothing(now) {
            let sql = "DELETE FROM member WHERE roomid = ?1 AND accid = ?2";
            self.connection.prepare_cached(sql)?.execute(params![room.as_row(), accid.as_str()])?;
        } else {
            self.write_standing(room, accid, &standing)?;
        }
        let standing = Arc::new(standing);
        self.remember(Fresh::Standing(room, accid.clone(), standing.clone()));
        Ok(standing)
    }

    fn write_standing(&self, room: RoomId, accid: &Accid, standing: &Standing) -> Result<(), Refusal> {
        let sql = "INSERT OR REPLACE INTO member (roomid, accid, role, muted_until, nick, avator, ext, since)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let Looks { nick, avator, ext } = &standing.looks;
        self.connection.prepare_cached(sql)?.execute(params![
            room.as_row(),
            accid.as_str(),
            ROLES.iter().find_map(|&(number, role)| (role == standing.role).then_some(number)),
            standing.muted_until.cast_signed(),
            nick,
            avator,
            ext,
            standing.since.cast_signed()
        ])?;
        Ok(())
    }

    /// The moment at which one more becomes a fixed member: that one, but later than those before it. Refused where there are too many.
    fn fixed_since(&self, room: RoomId, moment: Millis) -> Result<Millis, Refusal> {
        let sql = "SELECT count(*), max(since) FROM member WHERE roomid = ?1 AND role != 0";
        let (count, last): (i64, Option<i64>) =
            self.connection.prepare_cached(sql)?.query_row([room.as_row()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if count >= limits::FIXED_MEMBERS {
            let most = limits::FIXED_MEMBERS;
            return Err(Refusal::TooMany(format!(
                "room {room} has {most} fixed members already, the most there may be"
            )));
        }
        Ok(moment.max(last.map_or(0, |last| millis(last) + 1)))
    }

    /// Mutes that have ended need no row.
    pub fn forget_ended_mutes(&self, now: Millis) -> Result<(), Refusal> {
        let sql = "DELETE FROM member WHERE role = 0 AND muted_until <= ?1 AND nick IS NULL AND avator IS NULL AND ext IS NULL";
        self.connection.execute(sql, [now.cast_signed()])?;
        Ok(())
    }
}

fn select(connection: &Connection, room: RoomId, accid: &Accid) -> rusqlite::Result<Option<Standing>> {
    let sql = format!("{SELECT} AND accid = ?2");
    connection.prepare_cached(&sql)?.query_row(params![room.as_row(), accid.as_str()], read).optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Standing> {
    let number: i64 = row.get("role")?;
    Ok(Standing {
        role: ROLES.iter().find_map(|&(known, role)| (known == number).then_some(role)).unwrap_or_default(),
        muted_until: millis(row.get("muted_until")?),
        looks: Looks { nick: row.get("nick")?, avator: row.get("avator")?, ext: row.get("ext")? },
        since: millis(row.get("since")?),
    })
}

/// The account in a column.
pub(super) fn accid(row: &Row<'_>, column: &'static str) -> rusqlite::Result<Accid> {
    let text: String = row.get(column)?;
    Accid::parse(column, &text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error)))
}
