//! What the ledger of events knows without asking the database: how much waits for each address, and that something new does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dashmap::DashMap;
use parking_lot::Mutex;
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::Notify;

use crate::metrics::{EventLabels, Metrics, TargetLabels};
use crate::model::kept_event::shown_target;
use crate::model::{Event, EventState, EventType};

/// Bytes that a row takes besides its fields, its indexes counted.
pub(super) const ROW_BYTES: u64 = 200;
/// That an address's events are dropped is said no more often.
const WARN_AGAIN: Duration = Duration::from_secs(60);

/// The ledger's memory. The writing thread keeps it true in commit order.
#[derive(Debug)]
pub(crate) struct Ledger {
    /// The name of this ledger, with which its events' ids begin: those of another database are others.
    name: String,
    /// Bytes that one address may have.
    most_bytes: u64,
    metrics: Arc<Metrics>,
    targets: DashMap<String, Arc<Waiting>>,
}

/// What waits for one address.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// Of what waits and of what was given up on.
    bytes: AtomicU64,
    /// When it was last said that events are dropped.
    warned: Mutex<Option<Instant>>,
    /// Something fresh is there to be sent.
    pub(crate) news: Notify,
    /// Something is there to be sent again because an operator says so.
    pub(crate) again: Notify,
}

/// An event as it was put into the ledger, or was not.
#[derive(Debug)]
pub(super) struct Put {
    target: String,
    kind: EventType,
    bytes: u64,
    /// There was room for it.
    pub(super) kept: bool,
}

/// Events of one address that are in one state: how many there are, and the bytes of their rows.
#[derive(Debug)]
pub(super) struct Share {
    pub(super) target: String,
    pub(super) state: EventState,
    pub(super) count: i64,
    pub(super) bytes: u64,
}

/// An event that waits again.
#[derive(Debug)]
pub(super) struct CameBack {
    /// What it was.
    pub(super) before: Share,
    /// The address it is for now.
    pub(super) target: String,
}

impl Ledger {
    pub(super) fn new(name: String, most_bytes: u64, metrics: Arc<Metrics>) -> Ledger {
        Ledger { name, most_bytes, metrics, targets: DashMap::new() }
    }

    /// The id of the event with this number, for those who hear of it.
    pub(crate) fn id(&self, number: i64) -> String {
        format!("{}-{number}", self.name)
    }

    /// The number of the event with this id; `None` where it is not one of this ledger.
    pub(crate) fn number(&self, id: &str) -> Option<i64> {
        let number = id.strip_prefix(&self.name)?.strip_prefix('-')?.parse().ok()?;
        // Numbers have more spellings than ids have.
        (self.id(number) == id).then_some(number)
    }

    /// What waits for an address.
    pub(crate) fn waiting(&self, target: &str) -> Arc<Waiting> {
        if let Some(known) = self.targets.get(target) {
            return known.clone();
        }
        self.targets.entry(target.to_owned()).or_default().clone()
    }

    /// Whether an event of so many bytes may be kept too. What is committed together with it does not count yet, so the address may
    /// go beyond by what one group of commits adds.
    pub(super) fn weigh(&self, event: &Event, text: &str) -> Put {
        let bytes = text.len() as u64 + ROW_BYTES;
        let kept = self.waiting(&event.target).bytes.load(Ordering::Relaxed) + bytes <= self.most_bytes;
        Put { target: event.target.clone(), kind: event.kind, bytes, kept }
    }

    /// What was put in is committed.
    pub(super) fn take_in(&self, put: &Put) {
        if !put.kept {
            self.metrics.webhook_dropped.get_or_create(&TargetLabels::of(&put.target)).inc();
            return self.warn(&put.target);
        }
        self.metrics.webhook_events.get_or_create(&EventLabels { event_type: put.kind as u32 }).inc();
        let (target, bytes) = (put.target.clone(), put.bytes);
        self.came(&Share { target, state: EventState::Pending, count: 1, bytes });
        self.waiting(&put.target).news.notify_one();
    }

    fn warn(&self, target: &str) {
        let waiting = self.waiting(target);
        let mut warned = waiting.warned.lock();
        if warned.is_some_and(|moment| moment.elapsed() < WARN_AGAIN) {
            return;
        }
        *warned = Some(Instant::now());
        let (env, most) = (shown_target(target), self.most_bytes);
        tracing::warn!(
            env,
            "events for the webhook's address {env} are dropped, since its {most} bytes of the ledger are full: mend the receiver, \
             raise webhook.disk_bytes, or give up what is dead with roomgate webhook forget --dead"
        );
    }

    /// So many more are there.
    pub(super) fn came(&self, share: &Share) {
        let Some(gauge) = self.gauge(share) else { return };
        self.waiting(&share.target).bytes.fetch_add(share.bytes, Ordering::Relaxed);
        gauge.inc_by(share.count);
    }

    /// These wait for the main address instead.
    pub(super) fn adopt(&self, strays: &Share) {
        self.left(strays);
        self.came(&Share { target: String::new(), ..*strays });
        self.waiting("").news.notify_one();
    }

    /// This one waits again.
    pub(super) fn again(&self, again: &CameBack) {
        self.left(&again.before);
        self.came(&Share { target: again.target.clone(), state: EventState::Pending, ..again.before });
        self.waiting(&again.target).again.notify_one();
    }

    /// One waits no more, whose text has so many bytes: it was delivered, or given up on.
    pub(super) fn settled(&self, target: &str, text_bytes: u64, is_dead: bool) {
        let share = |state| Share { target: target.to_owned(), state, count: 1, bytes: text_bytes + ROW_BYTES };
        self.left(&share(EventState::Pending));
        if is_dead {
            self.came(&share(EventState::Dead));
        }
    }

    /// These are there no more.
    pub(super) fn left(&self, share: &Share) {
        let Some(gauge) = self.gauge(share) else { return };
        // Never below zero, whatever the disk did meanwhile.
        let less = |held: u64| Some(held.saturating_sub(share.bytes));
        let _ = self.waiting(&share.target).bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        gauge.dec_by(share.count);
    }

    /// What counts them. Delivered ones have a bound of their own, and count nowhere.
    fn gauge(&self, share: &Share) -> Option<Gauge> {
        let family = match share.state {
            EventState::Pending => &self.metrics.webhook_pending,
            EventState::Dead => &self.metrics.webhook_dead_kept,
            EventState::Delivered => return None,
        };
        Some(family.get_or_create_owned(&TargetLabels::of(&share.target)))
    }
}
