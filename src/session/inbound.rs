//! The reading half of a connection, as tungstenite sees it. tungstenite reads, writers write: whatever it wants to write by itself
//! (pongs, its answer to a close) is thrown away here, because the session sends the same through its outlet.

use std::cell::RefCell;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use hyper::body::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::base::{Clock, limits};
use crate::presence::Link;

use super::meter::Meter;

thread_local! {
    static AHEAD: RefCell<[u8; limits::READ_AHEAD_BYTES]> = const { RefCell::new([0; limits::READ_AHEAD_BYTES]) };
}

#[derive(Debug)]
pub(super) struct Inbound {
    link: Arc<Link>,
    /// What has come and was not asked for yet; at first what came together with the handshake.
    early: Bytes,
    clock: Clock,
    pub(super) meter: Meter,
    /// The meter had enough; reading fails from then on.
    pub(super) flooded: bool,
}

impl Inbound {
    pub(super) fn new(link: Arc<Link>, early: Bytes, clock: Clock, meter: Meter) -> Inbound {
        Inbound { link, early, clock, meter, flooded: false }
    }

    fn poll_some(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.early.is_empty() {
            return self.poll_ahead(cx, buffer);
        }
        let count = self.early.len().min(buffer.remaining());
        buffer.put_slice(&self.early[..count]);
        // An empty rest would still hold the whole.
        self.early = if count == self.early.len() { Bytes::new() } else { self.early.split_off(count) };
        Poll::Ready(Ok(()))
    }

    /// Reads into memory that all connections of this thread share; what `buffer` has no room for is kept. So a connection's own buffer can
    /// be small, and does not cost it a call for each small piece.
    fn poll_ahead(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let socket = self.link.socket();
        loop {
            ready!(socket.poll_read_ready(cx))?;
            let read = AHEAD.with_borrow_mut(|ahead| {
                let count = socket.try_read(ahead)?;
                let fits = count.min(buffer.remaining());
                buffer.put_slice(&ahead[..fits]);
                if fits < count {
                    self.early = Bytes::copy_from_slice(&ahead[fits..count]);
                }
                Ok(())
            });
            match read {
                Err(error) if io::Error::kind(&error) == io::ErrorKind::WouldBlock => {}
                read => return Poll::Ready(read),
            }
        }
    }
}

impl AsyncRead for Inbound {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(self.poll_some(cx, buffer))?;
        let now = self.clock.now();
        self.flooded |= self.meter.scan(&buffer.filled()[before..], now).is_err();
        Poll::Ready(if self.flooded { Err(io::ErrorKind::QuotaExceeded.into()) } else { Ok(()) })
    }
}

impl AsyncWrite for Inbound {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
