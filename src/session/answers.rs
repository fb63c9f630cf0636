//! Answers to sends, which wait until the room's history has what was sent, in the order of their requests. Meanwhile the next request
//! is heard: a member that sends one message after the other does not wait for the database with each.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::delivery::Keeping;
use crate::presence::Frame;

use super::machine::refuse;

/// Answers of one session that may wait: as many writes as one commit of the database gathers from it.
const MOST: usize = 64;

#[derive(Default)]
pub(super) struct Answers {
    waiting: VecDeque<Answer>,
}

struct Answer {
    id: Option<u64>,
    frame: Frame,
    keeping: Option<Keeping>,
}

impl Answers {
    /// One more, which may go when its message is kept.
    pub(super) fn push(&mut self, id: Option<u64>, frame: Frame, keeping: Option<Keeping>) {
        self.waiting.push_back(Answer { id, frame, keeping });
    }

    /// Whether one must go before another request is heard.
    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() >= MOST
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The next that may go; not ready while there is none. Nothing is lost when this is given up on.
    pub(super) async fn next(&mut self) -> Frame {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// The same for whoever waits for other things too.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Frame> {
        let Some(answer) = self.waiting.front_mut() else { return Poll::Pending };
        if let Some(keeping) = &mut answer.keeping {
            if let Err(refusal) = ready!(Pin::new(keeping).poll(cx)) {
                answer.frame = Frame::reply(refuse(answer.id, &refusal));
            }
            answer.keeping = None;
        }
        let Some(Answer { frame, .. }) = self.waiting.pop_front() else { return Poll::Pending };
        if self.waiting.is_empty() {
            // Most sessions send now and then; none of them shall keep room for many.
            self.waiting = VecDeque::new();
        }
        Poll::Ready(frame)
    }
}
