//! The writing side of a member's connection. A sender's messages and a reader's short answers go through one, and never into each other.

use std::cell::{Cell, RefCell};
use std::io::{ErrorKind, Result};

use tokio::net::tcp::OwnedWriteHalf;

/// Writes to one connection. Dropping it ends the connection.
#[derive(Debug)]
pub struct Pen {
    half: OwnedWriteHalf,
    /// Somebody is in the middle of writing.
    busy: Cell<bool>,
    /// Short answers that wait for that, or for the socket.
    waiting: RefCell<Vec<u8>>,
}

impl Pen {
    /// Writes there.
    pub fn new(half: OwnedWriteHalf) -> Pen {
        Pen { half, busy: Cell::new(false), waiting: RefCell::default() }
    }

    /// Says something short: now, or with what is said next. One that can't be written to is noticed by its reader.
    pub fn say(&self, bytes: &[u8]) {
        let mut waiting = self.waiting.borrow_mut();
        waiting.extend_from_slice(bytes);
        if !self.busy.get()
            && let Ok(written) = self.half.try_write(&waiting)
        {
            waiting.drain(..written);
        }
    }

    /// Writes all of it. Only one at a time may.
    pub async fn write(&self, bytes: &[u8]) -> Result<()> {
        self.busy.set(true);
        let mut first = self.waiting.take();
        let written = async {
            self.write_whole(&first).await?;
            self.write_whole(bytes).await?;
            first = self.waiting.take();
            self.write_whole(&first).await
        };
        let written = written.await;
        self.busy.set(false);
        written
    }

    async fn write_whole(&self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            match self.half.try_write(bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.half.writable().await?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
