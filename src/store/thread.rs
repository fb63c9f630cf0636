//! A thread with a database connection. Writes that wait together are committed together: one sync to disk serves them all.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::thread::JoinHandle;

use prometheus_client::metrics::counter::Counter;
use rusqlite::{Connection, Transaction, TransactionBehavior, ffi};
use tokio::sync::{mpsc, oneshot};

use super::StoreError;
#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;

/// Jobs waiting for one thread; whoever comes then waits. At 20 µs a job it is 20 ms of work.
const JOBS: usize = 1024;
/// Jobs of one commit.
const GROUP: usize = 256;

/// A job does its work and gives back what to do once it is known whether it was committed.
type Finish = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// False asks for the job's own changes to be undone.
type Change = Box<dyn FnOnce(&Connection) -> (bool, Finish) + Send>;

/// A few statements. Gives back what to do once they are committed.
type Note = Box<dyn FnOnce(&Connection) -> rusqlite::Result<Committed> + Send>;
type Committed = Box<dyn FnOnce() + Send>;

enum Job {
    Read(Box<dyn FnOnce(&Connection) + Send>),
    Write(Write),
}

enum Write {
    /// Undone as a whole where it fails. It is on disk when its caller hears of it.
    Change(Change),
    /// What there is a lot of: nobody waits to hear why it fails, and unless it `syncs` it survives the death of this process, not that of the machine.
    Note { note: Note, noted: Noted, kept: oneshot::Sender<bool> },
}

/// What a note is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noted {
    /// A row of a history.
    pub(super) is_row: bool,
    /// An event for the application server.
    pub(super) is_event: bool,
    /// It waits for the disk.
    pub(super) syncs: bool,
}

impl Noted {
    /// An event that tells of nothing else in the database.
    pub(super) const EVENT: Noted = Noted { is_row: false, is_event: true, syncs: false };
    /// What became of events. Lost, it is written again, or an event is sent again.
    pub(super) const MARK: Noted = Noted { is_row: false, is_event: false, syncs: false };

    fn name(self) -> &'static str {
        match (self.is_row, self.is_event) {
            (true, true) => "a message and its event",
            (true, false) => "a message",
            (false, true) => "an event",
            (false, false) => "what became of events",
        }
    }
}

/// What could not be kept.
#[derive(Debug, Clone)]
pub(super) struct Unkept {
    pub(super) rows: Counter,
    pub(super) events: Counter,
}

impl Unkept {
    fn count(&self, noted: Noted) {
        self.rows.inc_by(noted.is_row.into());
        self.events.inc_by(noted.is_event.into());
    }
}

/// A way to the thread. It ends when this value is dropped.
#[derive(Debug)]
pub(super) struct DatabaseThread {
    jobs: mpsc::Sender<Job>,
    unkept: Unkept,
    thread: JoinHandle<()>,
}

/// Something noted; ready when it is committed, with true. What can't be is logged where it happens, and ready with false.
#[derive(Debug)]
pub struct Kept(oneshot::Receiver<bool>);

impl Future for Kept {
    type Output = bool;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<bool> {
        let kept = ready!(Pin::new(&mut self.0).poll(cx));
        Poll::Ready(kept.unwrap_or(false))
    }
}

/// What the thread itself needs.
struct Writer {
    connection: Connection,
    /// Whether its commits wait for the disk, as `connect` has set it.
    syncs: bool,
    unkept: Unkept,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Job")
    }
}

impl DatabaseThread {
    pub(super) fn start(connection: Connection, unkept: Unkept) -> DatabaseThread {
        let (jobs, mut waiting) = mpsc::channel(JOBS);
        let failed = unkept.clone();
        let thread = std::thread::spawn(move || {
            let mut writer = Writer { connection, syncs: true, unkept: failed };
            let mut group = Vec::with_capacity(GROUP);
            while waiting.blocking_recv_many(&mut group, GROUP) > 0 {
                gather(&mut waiting, &mut group);
                writer.run(&mut group);
            }
        });
        DatabaseThread { jobs, unkept, thread }
    }

    /// Ends it when what waits is done.
    pub(super) fn close(self) {
        drop(self.jobs);
        // A thread that panicked has said so.
        let _ = self.thread.join();
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, result) = oneshot::channel();
        let job = Job::Read(Box::new(move |connection| {
            // Whoever asked may have gone away.
            let _ = reply.send(query(connection));
        }));
        self.jobs.send(job).await.map_err(|_| StoreError::Stopped)?;
        Ok(result.await.map_err(|_| StoreError::Stopped)??)
    }

    /// Runs `change` in a transaction. `committed` sees its result on this thread, in commit order, before the caller does:
    /// that is where a cache is kept true.
    pub(super) async fn write<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        change: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        committed: impl FnOnce(&mut T) + Send + 'static,
    ) -> Result<T, E> {
        let (reply, result) = oneshot::channel();
        let change: Change = Box::new(move |connection| {
            let changed = change(connection);
            let keep = changed.is_ok();
            let finish: Finish = Box::new(move |commit| {
                let mut outcome = commit.map_err(E::from).and(changed);
                if let Ok(value) = &mut outcome {
                    committed(value);
                }
                let _ = reply.send(outcome);
            });
            (keep, finish)
        });
        self.jobs.send(Job::Write(Write::Change(change))).await.map_err(|_| StoreError::Stopped)?;
        result.await.map_err(|_| StoreError::Stopped)?
    }

    /// Has something noted. Waits only for its place in the queue. `committed` sees what came of it on this
    /// thread, in commit order.
    pub(super) async fn note<T: Send + 'static>(
        &self,
        noted: Noted,
        note: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        committed: impl FnOnce(T) + Send + 'static,
    ) -> Result<Kept, StoreError> {
        let (reply, kept) = oneshot::channel();
        let note: Note = Box::new(move |connection| {
            let value = note(connection)?;
            Ok(Box::new(move || committed(value)))
        });
        let sent = self.jobs.send(Job::Write(Write::Note { note, noted, kept: reply })).await;
        if sent.is_err() {
            self.unkept.count(noted);
            return Err(StoreError::Stopped);
        }
        Ok(Kept(kept))
    }
}

/// Where only notes wait, whoever makes them goes on first if it wants this core: then one commit has many of them. Nobody else waits.
fn gather(waiting: &mut mpsc::Receiver<Job>, group: &mut Vec<Job>) {
    if group.iter().all(|job| matches!(job, Job::Write(Write::Note { .. }))) {
        std::thread::yield_now();
        while group.len() < GROUP
            && let Ok(job) = waiting.try_recv()
        {
            group.push(job);
        }
    }
}

/// `None` where it is not kept. What an event is written with is written as a whole, since it belongs to that; a row alone needs no undoing,
/// and there is a lot of them.
fn run_note(tx: &mut Transaction<'_>, note: Note, noted: Noted) -> rusqlite::Result<Option<Committed>> {
    if !noted.is_event {
        return Ok(try_note(tx, note, noted));
    }
    let savepoint = tx.savepoint()?;
    match try_note(&savepoint, note, noted) {
        Some(committed) => savepoint.commit().map(|()| Some(committed)),
        None => Ok(None),
    }
}

fn try_note(connection: &Connection, note: Note, noted: Noted) -> Option<Committed> {
    // A panic has said so itself.
    let run = catch_unwind(AssertUnwindSafe(|| note(connection))).ok()?;
    run.inspect_err(|error| tracing::error!(%error, "{} is not kept: {error}", noted.name())).ok()
}

impl Write {
    fn noted(&self) -> Option<Noted> {
        match self {
            Write::Change(_) => None,
            Write::Note { noted, .. } => Some(*noted),
        }
    }
}

impl Writer {
    fn run(&mut self, group: &mut Vec<Job>) {
        let mut writes = Vec::with_capacity(group.len());
        for job in group.drain(..) {
            match job {
                // A panic in a query is that caller's alone: its reply is dropped, and the thread goes on.
                Job::Read(query) => drop(catch_unwind(AssertUnwindSafe(|| query(&self.connection)))),
                Job::Write(write) => writes.push(write),
            }
        }
        if writes.is_empty() {
            return;
        }
        let noted: Vec<Noted> = writes.iter().filter_map(Write::noted).collect();
        let (mut finishes, mut notes) = (Vec::new(), Vec::with_capacity(noted.len()));
        let result = self.commit(writes, &mut finishes, &mut notes);
        let failure = result.err().map(|error| error.to_string());
        if let Some(error) = &failure {
            noted.iter().for_each(|noted| self.unkept.count(*noted));
            let rows = noted.iter().filter(|noted| noted.is_row).count();
            let events = noted.iter().filter(|noted| noted.is_event).count();
            tracing::error!(
                error,
                rows,
                events,
                "a commit failed, {rows} messages and {events} events are not kept: {error}"
            );
        }
        for finish in finishes {
            finish(match &failure {
                None => Ok(()),
                Some(text) => Err(StoreError::Commit(text.clone())),
            });
        }
        for (committed, kept) in notes {
            if let Some(committed) = committed.filter(|_| failure.is_none()) {
                committed();
                // Whoever waited may have gone away.
                let _ = kept.send(true);
            }
        }
    }

    fn commit(
        &mut self,
        writes: Vec<Write>,
        finishes: &mut Vec<Finish>,
        notes: &mut Vec<(Option<Committed>, oneshot::Sender<bool>)>,
    ) -> rusqlite::Result<()> {
        self.sync(writes.iter().any(|write| write.noted().is_none_or(|noted| noted.syncs)))?;
        let mut unkept = Vec::new();
        let mut tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for write in writes {
            match write {
                Write::Change(change) => {
                    let savepoint = tx.savepoint()?;
                    let Ok((keep, finish)) = catch_unwind(AssertUnwindSafe(|| change(&savepoint))) else { continue };
                    #[cfg(feature = "wrong-gateways")]
                    let finish = if Wrong::AcknowledgesBeforeCommit.is() { wrong::at_once(finish) } else { finish };
                    finishes.push(finish);
                    if keep {
                        savepoint.commit()?;
                    }
                }
                Write::Note { note, noted, kept } => {
                    let committed = run_note(&mut tx, note, noted)?;
                    if committed.is_none() {
                        unkept.push(noted);
                    }
                    notes.push((committed, kept));
                }
            }
            // A full disk may have ended the transaction: what follows must not be committed by itself.
            if tx.is_autocommit() {
                return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_ABORT), None));
            }
        }
        #[cfg(feature = "wrong-gateways")]
        wrong::dawdle(finishes.len());
        tx.commit()?;
        // Where the commit fails all are counted.
        unkept.into_iter().for_each(|noted| self.unkept.count(noted));
        Ok(())
    }

    /// Says whether commits wait for the disk from now on. One that does takes with it all before it that did not.
    fn sync(&mut self, syncs: bool) -> rusqlite::Result<()> {
        if self.syncs != syncs {
            let synchronous = if syncs { "FULL" } else { "NORMAL" };
            self.connection.pragma_update(None, "synchronous", synchronous)?;
            self.syncs = syncs;
        }
        Ok(())
    }
}

#[cfg(feature = "wrong-gateways")]
mod wrong {
    //! A change that is answered before it is committed.

    use super::{Finish, Wrong};

    /// How long it takes from the answer to the commit.
    const LAG: std::time::Duration = std::time::Duration::from_millis(30);

    /// Answers now, and not when it is known whether it was committed.
    pub(super) fn at_once(finish: Finish) -> Finish {
        finish(Ok(()));
        Box::new(|_| ())
    }

    /// Takes its time before so many changes are committed.
    pub(super) fn dawdle(changes: usize) {
        if changes > 0 && Wrong::AcknowledgesBeforeCommit.is() {
            std::thread::sleep(LAG);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_note_that_is_not_kept_counts_as_what_it_is() {
        let unkept = Unkept { rows: Counter::default(), events: Counter::default() };
        let worker = DatabaseThread::start(Connection::open_in_memory().unwrap(), unkept.clone());
        let both = Noted { is_row: true, is_event: true, syncs: true };
        for (noted, counted) in [(Noted::MARK, (0, 0)), (Noted::EVENT, (0, 1)), (both, (1, 2))] {
            let note = |connection: &Connection| connection.execute("nonsense", []);
            assert!(!worker.note(noted, note, |_| ()).await.unwrap().await);
            worker.read(|connection| connection.query_row("SELECT 1", [], |_| Ok(()))).await.unwrap();
            assert_eq!((unkept.rows.get(), unkept.events.get()), counted, "{}", noted.name());
        }
        worker.close();
    }
}
