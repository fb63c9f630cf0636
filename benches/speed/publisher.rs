//! Members who send: all they can, each with its share of messages under way that were not answered yet, or one message at a time. Who
//! sends all it can waits when the members have fallen behind, because roomgate does not: it would drop what a slow load can't take.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use roomgate::harness::frames;
use tokio::io::AsyncWriteExt;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinHandle;

use crate::options::Options;
use crate::stamp::{self, Lane};
use crate::tally::Tally;

/// Messages written at once at the most.
const TOGETHER: usize = 16;
/// How far the members may be behind, in bytes of frames for each: half of what roomgate keeps for one by default.
const BEHIND_BYTES: u64 = 128 * 1024;
/// How long the publishers wait then.
const PAUSE: Duration = Duration::from_millis(1);

/// All publishers of a room.
pub struct Publishers {
    count: usize,
    outstanding: usize,
    all: Vec<Rc<Publisher>>,
    shared: Rc<Shared>,
}

/// What a room's publishers have in common.
struct Shared {
    room: String,
    attach: Cell<String>,
    members: u64,
    tally: Rc<Tally>,
    sent: Cell<u64>,
    stopped: Cell<bool>,
}

/// A member who sends.
pub struct Publisher {
    writer: Mutex<OwnedWriteHalf>,
    window: Semaphore,
}

impl Publishers {
    /// Some of the `members` of a room; `tally` counts what comes to all of them.
    pub fn new(options: &Options, members: usize, tally: Rc<Tally>, room: &str) -> Publishers {
        let count = options.publishers.clamp(1, members.max(1));
        let shared = Shared {
            room: room.to_owned(),
            attach: Cell::default(),
            members: members as u64,
            tally,
            sent: Cell::default(),
            stopped: Cell::new(true),
        };
        Publishers {
            count,
            outstanding: (options.outstanding / count).max(1),
            all: Vec::new(),
            shared: Rc::new(shared),
        }
    }

    /// Makes a member one of them, unless there are enough.
    pub fn take(&mut self, writer: OwnedWriteHalf) -> Result<Rc<Publisher>, OwnedWriteHalf> {
        if self.all.len() >= self.count {
            return Err(writer);
        }
        let publisher = Rc::new(Publisher { writer: Mutex::new(writer), window: Semaphore::new(self.outstanding) });
        self.all.push(publisher.clone());
        Ok(publisher)
    }

    /// From now on messages have so many bytes of text.
    pub fn set_size(&self, bytes: usize) {
        self.shared.attach.set("x".repeat(bytes));
    }

    /// Messages sent until now.
    pub fn sent(&self) -> u64 {
        self.shared.sent.get()
    }

    /// The first one sends a message that was due then.
    pub async fn send_one(&self, due: u64) {
        if let Some(publisher) = self.all.first()
            && let Ok(permit) = publisher.window.acquire().await
        {
            permit.forget();
            let mut buffer = Vec::new();
            self.shared.push_message(&mut buffer, due);
            // Where that fails the message is missing at the end.
            let _ = publisher.writer.lock().await.write_all(&buffer).await;
        }
    }

    /// All send until the flood is stopped.
    pub fn flood(&self) -> Flood {
        self.shared.stopped.set(false);
        let flood = |publisher: &Rc<Publisher>| publisher.clone().flood(self.shared.clone());
        let sending = self.all.iter().map(|publisher| tokio::task::spawn_local(flood(publisher))).collect();
        Flood { shared: self.shared.clone(), sending }
    }
}

/// Publishers who send all they can.
pub struct Flood {
    shared: Rc<Shared>,
    sending: Vec<JoinHandle<()>>,
}

impl Flood {
    /// Ends it; when this returns nothing more is sent.
    pub async fn stop(self) {
        self.shared.stopped.set(true);
        for publisher in self.sending {
            // A panic in there has been printed, and leaves messages missing.
            let _ = publisher.await;
        }
    }
}

impl Publisher {
    /// One of its messages is answered.
    pub fn is_answered(&self) {
        self.window.add_permits(1);
    }

    /// Writes a small frame of its own, unless it is sending: then it is heard anyway.
    pub fn say(&self, frame: &[u8]) {
        if let Ok(writer) = self.writer.try_lock() {
            let _ = writer.try_write(frame);
        }
    }

    async fn flood(self: Rc<Publisher>, shared: Rc<Shared>) {
        let mut writer = self.writer.lock().await;
        let mut buffer = Vec::new();
        while !shared.stopped.get()
            && let Ok(permit) = self.window.acquire().await
        {
            permit.forget();
            while shared.behind_bytes() > BEHIND_BYTES {
                tokio::time::sleep(PAUSE).await;
            }
            buffer.clear();
            for _ in 0..=self.window.forget_permits(TOGETHER - 1) {
                shared.push_message(&mut buffer, stamp::now());
            }
            if writer.write_all(&buffer).await.is_err() {
                return;
            }
        }
    }
}

impl Shared {
    /// Of each member on average.
    fn behind_bytes(&self) -> u64 {
        let sent = self.sent.get() * self.members;
        sent.saturating_sub(self.tally.deliveries.get()) / self.members * self.tally.frame_bytes.get() as u64
    }

    /// All of one length, so that all messages are.
    fn push_message(&self, buffer: &mut Vec<u8>, due: u64) {
        let number = self.sent.get();
        self.sent.set(number + 1);
        let (room, id, attach) = (&self.room, stamp::write(Lane::Normal, due, number), self.attach.take());
        frames::push_text(
            buffer,
            &format!(
                r#"{{"op":"send","id":{number},"roomid":"{room}","msgId":"{id}","msgType":0,"attach":"{attach}"}}"#
            ),
        );
        self.attach.set(attach);
    }
}
