//! Who is connected: sockets by number, accounts by name, and who is in the room.

use std::collections::HashMap;
use std::io::Write;
use std::net::TcpStream;

/// A connection's number, for the life of the floor.
pub(super) type Number = usize;

const SWITCHING: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

#[derive(Default)]
pub(super) struct Peers {
    all: Vec<Option<Peer>>,
    accounts: HashMap<String, Number>,
    members: Vec<Number>,
}

struct Peer {
    socket: TcpStream,
    /// Its handshake is done.
    speaks_frames: bool,
    /// Its account, once it is logged in.
    accid: String,
    /// What began and did not end yet.
    input: Vec<u8>,
}

impl Peers {
    pub(super) fn add(&mut self, socket: TcpStream) -> Number {
        self.all.push(Some(Peer { socket, speaks_frames: false, accid: String::new(), input: Vec::new() }));
        self.all.len() - 1
    }

    pub(super) fn remove(&mut self, number: Number) {
        self.all[number] = None;
        self.members.retain(|member| *member != number);
    }

    fn peer(&mut self, number: Number) -> &mut Peer {
        self.all[number].as_mut().expect("a peer that is there")
    }

    pub(super) fn socket(&self, number: Number) -> &TcpStream {
        &self.all[number].as_ref().expect("a peer that is there").socket
    }

    pub(super) fn take_input(&mut self, number: Number) -> Vec<u8> {
        std::mem::take(&mut self.peer(number).input)
    }

    pub(super) fn put_input(&mut self, number: Number, input: Vec<u8>) {
        self.peer(number).input = input;
    }

    pub(super) fn speaks_frames(&self, number: Number) -> bool {
        self.all[number].as_ref().is_some_and(|peer| peer.speaks_frames)
    }

    pub(super) fn shake_hands(&mut self, number: Number) {
        self.peer(number).speaks_frames = true;
        self.write(number, SWITCHING);
    }

    pub(super) fn log_in(&mut self, number: Number, accid: &str) {
        self.accounts.insert(accid.to_owned(), number);
        self.peer(number).accid = accid.to_owned();
    }

    pub(super) fn join(&mut self, number: Number) {
        self.members.push(number);
    }

    pub(super) fn accid(&self, number: Number) -> &str {
        self.all[number].as_ref().map_or("", |peer| &peer.accid)
    }

    pub(super) fn find(&self, accid: &str) -> Option<Number> {
        self.accounts.get(accid).copied()
    }

    /// One write. Who has gone is noticed when it is read from.
    pub(super) fn write(&self, number: Number, bytes: &[u8]) {
        if let Some(peer) = &self.all[number] {
            let _ = (&peer.socket).write_all(bytes);
        }
    }

    /// One write for each member of the room.
    pub(super) fn write_to_members(&self, bytes: &[u8]) {
        for &member in &self.members {
            self.write(member, bytes);
        }
    }
}
