//! The tables, and how an older file becomes a newer one.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// Each step leads from the version of its index to the next. Steps are only ever added.
const STEPS: [&str; 3] = [
    "
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
",
    "
    ALTER TABLE user ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE user ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE user ADD COLUMN muted_p2p INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE user ADD COLUMN muted_team INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE user ADD COLUMN muted_room INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE user ADD COLUMN muted_qchat INTEGER NOT NULL DEFAULT 0;

    ALTER TABLE room ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE room ADD COLUMN close_policy INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE room ADD COLUMN close_seconds INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE room ADD COLUMN close_started INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE room ADD COLUMN close_due INTEGER;
    ALTER TABLE room ADD COLUMN queue_size INTEGER NOT NULL DEFAULT 1000;
    CREATE INDEX room_by_due ON room (close_due) WHERE close_due IS NOT NULL;
    CREATE INDEX room_open ON room (roomid) WHERE valid = 1;

    CREATE TABLE member (
        roomid      INTEGER NOT NULL REFERENCES room (roomid),
        accid       TEXT NOT NULL,
        role        INTEGER NOT NULL,
        muted_until INTEGER NOT NULL,
        nick        TEXT,
        avator      TEXT,
        ext         TEXT,
        since       INTEGER NOT NULL,
        PRIMARY KEY (roomid, accid)
    ) WITHOUT ROWID, STRICT;
    INSERT INTO member SELECT roomid, creator, 2, 0, NULL, NULL, NULL, created FROM room;

    CREATE TABLE tag_mute (
        roomid INTEGER NOT NULL REFERENCES room (roomid),
        tag    TEXT NOT NULL,
        until  INTEGER NOT NULL,
        PRIMARY KEY (roomid, tag)
    ) WITHOUT ROWID, STRICT;

    CREATE TABLE robot (
        roomid  INTEGER NOT NULL REFERENCES room (roomid),
        accid   TEXT NOT NULL,
        nick    TEXT NOT NULL,
        avator  TEXT,
        ext     TEXT,
        entered INTEGER NOT NULL,
        PRIMARY KEY (roomid, accid)
    ) WITHOUT ROWID, STRICT;

    CREATE TABLE element (
        roomid    INTEGER NOT NULL REFERENCES room (roomid),
        key       TEXT NOT NULL,
        value     TEXT NOT NULL,
        owner     TEXT NOT NULL,
        transient INTEGER NOT NULL,
        place     INTEGER NOT NULL,
        PRIMARY KEY (roomid, key)
    ) WITHOUT ROWID, STRICT;
    CREATE UNIQUE INDEX element_by_place ON element (roomid, place);

    CREATE TABLE message (
        roomid INTEGER NOT NULL,
        time   INTEGER NOT NULL,
        number INTEGER NOT NULL,
        msgid  TEXT NOT NULL,
        sender TEXT NOT NULL,
        kind   INTEGER NOT NULL,
        client INTEGER NOT NULL,
        body   TEXT NOT NULL,
        ext    TEXT NOT NULL,
        nick   TEXT NOT NULL,
        avator TEXT NOT NULL,
        target TEXT,
        PRIMARY KEY (roomid, time, number)
    ) WITHOUT ROWID, STRICT;

    CREATE TABLE activity (
        period INTEGER NOT NULL,
        start  INTEGER NOT NULL,
        roomid INTEGER NOT NULL,
        active INTEGER NOT NULL,
        enters INTEGER NOT NULL,
        msgs   INTEGER NOT NULL,
        PRIMARY KEY (period, start, roomid)
    ) WITHOUT ROWID, STRICT;
",
    "
    CREATE TABLE event (
        number   INTEGER PRIMARY KEY AUTOINCREMENT,
        target   TEXT NOT NULL,
        roomid   INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        kind     INTEGER NOT NULL,
        made     INTEGER NOT NULL,
        fields   TEXT NOT NULL,
        state    INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        due      INTEGER NOT NULL,
        tried    INTEGER,
        result   TEXT
    ) STRICT;
    CREATE INDEX event_pending ON event (target, due, number, roomid) WHERE state = 0;
    CREATE INDEX event_by_state ON event (state, number);
    CREATE INDEX event_by_room ON event (roomid, number);

    CREATE TABLE event_sequence (
        target TEXT NOT NULL,
        roomid INTEGER NOT NULL,
        last   INTEGER NOT NULL,
        PRIMARY KEY (target, roomid)
    ) WITHOUT ROWID, STRICT;

    CREATE TABLE ledger (name TEXT NOT NULL) STRICT;
    INSERT INTO ledger SELECT lower(hex(randomblob(6)));
",
];

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
