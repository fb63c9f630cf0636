//! What outlives a restart: accounts, rooms, their members, queues and messages, in one SQLite file, or in memory only. One thread writes and commits in groups, others
//! read; no SQL runs on a runtime thread. Knows no sockets and nobody's presence.

mod activity;
pub mod credentials;
mod event;
mod event_again;
mod event_forget;
mod event_list;
mod ledger;
mod look;
mod member;
mod memory;
mod message;
mod pending;
#[cfg(test)]
mod plan_tests;
mod queue;
mod room;
mod schema;
mod thread;
mod tx;
mod user;

use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;

use crate::metrics::Metrics;
use crate::model::Refusal;

use ledger::Ledger;
use memory::Memory;
use thread::{DatabaseThread, Unkept};

pub(crate) use event_again::Again;
pub(crate) use event_forget::Forgot;
pub(crate) use look::{Found, FoundInRoom, Look, LookInRoom, Pending};
pub(crate) use message::{HistoryQuery, Keep};
pub(crate) use pending::{Fate, Mark};
pub(crate) use queue::Element;
pub(crate) use thread::Kept;
pub(crate) use tx::Tx;

/// Connections that read.
const READERS: usize = 2;

/// The database, with what was read lately in memory.
#[derive(Debug)]
pub struct Store {
    writer: DatabaseThread,
    /// Empty in memory mode: then there is one connection, and the writer reads too.
    readers: Box<[DatabaseThread]>,
    next_reader: std::sync::atomic::AtomicUsize,
    memory: Arc<Memory>,
    /// Held while the file is in use, so that a second process is refused.
    _lock: Option<File>,
}

/// Why the store can't be opened or used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or its lock file.
    #[error("data folder {0}: {1}")]
    Folder(String, std::io::Error),
    /// Another process.
    #[error("data folder {0} is in use by another roomgate process")]
    InUse(String),
    /// Written by a later version.
    #[error(
        "the database has schema version {found}, this roomgate knows versions up to {known}: use the newer roomgate"
    )]
    TooNew {
        /// What the file says.
        found: i64,
        /// What we know.
        known: i64,
    },
    /// SQLite's own complaint.
    #[error("database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A group of changes could not be committed; none of them happened.
    #[error("database: commit failed: {0}")]
    Commit(String),
    /// The database thread is gone.
    #[error("database: the thread that serves it has stopped")]
    Stopped,
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Refusal {
        StoreError::from(error).into()
    }
}

impl From<StoreError> for Refusal {
    /// Logged here, once: the caller only learns that it is our fault.
    fn from(error: StoreError) -> Refusal {
        tracing::error!(%error, "a database call failed: {error}");
        Refusal::Internal
    }
}

impl Store {
    /// A store that forgets everything when it goes. An address may have `event_bytes` of events that wait for it.
    pub fn in_memory(event_bytes: u64, metrics: Arc<Metrics>) -> Result<Store, StoreError> {
        Store::over(Connection::open_in_memory()?, None, event_bytes, metrics)
    }

    /// The store in `folder`, which is made if it is not there. Only one process may have it open. An address may have `event_bytes` of
    /// events that wait for it.
    pub fn open(folder: &Path, event_bytes: u64, metrics: Arc<Metrics>) -> Result<Store, StoreError> {
        let lock = lock(folder)?;
        let path = folder.join("roomgate.db");
        Store::over(connect(&path)?, Some((lock, path)), event_bytes, metrics)
    }

    fn over(
        mut connection: Connection,
        file: Option<(File, PathBuf)>,
        event_bytes: u64,
        metrics: Arc<Metrics>,
    ) -> Result<Store, StoreError> {
        schema::migrate(&mut connection)?;
        let unkept = Unkept { rows: metrics.messages_unkept.clone(), events: metrics.webhook_unkept.clone() };
        let ledger = Arc::new(Ledger::new(event::name(&connection)?, event_bytes, metrics));
        event::count(&connection, &ledger)?;
        let readers = match &file {
            Some((_, path)) => (0..READERS)
                .map(|_| Ok(DatabaseThread::start(connect(path)?, unkept.clone())))
                .collect::<Result<_, StoreError>>()?,
            None => Box::default(),
        };
        Ok(Store {
            writer: DatabaseThread::start(connection, unkept),
            readers,
            next_reader: std::sync::atomic::AtomicUsize::new(0),
            memory: Arc::new(Memory::new(ledger)),
            _lock: file.map(|(lock, _)| lock),
        })
    }

    /// Ends it when all that waits is written; only then is the folder free. Blocks.
    pub fn close(self) {
        let Store { writer, readers, _lock, .. } = self;
        readers.into_iter().for_each(DatabaseThread::close);
        writer.close();
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.writer.read(|connection| connection.query_row("SELECT 1", [], |_| Ok(()))).await
    }

    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turn = self.next_reader.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let reader = self.readers.get(turn % self.readers.len().max(1)).unwrap_or(&self.writer);
        reader.read(query).await
    }
}

fn lock(folder: &Path) -> Result<File, StoreError> {
    let shown = folder.display().to_string();
    let failed = |error| StoreError::Folder(shown.clone(), error);
    // Mail addresses and telephone numbers are nobody else's business.
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    let file = File::options().create(true).truncate(false).write(true).open(folder.join("lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::InUse(shown)),
        Err(std::fs::TryLockError::Error(error)) => Err(failed(error)),
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // What a caller was told is done must survive a power cut, not only our own death.
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}
