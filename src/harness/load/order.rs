//! One message that is to be sent, and who is to get it.

use std::rc::Rc;

use super::room::Room;
use super::stamp::Lane;

/// One message.
#[derive(Debug, Clone)]
pub struct Order {
    /// Where.
    pub room: Rc<Room>,
    /// For which lane.
    pub lane: Lane,
    /// For whom.
    pub audience: Audience,
    /// When it is due, or was sent: nanoseconds since the run began.
    pub nanos: u64,
}

/// Who is to get a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody in the room.
    Room,
    /// So many members from one on; behind the last comes the first.
    Listed {
        /// The first one.
        first: usize,
        /// How many.
        count: usize,
    },
}

/// What became of it, as its sender sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Answered 200.
    Accepted,
    /// Answered something else.
    Refused,
    /// Not answered: it may have been taken.
    Unknown,
}

impl Order {
    /// It goes out.
    pub fn send(&self) {
        if self.audience == Audience::Room {
            self.room.send();
        }
        self.await_deliveries(true);
    }

    /// It was answered, or will not be.
    pub fn end(&self, fate: Fate) {
        if fate != Fate::Accepted {
            self.await_deliveries(false);
        }
        match (self.audience, fate) {
            (Audience::Room, Fate::Accepted) => self.room.accept(),
            (Audience::Room, Fate::Refused) => self.room.refuse(),
            (Audience::Room, Fate::Unknown) | (Audience::Listed { .. }, Fate::Refused) => {}
            (Audience::Listed { .. }, Fate::Accepted | Fate::Unknown) => {
                let seats = self.room.seats.borrow();
                self.listed(seats.len()).for_each(|at| seats[at].owe_one(fate == Fate::Accepted));
            }
        }
    }

    /// Where those on its list are among the members of its room.
    pub fn listed(&self, members: usize) -> impl Iterator<Item = usize> {
        let (first, count) = match self.audience {
            Audience::Room => (0, 0),
            Audience::Listed { first, count } => (first, count),
        };
        (first..first + count).map(move |at| at % members)
    }

    fn await_deliveries(&self, more: bool) {
        let count = match self.audience {
            Audience::Room => self.room.present.get(),
            Audience::Listed { count, .. } => count as u64,
        };
        let awaited = self.room.awaited.get();
        self.room.awaited.set(if more { awaited + count } else { awaited.saturating_sub(count) });
    }
}

#[cfg(test)]
mod tests {
    use super::super::room::Mark;
    use super::super::seat::Seat;
    use super::*;

    #[test]
    fn only_the_listed_are_owed_a_directed_message_and_the_list_goes_round() {
        let room = Rc::new(Room::new("1".into()));
        let seats: Vec<_> = (0..4).map(|number| Rc::new(Seat::new(number, room.clone(), true))).collect();
        seats.iter().for_each(|seat| seat.enter(room.mark()));
        room.seats.borrow_mut().clone_from(&seats);
        let order = |fate| {
            let audience = Audience::Listed { first: 3, count: 2 };
            let order = Order { room: room.clone(), lane: Lane::Normal, audience, nanos: 0 };
            order.send();
            order.end(fate);
        };
        order(Fate::Accepted);
        order(Fate::Refused);
        order(Fate::Unknown);
        let owed: Vec<Mark> = seats.iter().map(|seat| seat.owed()).collect();
        let (one, none) = (Mark { least: 1, most: 2 }, Mark::default());
        assert_eq!(owed, [one, none, none, one]);
        assert_eq!(room.awaited.get(), 2);
    }
}
