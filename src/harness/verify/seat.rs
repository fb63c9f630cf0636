//! What a member has of its session, whichever connection it has: how many frames have come, which answers it waits for.

use std::collections::HashMap;

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::history::{Answer, CallNumber, Frame, Left, SessionNumber, What};
use super::parse::{self, Short};
use super::recorder::Recorder;

/// A session seen from outside.
#[derive(Debug, Default)]
pub(super) struct Seat {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    session: Option<(SessionNumber, String)>,
    received: u64,
    waiting: HashMap<CallNumber, Waiting>,
}

/// Somebody waits for an answer.
#[derive(Debug)]
pub(super) struct Waiting {
    /// What was asked.
    pub(super) asked: Asked,
    /// Who wants to hear it.
    pub(super) done: Option<oneshot::Sender<Answer>>,
    /// Gives way to one more when the answer is here.
    pub(super) permit: Option<OwnedSemaphorePermit>,
}

/// What of a request matters when its answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Login,
    Send,
    Other,
}

/// What a frame that came is, beside its entry.
pub(super) struct Taken {
    /// Its place among the frames of its session; 0 where it is not counted.
    pub(super) place: u64,
    pub(super) frame: Frame,
    /// What follows from it.
    pub(super) then: Vec<What>,
    /// Whom to tell.
    tell: Vec<(oneshot::Sender<Answer>, Answer)>,
}

impl Taken {
    /// Tells who waited. After it was recorded.
    pub(super) fn tell(self) {
        for (done, answer) in self.tell {
            // Who does not wait any more has given up on it.
            let _ = done.send(answer);
        }
    }
}

impl Seat {
    /// Waits for an answer to `call`.
    pub(super) fn expect(&self, call: CallNumber, waiting: Waiting) {
        self.inner.lock().waiting.insert(call, waiting);
    }

    /// It was never asked.
    pub(super) fn cancel(&self, call: CallNumber) {
        self.inner.lock().waiting.remove(&call);
    }

    /// Frames that have come, and the session's number and name, where there is one.
    pub(super) fn left(&self) -> Option<(Left, String)> {
        let inner = self.inner.lock();
        let (session, name) = inner.session.clone()?;
        Some((Left { session, received: inner.received }, name))
    }

    /// How many frames have come.
    pub(super) fn received(&self) -> u64 {
        self.inner.lock().received
    }

    /// The session can't be gone on with.
    pub(super) fn forget(&self, recorder: &Recorder) {
        self.inner.lock().session = None;
        self.give_up(recorder);
    }

    /// Nobody waits any more: whatever has no answer by now, nobody knows what became of it.
    pub(super) fn give_up(&self, recorder: &Recorder) {
        let waiting: Vec<(CallNumber, Waiting)> = self.inner.lock().waiting.drain().collect();
        let answer = Answer::Unknown { why: recorder.text("no answer came") };
        recorder.note_all(
            (waiting.iter().filter(|(_, waiting)| waiting.asked != Asked::Login))
                .map(|(call, _)| What::Completed { call: *call, answer: answer.clone() }),
        );
        for done in waiting.into_iter().filter_map(|(_, waiting)| waiting.done) {
            let _ = done.send(answer.clone());
        }
    }

    /// A frame came that is no reply.
    pub(super) fn take(&self, frame: Frame) -> Taken {
        Taken { place: self.inner.lock().count(), frame, then: Vec::new(), tell: Vec::new() }
    }

    /// A reply came; `text` is all of it.
    pub(super) fn take_reply(&self, connection: u32, reply: &Short, text: &str, recorder: &Recorder) -> Taken {
        let mut inner = self.inner.lock();
        let call = reply.id.filter(|id| inner.waiting.contains_key(id));
        let Some(Waiting { asked, done, permit }) = call.and_then(|call| inner.waiting.remove(&call)) else {
            let frame = Frame::Reply { call: None, code: reply.code.unwrap_or_default() };
            return Taken { place: inner.count(), frame, then: Vec::new(), tell: Vec::new() };
        };
        drop(permit);
        let code = reply.code.unwrap_or_default();
        let answer = match asked {
            Asked::Send if code == 200 => parse::sent(text, recorder),
            _ => reply.answer(recorder),
        };
        let mut tell: Vec<_> = done.into_iter().map(|done| (done, answer.clone())).collect();
        if asked == Asked::Login {
            let (place, then, others) = inner.log_in(connection, reply, code, recorder);
            tell.extend(others);
            return Taken { place, frame: Frame::Reply { call: None, code }, then, tell };
        }
        let then = call.map(|call| What::Completed { call, answer }).into_iter().collect();
        Taken { place: inner.count(), frame: Frame::Reply { call, code }, then, tell }
    }
}

type Others = Vec<(oneshot::Sender<Answer>, Answer)>;

impl Inner {
    fn count(&mut self) -> u64 {
        if self.session.is_none() {
            return 0;
        }
        self.received += 1;
        self.received
    }

    fn log_in(&mut self, connection: u32, reply: &Short, code: u16, recorder: &Recorder) -> (u64, Vec<What>, Others) {
        if code != 200 {
            return (0, vec![What::LoginRefused { connection, code }], Vec::new());
        }
        if let (Some(true), Some((session, _))) = (reply.resumed, &self.session) {
            return (0, vec![What::LoggedIn { connection, session: *session, resumed: true }], Vec::new());
        }
        let answer = Answer::Unknown { why: recorder.text("the session was over") };
        let mut then = Vec::new();
        let mut others = Vec::new();
        for (call, waiting) in self.waiting.drain().filter(|(_, waiting)| waiting.asked != Asked::Login) {
            then.push(What::Completed { call, answer: answer.clone() });
            others.extend(waiting.done.map(|done| (done, answer.clone())));
        }
        let session = recorder.session();
        self.session = Some((session, reply.session.clone().unwrap_or_default()));
        self.received = 1;
        then.push(What::LoggedIn { connection, session, resumed: false });
        (1, then, others)
    }
}
