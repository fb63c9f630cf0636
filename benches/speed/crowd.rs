//! All members of a room on one server: they read what comes and count it, and some of them send.

use std::future::poll_fn;
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures::{StreamExt, TryStreamExt, stream};
use roomgate::harness::Entrance;
use roomgate::harness::frames::{self, Frame, Kind, PONG, Walker};
use roomgate::harness::reading::poll_some;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::task::JoinHandle;

use crate::accounts::{TOKEN, accid};
use crate::options::Options;
use crate::publisher::{Publisher, Publishers};
use crate::server::Server;
use crate::tally::Tally;
use crate::{Outcome, stamp};

/// Connections being opened at a time: less than what a listener queues.
const OPENING: usize = 64;
/// How long nothing must come until the rest counts as missing.
const QUIET: Duration = Duration::from_secs(10);

/// The members. They go when it is dropped.
pub struct Crowd {
    pub size: usize,
    pub tally: Rc<Tally>,
    pub publishers: Publishers,
    /// Messages that others than the publishers had sent to members, each once for every member.
    addressed: std::cell::Cell<u64>,
    readers: Vec<JoinHandle<()>>,
}

/// Of so many members the first notes latencies.
pub type TimedOneIn = usize;

impl Crowd {
    /// Brings `size` members into the room; the first ones can publish.
    pub async fn gather(
        server: &Server,
        room: &str,
        size: usize,
        options: &Options,
        timed_one_in: TimedOneIn,
    ) -> Outcome<Crowd> {
        let tally = Rc::new(Tally::default());
        let mut publishers = Publishers::new(options, size, tally.clone(), room);
        let entrance = Entrance::find(&format!("ws://{}/ws", server.address)).await?;
        let entering = stream::iter(0..size).map(|number| enter(server, &entrance, room, number));
        let members: Vec<(TcpStream, Member)> = entering.buffered(OPENING).try_collect().await?;
        let mut readers = Vec::with_capacity(size);
        for (number, (stream, mut member)) in members.into_iter().enumerate() {
            member.timed = number % timed_one_in == 0;
            let (reader, writer) = stream.into_split();
            let writer = match publishers.take(writer) {
                Ok(publisher) => Line::Publisher(publisher),
                Err(writer) => Line::Listener(writer),
            };
            readers.push(tokio::task::spawn_local(read(reader, writer, member, tally.clone())));
        }
        Ok(Crowd { size, tally, publishers, addressed: 0.into(), readers })
    }

    /// Somebody else had so many deliveries made.
    pub fn expect(&self, deliveries: u64) {
        self.addressed.set(self.addressed.get() + deliveries);
    }

    /// Waits until all that was sent has come; returns how many deliveries did not.
    pub async fn settle(&self) -> u64 {
        let expected = self.publishers.sent() * self.size as u64 + self.addressed.get();
        let (mut latest, mut since) = (self.tally.deliveries.get(), Instant::now());
        while latest < expected && since.elapsed() < QUIET {
            tokio::time::sleep(Duration::from_millis(10)).await;
            if self.tally.deliveries.get() > latest {
                (latest, since) = (self.tally.deliveries.get(), Instant::now());
            }
        }
        expected.abs_diff(self.tally.deliveries.get())
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.readers.iter().for_each(JoinHandle::abort);
    }
}

/// One member who is in the room.
pub struct Member {
    walker: Walker,
    /// Text frames of this session until now, as an `ack` counts them.
    received: u64,
    timed: bool,
}

enum Line {
    Publisher(Rc<Publisher>),
    Listener(OwnedWriteHalf),
}

/// Connects member `number`, who is in the room when this returns.
pub async fn enter(server: &Server, entrance: &Entrance, room: &str, number: usize) -> Outcome<(TcpStream, Member)> {
    let mut connection = entrance.connect(number).await?;
    connection.login(server.app.key(), &accid(number), TOKEN).await?;
    let mut came = 0;
    connection.join(room, |_| came += 1).await?;
    let (stream, walker) = connection.into_parts();
    // The two replies are counted too.
    Ok((stream, Member { walker, received: 2 + came, timed: false }))
}

/// Reads until the server ends the connection.
async fn read(mut reader: OwnedReadHalf, line: Line, mut member: Member, tally: Rc<Tally>) {
    let mut more = true;
    while more {
        more = poll_fn(|cx| poll_some(&mut reader, cx, |bytes| member.hear(bytes, &line, &tally))).await;
    }
    tally.ended.set(tally.ended.get() + 1);
}

impl Member {
    fn hear(&mut self, bytes: &[u8], line: &Line, tally: &Tally) {
        let now = if self.timed && tally.timing.get() { stamp::now() } else { 0 };
        let (timed, before) = (self.timed, self.received);
        let received = &mut self.received;
        self.walker.walk(bytes, |frame: Frame<'_>| {
            *received += u64::from(!matches!(frame.kind, Kind::Ping | Kind::Close));
            match (frame.kind, line) {
                (Kind::Reply, Line::Publisher(publisher)) => publisher.is_answered(),
                (Kind::Ping, line) => line.say(&PONG),
                _ => tally.note(frame, timed, now),
            }
        });
        let every = tally.ack.get();
        if every > 0 && before / every != self.received / every {
            let mut ack = Vec::with_capacity(64);
            frames::push_text(&mut ack, &format!(r#"{{"op":"ack","received":{}}}"#, self.received));
            line.say(&ack);
        }
    }
}

impl Line {
    /// So small a frame always fits: nothing else is written meanwhile.
    fn say(&self, frame: &[u8]) {
        match self {
            Line::Publisher(publisher) => publisher.say(frame),
            Line::Listener(writer) => drop(writer.try_write(frame)),
        }
    }
}
