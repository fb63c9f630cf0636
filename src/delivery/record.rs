//! What is kept of a message: a row of its room's history, and the event that tells the application server of it. Both in one transaction.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::base::limits;
use crate::model::{Event, Lane, Record, Refusal, Sender};
use crate::presence::{HandedOver, Range};
use crate::store::{Keep, Kept};

use super::{Cleared, Delivery};

/// Something of a message that is on its way to the database.
#[derive(Debug)]
pub struct Keeping {
    kept: Kept,
    /// Its sender must know where it does not get there.
    required: bool,
}

impl Future for Keeping {
    type Output = Result<(), Refusal>;

    /// Ready when it is there. What can't be is logged where it happens.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Refusal>> {
        let kept = ready!(Pin::new(&mut self.kept).poll(cx));
        Poll::Ready(if kept || !self.required { Ok(()) } else { Err(Refusal::EventUnkept) })
    }
}

impl Delivery {
    /// Has a message kept. It is handed over: where only the history can't take it, that is logged, and must not make its sender send it
    /// again.
    pub(super) async fn record(
        &self,
        cleared: &Cleared,
        sender: &Sender,
        handed: &HandedOver,
        range: &Range,
        lane: Lane,
    ) -> Result<Option<Keeping>, Refusal> {
        let send = &cleared.send;
        // What is sent again stands in the history already.
        let recorded = send.is_recorded() && self.keeps_history() && !handed.known;
        #[cfg(feature = "wrong-gateways")]
        let recorded = recorded && !Wrong::ForgetsHistory.once_in(20);
        let keep = recorded.then(|| Keep {
            record: Record::of(&send.message(handed.stamp, sender, lane), send.room, range.tags_text()),
            most: self.history_length(),
            // Nobody may have been there to remember that it was sent before.
            again_since: (send.body.resend == Some(true))
                .then(|| handed.stamp.time.saturating_sub(limits::RESEND_WINDOW_MS)),
        });
        let event = self.message_event(send, sender, cleared.opinion.finding.as_ref(), false, handed.stamp);
        self.keep(keep, event).await
    }

    /// Has this kept, where there is something.
    pub(super) async fn keep(&self, keep: Option<Keep>, event: Option<Event>) -> Result<Option<Keeping>, Refusal> {
        if keep.is_none() && event.is_none() {
            return Ok(None);
        }
        let required = event.is_some();
        // Boxed, or a message of which nothing is kept would hold room for it.
        match Box::pin(self.store.record(keep, event)).await {
            Ok(kept) => Ok(Some(Keeping { kept, required })),
            Err(error) => {
                tracing::error!(%error, "keeping a message failed: {error}");
                if required { Err(Refusal::EventUnkept) } else { Ok(None) }
            }
        }
    }
}
