//! Sends that others are asked about. All of a session's are asked at once; they are handed over in the order in which they came, however
//! the answers do.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures::future::BoxFuture;
use futures::stream::FuturesOrdered;
use futures::{FutureExt, StreamExt};

use crate::base::limits;
use crate::delivery::{Cleared, Delivery, Send};
use crate::model::Refusal;

/// A send by the id of its request. Boxed: a connection that waits holds room for it.
pub(super) type Asked = Box<(Option<u64>, Result<Cleared, Refusal>)>;

/// Most sessions have none, and hold no room for any.
#[derive(Default)]
pub(super) struct Clearing(Option<Box<FuturesOrdered<BoxFuture<'static, Asked>>>>);

impl Clearing {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Whether one must be through before another request is heard.
    pub(super) fn is_full(&self) -> bool {
        self.0.as_ref().is_some_and(|asked| asked.len() >= limits::QUESTIONS_A_SESSION)
    }

    /// One more.
    pub(super) fn push(&mut self, id: Option<u64>, send: Send, delivery: Arc<Delivery>) {
        let asking = async move {
            // A panic is this send's alone.
            let cleared = AssertUnwindSafe(delivery.clear(send)).catch_unwind().await;
            Box::new((id, cleared.unwrap_or(Err(Refusal::Internal))))
        };
        self.0.get_or_insert_default().push_back(Box::pin(asking));
    }

    /// The next that is through; not ready while there is none. Nothing is lost when this is given up on.
    pub(super) async fn next(&mut self) -> Asked {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// The same for whoever waits for other things too.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Asked> {
        let Some(asked) = &mut self.0 else { return Poll::Pending };
        let next = ready!(asked.poll_next_unpin(cx));
        if asked.is_empty() {
            self.0 = None;
        }
        next.map_or(Poll::Pending, Poll::Ready)
    }
}
