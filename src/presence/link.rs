//! How a session is reached: over its connection, or for a while not at all. Either way anybody may say that it shall end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::task::AtomicWaker;
use tokio::net::TcpStream;

use crate::wire::CloseCode;

/// One connection as its two sides share it: the reader reads from the socket, the writer writes to it.
#[derive(Debug)]
pub struct Link {
    pub(super) socket: TcpStream,
    word: Word,
    /// Nothing is read from it nor written to it.
    frozen: AtomicBool,
    /// How many of the frames counted its client says that it has.
    received: AtomicU64,
}

/// A session whose connection is gone, and that may come back over another.
#[derive(Debug)]
pub struct Away {
    /// Where it was connected from.
    peer: Option<SocketAddr>,
    word: Word,
}

/// A session's connection, or its absence.
#[derive(Debug, Clone)]
pub enum Line {
    /// It is connected.
    Here(Arc<Link>),
    /// It is not.
    Away(Arc<Away>),
}

/// Why a connection or an absence ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The socket failed; there is nobody to tell.
    Broken,
    /// The session goes on over another connection.
    Moved,
    /// To be told with this code.
    Close(CloseCode),
}

/// The word that it shall end: said once, the first counts. One task waits for it, the session's own.
#[derive(Debug)]
struct Word {
    /// 0 while it goes on; 1 when it broke; 2 when it moved; else the close code.
    ending: AtomicU16,
    waiter: AtomicWaker,
}

const GOING_ON: u16 = 0;
const BROKEN: u16 = 1;
const MOVED: u16 = 2;

impl Word {
    fn new() -> Word {
        Word { ending: AtomicU16::new(GOING_ON), waiter: AtomicWaker::new() }
    }

    fn say(&self, ending: u16) {
        if self.ending.compare_exchange(GOING_ON, ending, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            self.waiter.wake();
        }
    }

    fn said(&self) -> Option<Ending> {
        match self.ending.load(Ordering::Acquire) {
            GOING_ON => None,
            MOVED => Some(Ending::Moved),
            number => Some(CloseCode::from_number(number).map_or(Ending::Broken, Ending::Close)),
        }
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<Ending> {
        self.waiter.register(cx.waker());
        self.said().map_or(Poll::Pending, Poll::Ready)
    }
}

impl Link {
    /// A link over a connected socket.
    pub fn new(socket: TcpStream) -> Link {
        Link { socket, word: Word::new(), frozen: AtomicBool::new(false), received: AtomicU64::new(0) }
    }

    /// The socket, for its reader.
    pub fn socket(&self) -> &TcpStream {
        &self.socket
    }

    /// Asks the session to close with `code`.
    pub fn end(&self, code: CloseCode) {
        self.word.say(code.number());
    }

    /// Breaks it, as a pulled cable would: no close frame, and what is on its way is lost.
    pub fn cut(&self) {
        let _ = socket2::SockRef::from(&self.socket).set_linger(Some(Duration::ZERO));
        self.broke();
    }

    /// The client has so many of the frames counted. Its writer looks when it next comes by: nobody waits for that.
    pub fn acknowledge(&self, received: u64) {
        self.received.store(received, Ordering::Release);
    }

    /// What was last said of that.
    pub(super) fn received(&self) -> u64 {
        self.received.load(Ordering::Acquire)
    }

    /// Holds it still, as if the other side were gone without a word, or lets it go on. Its writer does this, so nothing is half written.
    pub(super) fn freeze(&self, frozen: bool) {
        self.frozen.store(frozen, Ordering::Release);
        // Its reader waits for the word, too.
        self.word.waiter.wake();
    }

    /// Whether it is held still.
    pub fn is_frozen(&self) -> bool {
        self.frozen.load(Ordering::Acquire)
    }

    /// Whether somebody asked for the end.
    pub fn has_ended(&self) -> bool {
        self.word.said().is_some()
    }

    pub(super) fn broke(&self) {
        self.word.say(BROKEN);
    }

    /// Ready when somebody asked for the end.
    pub fn poll_ending(&self, cx: &mut Context<'_>) -> Poll<Ending> {
        self.word.poll(cx)
    }
}

impl Away {
    /// The absence of a session that was connected from there.
    pub fn new(peer: Option<SocketAddr>) -> Away {
        Away { peer, word: Word::new() }
    }

    /// Ready when somebody asked for the end.
    pub fn poll_ending(&self, cx: &mut Context<'_>) -> Poll<Ending> {
        self.word.poll(cx)
    }
}

impl Line {
    fn word(&self) -> &Word {
        match self {
            Line::Here(link) => &link.word,
            Line::Away(away) => &away.word,
        }
    }

    /// Asks the session to close with `code`.
    pub fn end(&self, code: CloseCode) {
        self.word().say(code.number());
    }

    /// Asks the session to let go: it goes on over another connection.
    pub fn move_away(&self) {
        self.word().say(MOVED);
    }

    /// Why it shall end; `None` while it goes on.
    pub fn ending(&self) -> Option<Ending> {
        self.word().said()
    }

    /// Where the session is connected from, or was; `None` where the connection is gone already.
    pub fn peer(&self) -> Option<SocketAddr> {
        match self {
            Line::Here(link) => link.socket.peer_addr().ok(),
            Line::Away(away) => away.peer,
        }
    }

    /// Whether it is not connected.
    pub fn is_away(&self) -> bool {
        matches!(self, Line::Away(_))
    }
}
