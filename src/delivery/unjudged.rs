//! What was handed over and waits to be judged.

use parking_lot::Mutex;
use tokio::sync::mpsc;

use crate::base::limits;
use crate::metrics::{Metrics, VerdictLabels};

use super::judge::Unjudged;

/// Bounded: a service that is slower than members send pictures must not cost memory without end.
#[derive(Debug)]
pub(super) struct Queue {
    way_in: mpsc::Sender<Unjudged>,
    way_out: Mutex<Option<mpsc::Receiver<Unjudged>>>,
    metrics: std::sync::Arc<Metrics>,
}

impl Queue {
    pub(super) fn new(metrics: std::sync::Arc<Metrics>) -> Queue {
        let (way_in, way_out) = mpsc::channel(limits::UNJUDGED);
        Queue { way_in, way_out: Mutex::new(Some(way_out)), metrics }
    }

    pub(super) fn push(&self, unjudged: Unjudged) {
        if let Err(error) = self.way_in.try_send(unjudged) {
            let lost = error.into_inner();
            self.metrics.verdicts.get_or_create(&VerdictLabels { what: "media", verdict: "unjudged" }).inc();
            let (room, msg_id) = (lost.room, lost.msg_id);
            tracing::warn!(%room, %msg_id, "too much waits for moderation.media_url: {msg_id} in room {room} is not judged");
        }
    }

    /// Its other end, for whoever takes care of it; there is one.
    pub(super) fn take(&self) -> Option<mpsc::Receiver<Unjudged>> {
        self.way_out.lock().take()
    }
}
