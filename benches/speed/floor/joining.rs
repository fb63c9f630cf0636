//! The joining floor: all messages that have come together go to each member in one write, as long as it is no larger than roomgate's.

use super::FanOut;
use super::peers::{Number, Peers};

/// The largest write.
const WRITE_BYTES: usize = 16 * 1024;

#[derive(Default)]
pub(super) struct Joining {
    frames: Vec<u8>,
    replies: Vec<(Number, Vec<u8>)>,
}

impl FanOut for Joining {
    fn message(&mut self, peers: &Peers, frame: Vec<u8>, from: Number, reply: Vec<u8>) {
        if self.frames.len() + frame.len() > WRITE_BYTES {
            self.nothing_waits(peers);
        }
        self.frames.extend_from_slice(&frame);
        match self.replies.iter_mut().find(|(to, _)| *to == from) {
            Some((_, replies)) => replies.extend_from_slice(&reply),
            None => self.replies.push((from, reply)),
        }
    }

    fn nothing_waits(&mut self, peers: &Peers) {
        if self.frames.is_empty() {
            return;
        }
        peers.write_to_members(&self.frames);
        self.frames.clear();
        for (to, replies) in self.replies.drain(..) {
            peers.write(to, &replies);
        }
    }
}
