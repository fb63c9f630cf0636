//! An action under way, apart from whoever waits for it: neither ends the other before its time.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::FutureExt;
use futures::future::CatchUnwind;
use tokio::runtime::Handle;

use crate::model::Refusal;

use super::{Answer, Running};

/// Done in its caller's task, since most actions never wait. Dropped before its end, as hyper does with the request of a caller that hangs up,
/// it goes on in a task of its own: what was changed already must still be told. A panic in it is its own end only.
pub(crate) struct Apart {
    /// Its address.
    action: &'static str,
    /// `None` when it has ended.
    running: Option<CatchUnwind<AssertUnwindSafe<Running>>>,
}

impl Apart {
    pub(super) fn new(action: &'static str, running: Running) -> Apart {
        // What it leaves half done behind a panic is what a task that panics leaves: no lock of ours stays locked.
        Apart { action, running: Some(AssertUnwindSafe(running).catch_unwind()) }
    }
}

impl Future for Apart {
    type Output = Result<Answer, Refusal>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Answer, Refusal>> {
        let action = self.action;
        let running = self.running.as_mut().expect("a future is not polled after its end");
        let ended = ready!(running.poll_unpin(cx));
        self.running = None;
        Poll::Ready(ended.unwrap_or_else(|_| {
            tracing::error!(action, "{action} panicked; its caller got 500");
            Err(Refusal::Internal)
        }))
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        // Without a runtime everything ends here, and so does this.
        if let Some(running) = self.running.take()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(running);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn what_its_caller_lets_go_of_is_done_to_its_end() {
        let (go_on, gate) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let mut apart = Apart::new(
            "/for/test.action",
            Box::pin(async {
                let _ = gate.await;
                let _ = end.send(());
                Ok(Answer::done())
            }),
        );
        assert!(futures::poll!(&mut apart).is_pending());
        drop(apart);
        go_on.send(()).unwrap();
        assert_eq!(ended.await, Ok(()));
    }

    #[tokio::test]
    async fn what_panics_after_a_wait_ends_there() {
        let mut turns = 0;
        let panics = std::future::poll_fn(move |cx| {
            turns += 1;
            cx.waker().wake_by_ref();
            if turns == 1 { Poll::Pending } else { panic!("on purpose, by a test") }
        });
        let refusal = Apart::new("/for/test.action", Box::pin(panics)).await.unwrap_err();
        assert_eq!(refusal, Refusal::Internal);
    }
}
