//! What `benches/micro` measures of presence: the lanes of one member and who is in a room, each by itself and without a socket.

use std::sync::Arc;
use std::time::Instant;

use slotmap::SlotMap;

use crate::base::{Accid, LaneBounds, limits};
use crate::model::{Lane, Looks, Occupant};
use crate::settings::Settings;
use crate::wire::Text;

use super::Frame;
use super::job::Address;
use super::queue::Queue;
use super::seating::{Present, Seating};
use super::sent::Sent;
use super::writers::SeatKey;

/// An outlet's lanes and what it keeps for a client that comes back, with a socket that takes every write whole.
pub struct Lanes {
    queue: Queue,
    sent: Sent,
    bounds: LaneBounds,
    resume_bytes: usize,
    frame: Arc<Frame>,
    written: u64,
}

impl Lanes {
    /// Of a member whose frames are so long.
    pub fn new(bytes: usize) -> Lanes {
        let (settings, mut sent) = (Settings::default(), Sent::default());
        sent.begin(0);
        Lanes {
            queue: Queue::default(),
            sent,
            bounds: settings.lanes,
            resume_bytes: settings.socket.resume_bytes,
            frame: Arc::new(Frame::message(Text::copy_of_text(&"x".repeat(bytes)), Lane::Normal, None)),
            written: 0,
        }
    }

    /// Puts so many frames in.
    pub fn push(&mut self, frames: usize) {
        for _ in 0..frames {
            self.queue.push(&self.frame, &self.bounds, |_| ());
        }
    }

    /// Takes all out in writes as an outlet makes them, and the client says that it has them. Answers the number of writes.
    pub fn drain(&mut self) -> usize {
        let (now, mut writes) = (Instant::now(), 0);
        while self.queue.settle(limits::WRITE_BYTES) {
            let bytes = self.queue.next_write(limits::WRITE_BYTES).iter().map(|slice| slice.len()).sum();
            let (sent, written) = (&mut self.sent, &mut self.written);
            self.queue.advance(bytes, |frame| {
                *written += 1;
                sent.wrote(frame, self.resume_bytes, || now);
            });
            writes += 1;
        }
        self.sent.hear(self.written, || now);
        writes
    }
}

/// Who is in a room.
pub struct Seats(Seating);

impl Seats {
    /// These accounts, with a session each.
    pub fn of(accids: &[Accid]) -> Seats {
        let (mut seating, mut addresses) = (Seating::default(), SlotMap::<Address, ()>::with_key());
        for accid in accids {
            let occupant = Occupant { accid: accid.clone(), looks: Looks::default(), entered: 0 };
            seating.take(occupant, None, SeatKey { writer: 0, address: addresses.insert(()) }, 0);
        }
        Seats(seating)
    }

    /// Finds the sessions of these accounts, as a directed message does. Answers how many there are.
    pub fn find(&self, accids: &[Accid]) -> usize {
        accids.iter().map(|accid| self.0.find(accid).map_or(0, |present| Present::seats(present).len())).sum()
    }
}
