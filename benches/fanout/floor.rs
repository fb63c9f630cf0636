//! The plain loop to compare with: for each message, for each member, one write. It speaks just enough of the protocol for that, with
//! blocking sockets, and knows nothing of logins, rooms or slow members.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::{Outcome, child, connection};

type Members = Arc<Mutex<Vec<Arc<TcpStream>>>>;

/// Messages read and not yet sent out.
const WAITING: usize = 1024;

const SWITCHING: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
const REPLY: &[u8] = b"\x81\x19{\"op\":\"reply\",\"code\":200}";

/// Serves until the process is ended. Every connection is a member of the one room; its frames are `frame_bytes` long.
pub fn serve(frame_bytes: usize) -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    child::announce(listener.local_addr()?);
    let members = Members::default();
    let (messages, waiting) = sync_channel(WAITING);
    let (everybody, frame) = (members.clone(), message_frame(frame_bytes));
    thread::spawn(move || fan_out(&waiting, &everybody, &frame));
    for socket in listener.incoming() {
        let socket = Arc::new(socket?);
        socket.set_nodelay(true)?;
        let publishes = shake_hands(&socket)?;
        lock(&members).push(socket.clone());
        if publishes {
            let messages = messages.clone();
            thread::spawn(move || hear(&socket, &messages));
        }
    }
    Ok(())
}

/// The floor itself. A send is answered when it is done, as roomgate does.
fn fan_out(messages: &Receiver<Arc<TcpStream>>, members: &Members, frame: &[u8]) {
    for publisher in messages {
        for member in lock(members).iter() {
            let _ = (&**member).write_all(frame);
        }
        let _ = (&*publisher).write_all(REPLY);
    }
}

/// Reads a publisher's frames; only that there is one matters. All of them have a length in two bytes, and a mask.
fn hear(publisher: &Arc<TcpStream>, messages: &SyncSender<Arc<TcpStream>>) {
    let mut reader = BufReader::with_capacity(16 * 1024, &**publisher);
    let mut header = [0; 8];
    while reader.read_exact(&mut header).is_ok() {
        let mut payload = vec![0; usize::from(u16::from_be_bytes([header[2], header[3]]))];
        if reader.read_exact(&mut payload).is_err() || messages.send(publisher.clone()).is_err() {
            return;
        }
    }
}

/// Answers the handshake; true for a connection that will publish.
fn shake_hands(socket: &TcpStream) -> Outcome<bool> {
    let mut request = BufReader::new(socket).lines();
    let first = request.next().ok_or("closed before the handshake")??;
    for line in request {
        if line?.is_empty() {
            break;
        }
    }
    (&*socket).write_all(SWITCHING)?;
    Ok(first.contains(connection::PUBLISHES))
}

/// As long as roomgate's, and told apart from a reply in the same place.
fn message_frame(bytes: usize) -> Vec<u8> {
    let mut frame = vec![0x81, 126];
    let payload = u16::try_from(bytes - 4).expect("a frame with a length of two bytes");
    frame.extend_from_slice(&payload.to_be_bytes());
    frame.extend_from_slice(br#"{"op":"message","message":"#);
    frame.resize(bytes, b'x');
    frame
}

fn lock(members: &Members) -> std::sync::MutexGuard<'_, Vec<Arc<TcpStream>>> {
    members.lock().unwrap_or_else(PoisonError::into_inner)
}
