//! All members of a room on one server: they read what comes and count it, and some of them send.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures::{StreamExt, TryStreamExt, stream};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Semaphore;

use crate::child::Server;
use crate::frames::{Kind, PONG, Tally, Walker};
use crate::options::Options;
use crate::publisher::Publishers;
use crate::{Outcome, connection};

/// Connections being opened at a time: less than what a listener queues.
const OPENING: usize = 64;
/// What a member reads at once. All of them read into the same memory, so it stays in the cache.
const READ_BYTES: usize = 64 * 1024;
/// How long nothing must come until the rest counts as missing.
const QUIET: Duration = Duration::from_secs(10);

thread_local! {
    static BUFFER: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ_BYTES].into());
}

/// The members.
pub struct Crowd {
    pub size: usize,
    pub tally: Rc<Tally>,
    pub publishers: Publishers,
}

impl Crowd {
    /// Brings `size` members into the room; the first ones are the publishers.
    pub async fn gather(server: &Server, room: &str, size: usize, options: &Options) -> Outcome<Crowd> {
        let tally = Rc::new(Tally::default());
        let publishers = Publishers::new(options, size, tally.clone());
        let sockets: Vec<TcpStream> = stream::iter(0..size)
            .map(|number| connection::enter(server, room, number, number < publishers.count()))
            .buffered(OPENING)
            .try_collect()
            .await?;
        for (number, socket) in sockets.into_iter().enumerate() {
            let (reader, writer) = socket.into_split();
            let (writer, replies) = match publishers.start(number, writer, room) {
                Ok(replies) => (None, Some(replies)),
                Err(writer) => (Some(writer), None),
            };
            tokio::task::spawn_local(read(reader, writer, replies, tally.clone()));
        }
        Ok(Crowd { size, tally, publishers })
    }

    /// Waits until all that was sent has come; returns how many deliveries did not.
    pub async fn settle(&self) -> u64 {
        let expected = self.publishers.sent() * self.size as u64;
        let (mut latest, mut since) = (self.tally.deliveries.get(), Instant::now());
        while latest < expected && since.elapsed() < QUIET {
            tokio::time::sleep(Duration::from_millis(10)).await;
            if self.tally.deliveries.get() > latest {
                (latest, since) = (self.tally.deliveries.get(), Instant::now());
            }
        }
        expected - self.tally.deliveries.get()
    }
}

/// Reads until the server ends the connection. Only those who do not publish answer pings: a publisher is heard anyway.
async fn read(
    mut reader: OwnedReadHalf,
    writer: Option<OwnedWriteHalf>,
    replies: Option<Rc<Semaphore>>,
    tally: Rc<Tally>,
) {
    let mut walker = Walker::default();
    let mut more = true;
    while more {
        more = poll_fn(|cx| {
            poll_some(&mut reader, cx, |bytes| {
                walker.walk(bytes, |frame| match (frame.kind, &replies, &writer) {
                    (Kind::Reply, Some(replies), _) => replies.add_permits(1),
                    // So small a frame always fits: nothing else is written here.
                    (Kind::Ping, _, Some(writer)) => drop(writer.try_write(&PONG)),
                    _ => tally.note(frame),
                });
            })
        })
        .await;
    }
    tally.ended.set(tally.ended.get() + 1);
}

/// Reads once into the shared buffer; false at the end.
fn poll_some(reader: &mut OwnedReadHalf, cx: &mut Context<'_>, mut came: impl FnMut(&[u8])) -> Poll<bool> {
    BUFFER.with_borrow_mut(|buffer| {
        let mut buffer = ReadBuf::new(buffer);
        let read = ready!(Pin::new(reader).poll_read(cx, &mut buffer));
        came(buffer.filled());
        Poll::Ready(read.is_ok() && !buffer.filled().is_empty())
    })
}
