//! The floors: servers that do what must be done for a delivery and nothing else, so that no gateway can be much cheaper. One thread that
//! waits with epoll for what comes, blocking sockets, one room, no limits, no lanes, no rules; who does not read stops everybody. They
//! understand as much of both doors' words as the load says.

mod call;
mod epoll;
mod input;
mod joining;
mod peers;
mod plain;
mod words;

use std::io::Read;
use std::net::TcpListener;

use roomgate::auth::App;

use crate::Outcome;
use crate::options::Floor;
use crate::server::{announce_floor, floor_app};

use epoll::{Epoll, Ready};
use input::Input;
use peers::{Number, Peers};

/// How a floor brings messages to a room: all that the two differ in.
trait FanOut {
    /// A message for everybody has come from a publisher, who wants this reply behind it.
    fn message(&mut self, peers: &Peers, frame: Vec<u8>, from: Number, reply: Vec<u8>);
    /// Everything that had come is read.
    fn nothing_waits(&mut self, peers: &Peers);
}

/// What is read at once.
const READ_BYTES: usize = 64 * 1024;

/// Serves until the process is ended.
pub fn serve(floor: Floor) -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    announce_floor(listener.local_addr()?);
    let app = floor_app()?;
    match floor {
        Floor::Plain => run(&listener, &app, &mut plain::Plain),
        Floor::Joining => run(&listener, &app, &mut joining::Joining::default()),
    }
}

fn run(listener: &TcpListener, app: &App, fan_out: &mut impl FanOut) -> Outcome {
    let epoll = Epoll::new(listener)?;
    let (mut peers, mut buffer, mut ready) = (Peers::default(), vec![0; READ_BYTES], Vec::new());
    loop {
        epoll.wait(&mut ready)?;
        for ready in &ready {
            match *ready {
                Ready::Listener => {
                    let (socket, _) = listener.accept()?;
                    socket.set_nodelay(true)?;
                    let number = peers.add(socket);
                    epoll.add(peers.socket(number), number)?;
                }
                // There is something, so this does not block.
                Ready::Peer(number) => match peers.socket(number).read(&mut buffer) {
                    Ok(length @ 1..) => hear(app, &mut peers, number, &buffer[..length], fan_out),
                    Ok(0) | Err(_) => peers.remove(number),
                },
            }
        }
        fan_out.nothing_waits(&peers);
    }
}

/// Serves what has come whole from a peer.
fn hear(app: &App, peers: &mut Peers, number: Number, bytes: &[u8], fan_out: &mut impl FanOut) {
    let mut pending = peers.take_input(number);
    pending.extend_from_slice(bytes);
    let mut rest = &pending[..];
    while let Some((input, length)) = input::first(rest, peers.speaks_frames(number)) {
        match input {
            Input::Handshake => peers.shake_hands(number),
            Input::Call { head, body } => call::serve(app, peers, number, head, body),
            Input::Text(text) => words::hear(peers, number, text, fan_out),
            Input::Nothing => {}
        }
        rest = &rest[length..];
    }
    let left = pending.len() - rest.len();
    pending.drain(..left);
    peers.put_input(number, pending);
}
