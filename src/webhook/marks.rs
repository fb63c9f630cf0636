//! What came of attempts, on its way into the database: what comes while some of it is being written goes together.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::Instant;

use crate::store::{Mark, Store};

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
    /// Whether it worked; none while it waits to be tried again.
    kept: Option<BoxFuture<'static, bool>>,
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

    /// Writes what waits, and answers it when it is written. Waits for ever where nothing does. Can be dropped and called again.
    pub(super) async fn written(&mut self) -> Arc<Vec<Mark>> {
        if self.writing.is_none() {
            if self.waiting.is_empty() {
                return std::future::pending().await;
            }
            let marks = Arc::new(std::mem::take(&mut self.waiting));
            self.writing = Some(self.begin(marks));
        }
        loop {
            let Some(writing) = &mut self.writing else { return std::future::pending().await };
            let is_kept = match &mut writing.kept {
                Some(kept) => kept.await,
                None => false,
            };
            writing.kept = None;
            let marks = writing.marks.clone();
            if is_kept {
                self.writing = None;
                return marks;
            }
            tokio::time::sleep_until(writing.again).await;
            self.writing = Some(self.begin(marks));
        }
    }

    fn begin(&self, marks: Arc<Vec<Mark>>) -> Writing {
        let (store, target, written) = (self.store.clone(), self.target.clone(), marks.clone());
        let kept = async move {
            match store.mark_events(&target, written).await {
                Ok(kept) => kept.await,
                Err(_) => false,
            }
        };
        Writing { marks, kept: Some(Box::pin(kept)), again: Instant::now() + AFTER_FAILURE }
    }
}
