//! Tells one address of its events, as long as the gateway runs. One task; several attempts at once, each of another room.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use tokio_util::sync::CancellationToken;
use url::Url;

#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::base::{Millis, event_kind};
use crate::metrics::TargetLabels;
use crate::model::event;
use crate::model::kept_event::shown_target;
use crate::store::{Fate, Found, Look, Mark, Pending, Store, StoreError};

use super::attempt::{Failed, Labels, Teller};
use super::backoff;
use super::health::Health;
use super::marks::Marks;
use super::queue::Queue;

/// How soon a database that failed is asked again.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// Without news the database is asked that often: the wall clock may be set.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

pub(super) struct Worker {
    target: String,
    url: Url,
    teller: Arc<Teller>,
    store: Arc<Store>,
    queue: Queue,
    health: Health,
    running: FuturesUnordered<BoxFuture<'static, Attempt>>,
    marks: Marks,
    /// There may be fresh events in the database that are not here.
    look_fresh: bool,
    /// There may be some that are to be tried again now.
    look_retries: bool,
    /// An operator has events sent again, and perhaps some of which it is not known here yet that they were over.
    again: bool,
    /// When there may be something new in any case.
    look_at: Instant,
    loading: Option<BoxFuture<'static, Loaded>>,
    /// The database has failed, and is left alone until then.
    rest_until: Option<Instant>,
    dice: RandomState,
}

/// What the database had.
type Loaded = Result<Found, StoreError>;

/// An attempt that is over.
struct Attempt {
    event: Pending,
    came: Result<String, Failed>,
}

impl Worker {
    pub(super) fn new(target: &str, url: Url, teller: Arc<Teller>, store: Arc<Store>) -> Worker {
        Worker {
            target: target.to_owned(),
            url,
            queue: Queue::new(teller.settings.concurrency),
            health: Health::new(teller.settings.concurrency),
            running: FuturesUnordered::new(),
            marks: Marks::new(target, store.clone()),
            look_fresh: true,
            look_retries: true,
            again: false,
            look_at: teller.clock.now(),
            loading: None,
            rest_until: None,
            dice: RandomState::new(),
            teller,
            store,
        }
    }

    /// Goes on until `halt`; then what is on its way arrives and is marked, and nothing new goes out.
    pub(super) async fn run(mut self, halt: CancellationToken) {
        let waiting = self.store.waiting_events(&self.target);
        loop {
            if !halt.is_cancelled() {
                self.load();
                self.start();
            } else if self.running.is_empty() && self.marks.is_empty() {
                return;
            }
            let wake = self.wake_at();
            tokio::select! {
                () = halt.cancelled(), if !halt.is_cancelled() => {}
                Some(attempt) = self.running.next() => self.take_all(attempt),
                marks = self.marks.written() => self.release(&marks),
                loaded = loaded(&mut self.loading) => self.take_in(loaded),
                () = waiting.news.notified() => self.look_fresh = true,
                () = waiting.again.notified() => (self.look_retries, self.again) = (true, true),
                () = self.teller.clock.sleep_until(wake) => {}
            }
        }
    }

    /// Asks the database, where that may help. Attempts go on meanwhile.
    fn load(&mut self) {
        let now = self.teller.clock.now();
        if self.look_at <= now {
            (self.look_fresh, self.look_retries) = (true, true);
            self.look_at = now + LOOK_AGAIN;
        }
        if self.loading.is_some() || self.rest_until.is_some_and(|moment| moment > now) {
            return;
        }
        let Some(look) = self.next_look() else { return };
        // What comes about from now on is looked for again.
        self.look_fresh &= look.fresh == 0;
        self.look_retries &= look.retries == 0;
        let store = self.store.clone();
        self.loading = Some(Box::pin(async move { store.pending_events(look).await }));
    }

    fn take_in(&mut self, found: Loaded) {
        match found {
            Ok(found) => {
                self.look_fresh |= found.more_fresh;
                self.look_retries |= found.more_retries;
                found.next_due.into_iter().for_each(|due| self.look_by(due));
                self.queue.take_in(found);
            }
            Err(error) => {
                tracing::error!(%error, "looking up events for the webhook failed: {error}");
                let again = self.teller.clock.now() + AFTER_FAILURE;
                (self.rest_until, self.look_at) = (Some(again), self.look_at.min(again));
            }
        }
    }

    /// What to ask the database for; `None` where there is enough, or nothing more.
    fn next_look(&mut self) -> Option<Look> {
        self.look_retries |= self.queue.has_room_again();
        let wanted = self.queue.wanted();
        // Rooms take places of fresh ones.
        let rooms = if wanted.fresh > 0 { self.queue.wanted_rooms() } else { Vec::new() };
        let fresh = if self.look_fresh || !rooms.is_empty() { wanted.fresh } else { 0 };
        let retries = if self.look_retries { wanted.retries } else { 0 };
        (fresh > 0 || retries > 0).then(|| Look {
            target: self.target.clone(),
            after: self.queue.seen(),
            fresh,
            retries,
            bytes: wanted.bytes,
            full_of_fresh: self.queue.full_of_fresh(),
            full_of_retries: self.queue.full_of_retries(),
            held: self.queue.held(),
            rooms,
            now: self.teller.clock.wall(),
        })
    }

    /// Something is due at this moment.
    fn look_by(&mut self, due: Millis) {
        let left = Duration::from_millis(due.saturating_sub(self.teller.clock.wall()));
        self.look_at = self.look_at.min(self.teller.clock.now() + left);
    }

    /// Sends what can be sent.
    fn start(&mut self) {
        while self.health.admits(self.running.len(), self.teller.clock.now())
            && let Some(event) = self.queue.next()
        {
            let (teller, url, target) = (self.teller.clone(), self.url.clone(), self.target.clone());
            let id = self.store.event_id(event.number);
            #[cfg(feature = "wrong-gateways")]
            let id = id + &"0".repeat(usize::from(event.attempts > 0 && Wrong::WebhookChangedId.is()));
            self.running.push(Box::pin(async move {
                let body = event::body(&event.text, &id, event.sequence);
                #[cfg(feature = "wrong-gateways")]
                let body = body + &" ".repeat(usize::from(event.attempts > 0 && Wrong::WebhookChangedBody.is()));
                let labels = Labels { id, sequence: event.sequence };
                let came = teller.tell(&target, &url, labels, Bytes::from(body)).await;
                Attempt { event, came }
            }));
        }
    }

    /// This attempt is over, and perhaps others are.
    fn take_all(&mut self, attempt: Attempt) {
        let mut over = Some(attempt);
        while let Some(attempt) = over {
            self.queue.arrived(attempt.event.room);
            let mark = self.judge(attempt);
            self.marks.push(mark);
            over = futures::FutureExt::now_or_never(self.running.next()).flatten();
        }
    }

    fn judge(&mut self, attempt: Attempt) -> Mark {
        let Attempt { event, came } = attempt;
        let (attempts, tried) = (event.attempts.saturating_add(1), self.teller.clock.wall());
        let fate = match &came {
            Ok(said) => self.delivered(said),
            Err(failed) => self.failed(&event, attempts, failed),
        };
        let result = came.unwrap_or_else(|failed| failed.reason);
        Mark { number: event.number, text_bytes: event.text.len() as u64, attempts, tried, result, fate }
    }

    fn delivered(&mut self, said: &str) -> Fate {
        if self.health.succeeded() {
            let env = shown_target(&self.target);
            tracing::info!(env, "the webhook's address {env} has received an event again: {said}");
        }
        Fate::Delivered
    }

    fn failed(&mut self, event: &Pending, attempts: u32, failed: &Failed) -> Fate {
        #[cfg(feature = "wrong-gateways")]
        if Wrong::WebhookLost.is() {
            return Fate::Delivered;
        }
        let (env, reason) = (shown_target(&self.target), &failed.reason);
        let now = self.teller.clock.now();
        if let Some(busy) = failed.busy_for {
            self.health.leave_alone(now + busy.min(self.teller.settings.retry_max));
        }
        if self.health.failed(now) {
            tracing::warn!(env, reason, "the webhook's address {env} fails, its events wait: {reason}");
        }
        let id = self.store.event_id(event.number);
        if attempts >= self.teller.settings.attempts {
            let room = event.room.map(|room| room.to_string()).unwrap_or_default();
            let kind = event_kind(event.kind).unwrap_or("unknown");
            tracing::error!(
                env,
                id,
                kind,
                room,
                reason,
                "event {id} ({kind}) for the webhook's address {env} is given up on after {attempts} attempts: {reason}"
            );
            self.teller.metrics.webhook_dead.get_or_create(&TargetLabels::of(&self.target)).inc();
            return Fate::Dead;
        }
        tracing::debug!(env, id, attempts, reason, "event {id} was not received: {reason}");
        let dice = self.dice.hash_one((event.number, attempts));
        let wait = backoff::wait(attempts, dice, failed.retry_after, self.teller.settings.retry_max);
        let wall = self.teller.clock.wall();
        let due = wall.saturating_add(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        Fate::Later(due)
    }

    /// These are in the database as they are, so what is due again can be found there.
    fn release(&mut self, marks: &[Mark]) {
        for mark in marks {
            self.queue.release(mark.number);
            if let Fate::Later(due) = mark.fate {
                self.look_by(due);
            }
        }
        self.look_retries |= std::mem::take(&mut self.again);
    }

    /// When something is to be done, whatever happens until then.
    fn wake_at(&self) -> Instant {
        let now = self.teller.clock.now();
        let pause = self.health.not_before().filter(|moment| *moment > now && self.queue.has_ready());
        pause.unwrap_or(self.look_at).min(self.look_at)
    }
}

/// What was asked for, when it is there. Waits for ever where nothing was.
async fn loaded(loading: &mut Option<BoxFuture<'static, Loaded>>) -> Loaded {
    let Some(running) = loading else { return std::future::pending().await };
    let loaded = running.await;
    *loading = None;
    loaded
}
