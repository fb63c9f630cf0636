//! Waiting for what comes, level-triggered: so one read a peer and turn is enough, and never blocks.

use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};

use super::peers::Number;

/// The listener's number.
const LISTENER: u64 = u64::MAX;
/// How much is told at once.
const EVENTS: usize = 256;

pub(super) struct Epoll {
    set: OwnedFd,
}

/// What has something to read.
#[derive(Clone, Copy)]
pub(super) enum Ready {
    Listener,
    Peer(Number),
}

impl Epoll {
    pub(super) fn new(listener: &TcpListener) -> std::io::Result<Epoll> {
        let set = epoll::create(CreateFlags::CLOEXEC)?;
        epoll::add(&set, listener, EventData::new_u64(LISTENER), EventFlags::IN)?;
        Ok(Epoll { set })
    }

    pub(super) fn add(&self, socket: &TcpStream, number: Number) -> std::io::Result<()> {
        Ok(epoll::add(&self.set, socket, EventData::new_u64(number as u64), EventFlags::IN)?)
    }

    /// Waits until there is something, and fills the emptied list with it.
    pub(super) fn wait(&self, ready: &mut Vec<Ready>) -> std::io::Result<()> {
        let mut events: Vec<Event> = Vec::with_capacity(EVENTS);
        epoll::wait(&self.set, spare_capacity(&mut events), None)?;
        ready.clear();
        ready.extend(events.iter().map(|event| match event.data.u64() {
            LISTENER => Ready::Listener,
            number => Ready::Peer(number as Number),
        }));
        Ok(())
    }
}
