//! The plain floor: for each message, for each member, one write.

use super::FanOut;
use super::peers::{Number, Peers};

pub(super) struct Plain;

impl FanOut for Plain {
    fn message(&mut self, peers: &Peers, frame: Vec<u8>, from: Number, reply: Vec<u8>) {
        peers.write_to_members(&frame);
        // A send is answered when it is done, as roomgate does.
        peers.write(from, &reply);
    }

    fn nothing_waits(&mut self, _: &Peers) {}
}
