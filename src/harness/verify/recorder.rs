//! Puts what happens into a history, in the order in which it is seen. Everything that acts or listens has it.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Instant;

use parking_lot::Mutex;

use super::history::{CallNumber, ConnectionNumber, Entry, Micros, SessionNumber, Text, What};

/// The one writer of a history.
#[derive(Debug)]
pub struct Recorder {
    start: Instant,
    entries: Mutex<Vec<Entry>>,
    texts: Mutex<HashSet<Text>>,
    calls: AtomicU64,
    connections: AtomicU32,
    sessions: AtomicU32,
}

impl Recorder {
    /// A history begins.
    pub fn begin() -> Arc<Recorder> {
        Arc::new(Recorder {
            start: Instant::now(),
            entries: Mutex::default(),
            texts: Mutex::default(),
            // A request's id on a socket may be 0, but a reader of a history thinks of nothing then.
            calls: AtomicU64::new(1),
            connections: AtomicU32::new(1),
            sessions: AtomicU32::new(1),
        })
    }

    /// What time it is in the history.
    pub fn now(&self) -> Micros {
        u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Something happens.
    pub fn note(&self, what: What) {
        self.note_then(what, || ());
    }

    /// Something happens, and before anything else does, `then`: so that what is put in a row is recorded in the same order.
    pub fn note_then<T>(&self, what: What, then: impl FnOnce() -> T) -> T {
        let mut entries = self.entries.lock();
        entries.push(Entry { at: self.now(), what });
        then()
    }

    /// Several things happen with nothing between them.
    pub fn note_all(&self, all: impl IntoIterator<Item = What>) {
        let mut entries = self.entries.lock();
        let at = self.now();
        entries.extend(all.into_iter().map(|what| Entry { at, what }));
    }

    /// A text that is kept once, however often it comes.
    pub fn text(&self, text: &str) -> Text {
        let mut texts = self.texts.lock();
        if let Some(known) = texts.get(text) {
            return known.clone();
        }
        let text = Text::from(text);
        texts.insert(text.clone());
        text
    }

    /// A fresh number for a call; it is the request's id on a socket.
    pub fn call(&self) -> CallNumber {
        self.calls.fetch_add(1, Ordering::Relaxed)
    }

    /// A fresh number for a connection.
    pub fn connection(&self) -> ConnectionNumber {
        self.connections.fetch_add(1, Ordering::Relaxed)
    }

    /// A fresh number for a session.
    pub fn session(&self) -> SessionNumber {
        self.sessions.fetch_add(1, Ordering::Relaxed)
    }

    /// All that was recorded until now. What happens later begins an empty history.
    pub fn take(&self) -> Vec<Entry> {
        std::mem::take(&mut self.entries.lock())
    }

    /// Looks at what was recorded until now.
    pub fn look<T>(&self, look: impl FnOnce(&[Entry]) -> T) -> T {
        look(&self.entries.lock())
    }
}
