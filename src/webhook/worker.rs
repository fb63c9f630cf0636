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

use crate::base::Millis;
use crate::metrics::TargetLabels;
use crate::model::event;
use crate::model::kept_event::shown_target;
use crate::store::{Fate, Look, Mark, Pending, Store};

use super::attempt::{Failed, Labels, Sender};
use super::backoff;
use super::health::Health;
use super::marks::Marks;
use super::queue::{Queue, Wanted};

/// How soon a database that failed is asked again.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// Without news the database is asked that often: the wall clock may be set.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

pub(super) struct Worker {
    target: String,
    url: Url,
    sender: Arc<Sender>,
    store: Arc<Store>,
    queue: Queue,
    health: Health,
    running: FuturesUnordered<BoxFuture<'static, Attempt>>,
    marks: Marks,
    /// There may be something in the database that can be sent now.
    look: bool,
    /// When there is, at the latest.
    look_at: Instant,
    dice: RandomState,
}

/// An attempt that is over.
struct Attempt {
    event: Pending,
    came: Result<String, Failed>,
}

impl Worker {
    pub(super) fn new(target: &str, url: Url, sender: Arc<Sender>, store: Arc<Store>) -> Worker {
        Worker {
            target: target.to_owned(),
            url,
            queue: Queue::new(sender.settings.concurrency),
            health: Health::new(sender.settings.concurrency),
            running: FuturesUnordered::new(),
            marks: Marks::new(target, store.clone()),
            look: true,
            look_at: sender.clock.now(),
            dice: RandomState::new(),
            sender,
            store,
        }
    }

    /// Goes on until `halt`; then what is on its way arrives and is marked, and nothing new goes out.
    pub(super) async fn run(mut self, halt: CancellationToken) {
        let news = self.store.waiting_events(&self.target);
        loop {
            if !halt.is_cancelled() {
                self.load().await;
                self.start();
            } else if self.running.is_empty() && self.marks.is_empty() {
                return;
            }
            self.marks.write().await;
            let wake = self.wake_at();
            tokio::select! {
                () = halt.cancelled(), if !halt.is_cancelled() => {}
                Some(attempt) = self.running.next() => self.take_all(attempt),
                marked = self.marks.written() => self.release(marked),
                () = news.news.notified() => self.look = true,
                () = self.sender.clock.sleep_until(wake) => {}
            }
        }
    }

    /// Asks the database, where that may help.
    async fn load(&mut self) {
        self.look |= self.look_at <= self.sender.clock.now();
        let Some((look, wanted)) = self.next_look() else { return };
        let (wall, asked) = (look.now, look.retries);
        match self.store.pending_events(look).await {
            Ok(found) => {
                self.look = found.fresh.len() >= wanted.fresh || found.retries.len() >= asked;
                self.look_at = self.sender.clock.now() + LOOK_AGAIN;
                found.next_due.into_iter().for_each(|due| self.look_by(due, wall));
                self.queue.take_in(found, wanted.retries);
            }
            Err(error) => {
                tracing::error!(%error, "looking up events for the webhook failed: {error}");
                (self.look, self.look_at) = (false, self.sender.clock.now() + AFTER_FAILURE);
            }
        }
    }

    /// What to ask the database for; `None` where there is enough, or nothing more.
    fn next_look(&self) -> Option<(Look, Wanted)> {
        let wanted = self.queue.wanted();
        // Rooms take places of fresh ones.
        let rooms = if wanted.fresh > 0 { self.queue.wanted_rooms() } else { Vec::new() };
        let is_of_use = self.look && (wanted.fresh > 0 || wanted.retries > 0);
        if !is_of_use && rooms.is_empty() {
            return None;
        }
        let look = Look {
            target: self.target.clone(),
            after: self.queue.seen(),
            fresh: wanted.fresh,
            // Those that are here are told of too.
            retries: if wanted.retries > 0 { wanted.retries + self.queue.held_retries() } else { 0 },
            rooms,
            now: self.sender.clock.wall(),
        };
        Some((look, wanted))
    }

    /// Something is due at this moment.
    fn look_by(&mut self, due: Millis, wall: Millis) {
        let left = Duration::from_millis(due.saturating_sub(wall));
        self.look_at = self.look_at.min(self.sender.clock.now() + left);
    }

    /// Sends what can be sent.
    fn start(&mut self) {
        while self.health.admits(self.running.len(), self.sender.clock.now())
            && let Some(event) = self.queue.next()
        {
            let (sender, url, target) = (self.sender.clone(), self.url.clone(), self.target.clone());
            let id = self.store.event_id(event.number);
            self.running.push(Box::pin(async move {
                let body = event::body(&event.text, &id, event.sequence);
                let labels = Labels { id, sequence: event.sequence };
                let came = sender.tell(&target, &url, labels, Bytes::from(body)).await;
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
        let (attempts, tried) = (event.attempts.saturating_add(1), self.sender.clock.wall());
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
        let (env, reason) = (shown_target(&self.target), &failed.reason);
        if self.health.failed(self.sender.clock.now()) {
            tracing::warn!(env, reason, "the webhook's address {env} fails, its events wait: {reason}");
        }
        let id = self.store.event_id(event.number);
        if attempts >= self.sender.settings.attempts {
            let room = event.room.map(|room| room.to_string()).unwrap_or_default();
            tracing::error!(
                env,
                id,
                event_type = event.kind,
                room,
                reason,
                "event {id} of type {} for the webhook's address {env} is given up on after {attempts} attempts: {reason}",
                event.kind
            );
            self.sender.metrics.webhook_dead.get_or_create(&TargetLabels::of(&self.target)).inc();
            return Fate::Dead;
        }
        tracing::debug!(env, id, attempts, reason, "event {id} was not received: {reason}");
        let dice = self.dice.hash_one((event.number, attempts));
        let wait = backoff::wait(attempts, dice, failed.retry_after, self.sender.settings.retry_max);
        let wall = self.sender.clock.wall();
        let due = wall.saturating_add(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        self.look_by(due, wall);
        Fate::Later(due)
    }

    /// These are in the database as they are.
    fn release(&mut self, numbers: Vec<i64>) {
        for number in numbers {
            self.look |= self.queue.release(number);
        }
    }

    /// When something is to be done, whatever happens until then.
    fn wake_at(&self) -> Instant {
        let now = self.sender.clock.now();
        // Where it is to look anyhow, it waits for room.
        let look_at = if self.look { now + LOOK_AGAIN } else { self.look_at };
        let pause = self.health.not_before().filter(|moment| *moment > now && self.queue.has_ready());
        pause.unwrap_or(look_at).min(look_at)
    }
}
