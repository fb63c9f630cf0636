//! The reading half of a connection, as tungstenite sees it. tungstenite reads, writers write: whatever it wants to write by itself
//! (pongs, its answer to a close) is thrown away here, because the session sends the same through its outlet.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use hyper::body::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::base::Clock;
use crate::presence::Link;

use super::meter::Meter;

#[derive(Debug)]
pub(super) struct Inbound {
    link: Arc<Link>,
    /// What came together with the handshake.
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
        if !self.early.is_empty() {
            let count = self.early.len().min(buffer.remaining());
            buffer.put_slice(&self.early.split_to(count));
            return Poll::Ready(Ok(()));
        }
        let socket = self.link.socket();
        loop {
            ready!(socket.poll_read_ready(cx))?;
            match socket.try_read(buffer.initialize_unfilled()) {
                Ok(count) => {
                    buffer.advance(count);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
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
