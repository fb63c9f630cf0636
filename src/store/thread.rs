//! A thread with a database connection. Writes that wait together are committed together: one sync to disk serves them all.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::StoreError;

/// Jobs waiting for one thread; whoever comes then waits. At 20 µs a job it is 20 ms of work.
const JOBS: usize = 1024;
/// Jobs of one commit.
const GROUP: usize = 256;

/// A job does its work and gives back what to do once it is known whether it was committed.
type Finish = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// False asks for the job's own changes to be undone.
type Change = Box<dyn FnOnce(&Connection) -> (bool, Finish) + Send>;

/// What a committed change survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Durability {
    /// The death of this process, not that of the machine: for what there is a lot of.
    InKernel,
    /// A power cut too.
    OnDisk,
}

enum Job {
    Read(Box<dyn FnOnce(&Connection) + Send>),
    Write(Durability, Change),
}

/// A way to the thread. It ends when this value is dropped.
#[derive(Debug)]
pub(super) struct Worker {
    jobs: mpsc::Sender<Job>,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Job")
    }
}

impl Worker {
    pub(super) fn start(mut connection: Connection) -> Worker {
        let (jobs, mut waiting) = mpsc::channel(JOBS);
        std::thread::spawn(move || {
            let mut group = Vec::with_capacity(GROUP);
            // What `connect` has set.
            let mut durability = Durability::OnDisk;
            while waiting.blocking_recv_many(&mut group, GROUP) > 0 {
                run(&mut connection, &mut durability, &mut group);
            }
        });
        Worker { jobs }
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
        durability: Durability,
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
        self.jobs.send(Job::Write(durability, change)).await.map_err(|_| StoreError::Stopped)?;
        result.await.map_err(|_| StoreError::Stopped)?
    }

    /// The same without waiting for its end, which only the log hears of.
    pub(super) async fn write_soon(
        &self,
        durability: Durability,
        change: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static,
    ) -> Result<(), StoreError> {
        let change: Change = Box::new(move |connection| {
            let changed = change(connection);
            let keep = changed.is_ok();
            let finish: Finish = Box::new(move |commit| {
                if let Err(error) = commit.and(changed.map_err(StoreError::from)) {
                    tracing::error!(%error, "a database write failed: {error}");
                }
            });
            (keep, finish)
        });
        self.jobs.send(Job::Write(durability, change)).await.map_err(|_| StoreError::Stopped)
    }
}

fn run(connection: &mut Connection, durability: &mut Durability, group: &mut Vec<Job>) {
    let mut writes = Vec::new();
    let mut wanted = Durability::InKernel;
    for job in group.drain(..) {
        match job {
            // A panic in a query is that caller's alone: its reply is dropped, and the thread goes on.
            Job::Read(query) => drop(catch_unwind(AssertUnwindSafe(|| query(connection)))),
            Job::Write(durability, change) => {
                wanted = wanted.max(durability);
                writes.push(change);
            }
        }
    }
    if writes.is_empty() {
        return;
    }
    let mut finishes = Vec::with_capacity(writes.len());
    let result = ensure(connection, durability, wanted).and_then(|()| commit(connection, writes, &mut finishes));
    let failure = result.err().map(|error| error.to_string());
    for finish in finishes {
        finish(match &failure {
            None => Ok(()),
            Some(text) => Err(StoreError::Commit(text.clone())),
        });
    }
}

/// Sets how the next commit is done; one that waits for the disk takes with it all before it that did not.
fn ensure(connection: &Connection, is: &mut Durability, wanted: Durability) -> rusqlite::Result<()> {
    if *is != wanted {
        let synchronous = if wanted == Durability::OnDisk { "FULL" } else { "NORMAL" };
        connection.pragma_update(None, "synchronous", synchronous)?;
        *is = wanted;
    }
    Ok(())
}

fn commit(connection: &mut Connection, writes: Vec<Change>, finishes: &mut Vec<Finish>) -> rusqlite::Result<()> {
    let mut tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for change in writes {
        let savepoint = tx.savepoint()?;
        let Ok((keep, finish)) = catch_unwind(AssertUnwindSafe(|| change(&savepoint))) else { continue };
        finishes.push(finish);
        if keep {
            savepoint.commit()?;
        }
    }
    tx.commit()
}
