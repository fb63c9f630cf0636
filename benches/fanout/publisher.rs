//! Members who send all they can: each keeps its share of messages under way that were not answered yet. They wait when the members
//! have fallen behind, because roomgate does not: it would drop what a slow load can't take.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::{Semaphore, watch};

use crate::frames::{self, Tally};
use crate::options::Options;

/// Messages written at once at the most.
const TOGETHER: usize = 16;

/// How far the members may be behind, in bytes of frames for each: half of what roomgate keeps for one by default.
const BEHIND_BYTES: u64 = 128 * 1024;
/// How long the publishers wait then.
const PAUSE: Duration = Duration::from_millis(1);

/// All publishers of a room.
#[derive(Clone)]
pub struct Publishers {
    count: usize,
    members: usize,
    tally: Rc<Tally>,
    outstanding: usize,
    attach: Rc<str>,
    sent: Rc<Cell<u64>>,
    /// How many messages may be sent in all, until told otherwise.
    up_to: watch::Sender<u64>,
}

impl Publishers {
    /// Some of the `members` of a room; `tally` counts what comes to all of them.
    pub fn new(options: &Options, members: usize, tally: Rc<Tally>) -> Publishers {
        let count = options.publishers.clamp(1, members.max(1));
        Publishers {
            count,
            members,
            tally,
            outstanding: (options.outstanding / count).max(1),
            attach: "x".repeat(options.size).into(),
            sent: Rc::default(),
            up_to: watch::Sender::new(0),
        }
    }

    pub fn count(&self) -> usize {
        self.count
    }

    /// Messages sent until now.
    pub fn sent(&self) -> u64 {
        self.sent.get()
    }

    /// Sends one message.
    pub async fn send_one(&self) {
        let up_to = self.sent() + 1;
        self.up_to.send_replace(up_to);
        while self.sent() < up_to {
            tokio::task::yield_now().await;
        }
    }

    /// Sends until [`stop`](Publishers::stop).
    pub fn run(&self) {
        self.up_to.send_replace(u64::MAX);
    }

    pub fn stop(&self) {
        self.up_to.send_replace(0);
    }

    /// Makes member `number` one of them, unless there are enough; what it returns takes one permit for each reply.
    pub fn start(&self, number: usize, writer: OwnedWriteHalf, room: &str) -> Result<Rc<Semaphore>, OwnedWriteHalf> {
        if number >= self.count {
            return Err(writer);
        }
        let window = Rc::new(Semaphore::new(self.outstanding));
        tokio::task::spawn_local(self.clone().publish(writer, window.clone(), room.to_owned()));
        Ok(window)
    }

    async fn publish(self, mut writer: OwnedWriteHalf, window: Rc<Semaphore>, room: String) {
        let mut up_to = self.up_to.subscribe();
        let mut buffer = Vec::new();
        // Ends with the connection.
        while up_to.wait_for(|up_to| *up_to > self.sent()).await.is_ok()
            && let Ok(permit) = window.acquire().await
        {
            permit.forget();
            while self.behind_bytes() > BEHIND_BYTES {
                tokio::time::sleep(PAUSE).await;
            }
            buffer.clear();
            for _ in 0..=window.forget_permits(TOGETHER - 1) {
                let number = self.sent();
                // Others may have sent meanwhile; a permit not used comes back.
                if number >= *up_to.borrow() {
                    window.add_permits(1);
                    continue;
                }
                self.sent.set(number + 1);
                frames::push_text(&mut buffer, &self.request(number, &room));
            }
            if writer.write_all(&buffer).await.is_err() {
                return;
            }
        }
    }

    /// Of each member on average.
    fn behind_bytes(&self) -> u64 {
        let sent = self.sent() * self.members as u64;
        (sent - self.tally.deliveries.get()) / self.members as u64 * self.tally.frame_bytes.get() as u64
    }

    /// All of one length, so that all messages are.
    fn request(&self, number: u64, room: &str) -> String {
        let attach = &self.attach;
        format!(
            r#"{{"op":"send","id":{number},"roomid":"{room}","msgId":"{number:012}","msgType":0,"attach":"{attach}"}}"#
        )
    }
}
