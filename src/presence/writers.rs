//! All writers from outside: which one a new session belongs to, and the way in for jobs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use smallvec::SmallVec;
use tokio::sync::mpsc::{self, Permit, PermitIterator};
use tokio::sync::oneshot;

use crate::base::{Clock, LaneBounds, limits};
use crate::metrics::Metrics;
use crate::model::Lane;
use crate::wire::{CloseCode, text};

use super::job::{Address, Job, Target, Targets};
use super::link::{Away, Line};
use super::writer::{Ways, Writer};
use super::{Frame, Link};

/// How many writers there are and what each member may cost them.
#[derive(Debug, Clone, Copy)]
pub struct WritersSettings {
    /// Writers; one a core.
    pub count: usize,
    /// The two lanes' bounds.
    pub bounds: LaneBounds,
    /// How long a member's socket may take nothing while something waits for it.
    pub stall: Duration,
    /// Bytes kept for each session that may come back over another connection; 0 where none may.
    pub resume_bytes: usize,
}

/// The writers' queues. Every session belongs to one writer for life.
#[derive(Debug)]
pub struct Writers {
    queues: Box<[Queues]>,
    next: AtomicUsize,
}

/// The two ways into one writer.
#[derive(Debug)]
struct Queues {
    normal: mpsc::Sender<Job>,
    /// Frames of the high lane: they do not stand behind what they are to overtake.
    high: mpsc::Sender<Job>,
}

impl Queues {
    fn new() -> (Queues, Ways) {
        let (normal, jobs) = mpsc::channel(limits::WRITER_JOBS);
        let (high, urgent) = mpsc::channel(limits::WRITER_JOBS);
        (Queues { normal, high }, Ways { jobs, urgent })
    }

    fn of(&self, lane: Lane) -> &mpsc::Sender<Job> {
        match lane {
            Lane::Normal => &self.normal,
            Lane::High => &self.high,
        }
    }
}

/// Where a session sits: its writer, and its address there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct SeatKey {
    pub(super) writer: usize,
    pub(super) address: Address,
}

/// A session's own handle on its writer. Dropping it gives the outlet back.
#[derive(Debug)]
pub struct Seat {
    writers: Arc<Writers>,
    pub(super) key: SeatKey,
    line: Mutex<Line>,
}

impl Writers {
    /// Starts the writers as tasks of this runtime. They end when this value and all seats are gone.
    pub fn start(settings: WritersSettings, clock: &Clock, metrics: &Arc<Metrics>) -> Arc<Writers> {
        let queues = (0..settings.count.max(1)).map(|_| {
            let (queues, ways) = Queues::new();
            tokio::spawn(Writer::new(ways, settings, clock.clone(), metrics.clone()).run());
            queues
        });
        Arc::new(Writers { queues: queues.collect(), next: AtomicUsize::new(0) })
    }

    /// Gives a new connection its seat; `None` when the writers have stopped.
    pub async fn open(self: &Arc<Writers>, link: Arc<Link>) -> Option<Seat> {
        let writer = self.next.fetch_add(1, Ordering::Relaxed) % self.queues.len();
        let (reply, address) = oneshot::channel();
        self.queues[writer].normal.send(Job::Open { link: link.clone(), reply }).await.ok()?;
        let key = SeatKey { writer, address: address.await.ok()? };
        Some(Seat { writers: self.clone(), key, line: Mutex::new(Line::Here(link)) })
    }

    /// Tells every session to come back within `spread`, writes what waits and closes.
    pub async fn drain(&self, spread: Duration) {
        let spread_ms = u64::try_from(spread.as_millis()).unwrap_or(u64::MAX);
        for queue in &self.queues {
            let _ = queue.normal.send(Job::Drain { spread_ms, code: CloseCode::GoingAway }).await;
        }
    }

    /// The same without waiting: for a gateway that is dropped.
    pub fn drain_at_once(&self) {
        for queue in &self.queues {
            send_or_spawn(&queue.normal, Job::Drain { spread_ms: 0, code: CloseCode::GoingAway });
        }
    }

    /// Asks one writer for something.
    pub(super) async fn send(&self, writer: usize, job: Job) {
        // Writers stop after all sessions, so there is nobody to tell of a failure.
        let _ = self.queues[writer].normal.send(job).await;
    }

    /// Waits until every writer has room for `jobs` more. What is reserved here can then be handed over without waiting,
    /// under a room's lock. A writer frees its room by itself, so waiting for one while holding room at another can't lock up.
    pub(super) async fn reserve(&self, jobs: usize) -> Option<Turnstile<'_>> {
        self.reserve_in(Lane::Normal, jobs).await
    }

    /// The same for jobs that deliver frames of this lane, and nothing else.
    pub(super) async fn reserve_in(&self, lane: Lane, jobs: usize) -> Option<Turnstile<'_>> {
        let mut permits = SmallVec::new();
        for queue in &self.queues {
            permits.push(queue.of(lane).reserve_many(jobs).await.ok()?);
        }
        Some(Turnstile { permits })
    }
}

#[cfg(test)]
impl Writers {
    /// Queues that nobody writes from: a test reads them itself.
    pub(super) fn for_test(count: usize) -> (Writers, Vec<Ways>) {
        let (queues, jobs): (Vec<_>, _) = (0..count).map(|_| Queues::new()).unzip();
        (Writers { queues: queues.into(), next: AtomicUsize::new(0) }, jobs)
    }
}

/// Reserved room in every writer's queue.
pub(super) struct Turnstile<'a> {
    permits: SmallVec<[PermitIterator<'a, Job>; 8]>,
}

impl Turnstile<'_> {
    /// How many writers there are.
    pub(super) fn writers(&self) -> usize {
        self.permits.len()
    }

    /// Hands a job over. Jobs beyond what was reserved would be lost, so asking for too little is a fault of the caller's.
    pub(super) fn send(&mut self, writer: usize, job: Job) {
        let permit: Option<Permit<'_, Job>> = self.permits[writer].next();
        permit.expect("room was reserved for every job").send(job);
    }
}

impl Seat {
    /// Its connection, or its absence.
    pub fn line(&self) -> Line {
        self.line.lock().clone()
    }

    /// Puts a frame into this session's lane.
    pub async fn deliver(&self, frame: Frame) {
        let to = Targets::Listed(vec![Target { address: self.key.address, had: false }]);
        self.ask(Job::Deliver { frame: Arc::new(frame), to, report: None }).await;
    }

    /// Sends a ping, ahead of both lanes.
    pub async fn ping(&self) {
        self.ask(Job::Control { to: self.key.address, bytes: text::ping().to_vec() }).await;
    }

    /// Answers a ping, ahead of both lanes.
    pub async fn pong(&self, payload: &[u8]) {
        self.ask(Job::Control { to: self.key.address, bytes: text::pong(payload) }).await;
    }

    /// Ends the connection: with `flush` after all that waits, else at once.
    pub async fn close(&self, frame: Vec<u8>, flush: bool) {
        self.ask(Job::Close { to: self.key.address, frame, flush }).await;
    }

    /// From here on the frames are counted, and the session may come back.
    pub async fn count(&self) {
        self.ask(Job::Count { of: self.key.address }).await;
    }

    /// The client has so many of the frames counted.
    pub fn acknowledge(&self, received: u64) {
        if let Line::Here(link) = &*self.line.lock() {
            link.acknowledge(received);
        }
    }

    /// Lets go of the connection and keeps what the session gets from now on; `last` is the close frame. `None` where it can't be kept.
    pub async fn part(&self, last: Vec<u8>) -> Option<Arc<Away>> {
        let away = Arc::new(Away::new(self.line().peer()));
        let (reply, parted) = oneshot::channel();
        self.ask(Job::Part { of: self.key.address, away: away.clone(), last, reply }).await;
        if parted.await != Ok(true) {
            return None;
        }
        *self.line.lock() = Line::Away(away.clone());
        Some(away)
    }

    /// Whether all that a client with so many frames has still to get is here. It is ready to be written then.
    pub async fn take_back(&self, received: u64) -> bool {
        let (reply, taken) = oneshot::channel();
        self.ask(Job::TakeBack { of: self.key.address, received, reply }).await;
        taken.await == Ok(true)
    }

    /// Goes on over another seat's connection, where `first` comes before all else that waits here.
    pub async fn take_over(&self, other: &Seat, link: &Arc<Link>, first: &[u8]) {
        let (reply, waits) = oneshot::channel();
        other.ask(Job::Detach { address: other.key.address, reply }).await;
        let first = [&waits.await.unwrap_or_default(), first].concat();
        *self.line.lock() = Line::Here(link.clone());
        self.ask(Job::Attach { to: self.key.address, link: link.clone(), first }).await;
    }

    /// Bytes that wait for this session.
    pub async fn backlog(&self) -> usize {
        let (reply, bytes) = oneshot::channel();
        self.ask(Job::Backlog { of: self.key.address, reply }).await;
        bytes.await.unwrap_or(0)
    }

    async fn ask(&self, job: Job) {
        self.writers.send(self.key.writer, job).await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        send_or_spawn(&self.writers.queues[self.key.writer].normal, Job::Remove { address: self.key.address });
    }
}

/// Hands a job over from where nothing can be waited for.
fn send_or_spawn(queue: &mpsc::Sender<Job>, job: Job) {
    if let Err(mpsc::error::TrySendError::Full(job)) = queue.try_send(job)
        && let Ok(runtime) = tokio::runtime::Handle::try_current()
    {
        let queue = queue.clone();
        runtime.spawn(async move { queue.send(job).await });
    }
}
