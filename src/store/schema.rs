//! The tables, and how an older file becomes a newer one.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// Each step leads from the version of its index to the next. Steps are only ever added.
const STEPS: [&str; 1] = ["
    CREATE TABLE user (
        accid  TEXT PRIMARY KEY,
        token  BLOB NOT NULL,
        name   TEXT NOT NULL,
        icon   TEXT NOT NULL,
        sign   TEXT NOT NULL,
        email  TEXT NOT NULL,
        birth  TEXT NOT NULL,
        mobile TEXT NOT NULL,
        gender INTEGER NOT NULL,
        ex     TEXT NOT NULL
    ) WITHOUT ROWID, STRICT;

    CREATE TABLE room (
        roomid       INTEGER PRIMARY KEY AUTOINCREMENT,
        created      INTEGER NOT NULL,
        valid        INTEGER NOT NULL,
        creator      TEXT NOT NULL REFERENCES user (accid),
        name         TEXT NOT NULL,
        announcement TEXT,
        broadcasturl TEXT,
        ext          TEXT NOT NULL,
        queuelevel   INTEGER NOT NULL,
        ionotify     INTEGER NOT NULL,
        bid          TEXT
    ) STRICT;
    CREATE INDEX room_by_creator ON room (creator);
"];

/// Brings the file to the newest version; refuses one from the future.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let known = STEPS.len() as i64;
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for step in STEPS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", known)?;
    Ok(tx.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
    }

    #[test]
    fn a_newer_file_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        let error = migrate(&mut connection).unwrap_err();
        assert!(error.to_string().contains("schema version 99"), "{error}");
    }
}
