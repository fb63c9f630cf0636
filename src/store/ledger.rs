//! What the ledger of events knows without asking the database: how much waits for each address, and that something new does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dashmap::DashMap;
use tokio::sync::Notify;

use crate::metrics::{EventLabels, Metrics, TargetLabels};
use crate::model::{Event, EventType};

use super::pending::Strays;

/// Bytes that a row takes besides its fields, its indexes counted.
pub(super) const ROW_BYTES: u64 = 200;

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
    bytes: AtomicU64,
    /// Something is there to be sent.
    pub(crate) news: Notify,
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
        id.strip_prefix(&self.name)?.strip_prefix('-')?.parse().ok()
    }

    /// What waits for an address.
    pub(crate) fn waiting(&self, target: &str) -> Arc<Waiting> {
        if let Some(known) = self.targets.get(target) {
            return known.clone();
        }
        self.targets.entry(target.to_owned()).or_default().clone()
    }

    /// Whether an event of so many bytes may be kept too.
    pub(super) fn weigh(&self, event: &Event, text: &str) -> Put {
        let bytes = text.len() as u64 + ROW_BYTES;
        let kept = self.waiting(&event.target).bytes.load(Ordering::Relaxed) + bytes <= self.most_bytes;
        Put { target: event.target.clone(), kind: event.kind, bytes, kept }
    }

    /// What was put in is committed.
    pub(super) fn take_in(&self, put: &Put) {
        if !put.kept {
            self.metrics.webhook_dropped.get_or_create(&TargetLabels::of(&put.target)).inc();
            return;
        }
        self.metrics.webhook_events.get_or_create(&EventLabels { event_type: put.kind as u32 }).inc();
        self.came(&put.target, put.bytes, 1);
    }

    /// So many more wait, with so many bytes of rows.
    pub(super) fn came(&self, target: &str, bytes: u64, count: i64) {
        let waiting = self.waiting(target);
        waiting.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.metrics.webhook_pending.get_or_create(&TargetLabels::of(target)).inc_by(count);
        waiting.news.notify_one();
    }

    /// These wait for the main address instead.
    pub(super) fn adopt(&self, strays: &Strays) {
        self.left(&strays.target, strays.bytes, strays.count);
        self.came("", strays.bytes, strays.count);
    }

    /// One waits no more, whose text has so many bytes.
    pub(super) fn settled(&self, target: &str, text_bytes: u64) {
        self.left(target, text_bytes + ROW_BYTES, 1);
    }

    fn left(&self, target: &str, bytes: u64, count: i64) {
        let waiting = self.waiting(target);
        // Never below zero, whatever the disk did meanwhile.
        let less = |held: u64| Some(held.saturating_sub(bytes));
        let _ = waiting.bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        self.metrics.webhook_pending.get_or_create(&TargetLabels::of(target)).dec_by(count);
    }
}
