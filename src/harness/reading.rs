//! Reading for very many members: all of a thread read into the same memory, so it stays in the cache and none has a buffer of its own.

use std::cell::RefCell;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::tcp::OwnedReadHalf;

/// What a member reads at once.
const READ_BYTES: usize = 64 * 1024;

thread_local! {
    static BUFFER: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ_BYTES].into());
}

/// Reads once and shows what came; false at the end. `came` reads nothing itself.
pub fn poll_some(reader: &mut OwnedReadHalf, cx: &mut Context<'_>, came: impl FnOnce(&[u8])) -> Poll<bool> {
    BUFFER.with_borrow_mut(|buffer| {
        let mut buffer = ReadBuf::new(buffer);
        let read = ready!(Pin::new(reader).poll_read(cx, &mut buffer));
        came(buffer.filled());
        Poll::Ready(read.is_ok() && !buffer.filled().is_empty())
    })
}
