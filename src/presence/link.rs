//! One connection as its two sides share it: the socket, and the word that it shall end.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::task::{Context, Poll};

use futures::task::AtomicWaker;
use tokio::net::TcpStream;

use crate::wire::CloseCode;

/// The reader reads from the socket, the writer writes to it; either may say that it shall end.
#[derive(Debug)]
pub struct Link {
    pub(super) socket: TcpStream,
    /// 0 while it goes on; 1 when it broke; else the close code.
    ending: AtomicU16,
    reader: AtomicWaker,
}

const GOING_ON: u16 = 0;
const BROKEN: u16 = 1;

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The socket failed; there is nobody to tell.
    Broken,
    /// To be told with this code.
    Close(CloseCode),
}

impl Link {
    /// A link over a connected socket.
    pub fn new(socket: TcpStream) -> Link {
        Link { socket, ending: AtomicU16::new(GOING_ON), reader: AtomicWaker::new() }
    }

    /// The socket, for its reader.
    pub fn socket(&self) -> &TcpStream {
        &self.socket
    }

    /// Where it comes from; `None` where it is gone already.
    pub fn peer(&self) -> Option<SocketAddr> {
        self.socket.peer_addr().ok()
    }

    /// Asks the session to close with `code`. The first reason counts.
    pub fn end(&self, code: CloseCode) {
        self.set_ending(code.number());
    }

    pub(super) fn broke(&self) {
        self.set_ending(BROKEN);
    }

    fn set_ending(&self, ending: u16) {
        if self.ending.compare_exchange(GOING_ON, ending, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            self.reader.wake();
        }
    }

    /// Why it shall end; `None` while it goes on.
    pub fn ending(&self) -> Option<Ending> {
        match self.ending.load(Ordering::Acquire) {
            GOING_ON => None,
            number => Some(CloseCode::from_number(number).map_or(Ending::Broken, Ending::Close)),
        }
    }

    /// Ready when somebody asked for the end. One task may wait, the session's own.
    pub fn poll_ending(&self, cx: &mut Context<'_>) -> Poll<Ending> {
        self.reader.register(cx.waker());
        self.ending().map_or(Poll::Pending, Poll::Ready)
    }
}
