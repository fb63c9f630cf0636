//! A room, and how many of the messages to it were accepted. What a member was owed follows from two marks: one when it came, one when it
//! left.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::seat::Seat;

/// One room.
#[derive(Debug)]
pub struct Room {
    /// Its id.
    pub id: String,
    /// Its members, in the order of their numbers.
    pub seats: RefCell<Vec<Rc<Seat>>>,
    /// Those that are in it now.
    pub present: Cell<u64>,
    /// Deliveries that were to come, if all that is sent is accepted.
    pub awaited: Cell<u64>,
    /// Deliveries that came, or whose loss was told.
    pub came: Cell<u64>,
    sent: Cell<u64>,
    accepted: Cell<u64>,
    refused: Cell<u64>,
}

/// How many messages to the whole room were accepted: certainly at least, and certainly at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    /// Whose sender was told so.
    pub least: u64,
    /// Those on their way, and those whose sender heard nothing, too.
    pub most: u64,
}

impl Room {
    /// An empty room.
    pub fn new(id: String) -> Room {
        Room {
            id,
            seats: RefCell::default(),
            present: Cell::new(0),
            awaited: Cell::new(0),
            came: Cell::new(0),
            sent: Cell::new(0),
            accepted: Cell::new(0),
            refused: Cell::new(0),
        }
    }

    /// A phase begins: nothing is on its way.
    pub fn begin(&self) {
        for count in [&self.awaited, &self.came, &self.sent, &self.accepted, &self.refused] {
            count.set(0);
        }
    }

    /// A message to all of it goes out.
    pub fn send(&self) {
        self.sent.set(self.sent.get() + 1);
    }

    /// It was accepted.
    pub fn accept(&self) {
        self.accepted.set(self.accepted.get() + 1);
    }

    /// It was refused, so nobody gets it.
    pub fn refuse(&self) {
        self.refused.set(self.refused.get() + 1);
    }

    /// The mark of now.
    pub fn mark(&self) -> Mark {
        Mark { least: self.accepted.get(), most: self.sent.get() - self.refused.get() }
    }

    /// How many deliveries each member has before it, on average.
    pub fn behind(&self) -> u64 {
        self.awaited.get().saturating_sub(self.came.get()) / self.present.get().max(1)
    }
}

impl Mark {
    /// What was accepted from `self` on until `then`.
    pub fn until(self, then: Mark) -> Mark {
        Mark { least: then.least.saturating_sub(self.most), most: then.most.saturating_sub(self.least) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_two_quiet_moments_it_is_known_exactly() {
        let room = Room::new("1".into());
        room.send();
        room.accept();
        let before = room.mark();
        for _ in 0..3 {
            room.send();
            room.accept();
        }
        room.send();
        room.refuse();
        assert_eq!(before.until(room.mark()), Mark { least: 3, most: 3 });
    }

    #[test]
    fn what_is_on_its_way_may_count_or_not() {
        let room = Room::new("1".into());
        room.send();
        let before = room.mark();
        room.accept();
        room.send();
        room.accept();
        room.send();
        assert_eq!(before.until(room.mark()), Mark { least: 1, most: 3 });
    }
}
