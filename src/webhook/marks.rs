//! What came of attempts, on its way into the database: what comes while some of it is being written goes together.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::store::{Kept, Mark, Store};

/// How soon what could not be written is written again. Until then the events are held, so that a full disk does not have them sent
/// again and again.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

pub(super) struct Marks {
    target: String,
    store: Arc<Store>,
    waiting: Vec<Mark>,
    writing: Option<Writing>,
}

struct Writing {
    marks: Arc<Vec<Mark>>,
    kept: Option<Kept>,
    /// When it is tried again, where it failed. Real time: a test's clock does not stop disks from failing.
    again: Instant,
}

impl Marks {
    pub(super) fn new(target: &str, store: Arc<Store>) -> Marks {
        Marks { target: target.to_owned(), store, waiting: Vec::new(), writing: None }
    }

    pub(super) fn push(&mut self, mark: Mark) {
        self.waiting.push(mark);
    }

    /// Whether all is written.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.writing.is_none()
    }

    /// Begins to write what waits, unless something is being written.
    pub(super) async fn write(&mut self) {
        if self.writing.is_none() && !self.waiting.is_empty() {
            let marks = Arc::new(std::mem::take(&mut self.waiting));
            let kept = self.store.mark_events(&self.target, marks.clone()).await.ok();
            self.writing = Some(Writing { marks, kept, again: Instant::now() + AFTER_FAILURE });
        }
    }

    /// The numbers of the events whose marks are written now. Waits for ever where none are being written.
    pub(super) async fn written(&mut self) -> Vec<i64> {
        loop {
            let Some(writing) = &mut self.writing else { return std::future::pending().await };
            let is_kept = match &mut writing.kept {
                Some(kept) => kept.await,
                None => false,
            };
            if is_kept {
                let numbers = writing.marks.iter().map(|mark| mark.number).collect();
                self.writing = None;
                return numbers;
            }
            writing.kept = None;
            tokio::time::sleep_until(writing.again).await;
            writing.again = Instant::now() + AFTER_FAILURE;
            writing.kept = self.store.mark_events(&self.target, writing.marks.clone()).await.ok();
        }
    }
}
