//! Turns: what changes a room is done one after the other, from its first look to the last member told, so that everybody hears of
//! changes in the order in which they were made.

use tokio::sync::{Mutex, MutexGuard};

use crate::base::{Millis, RoomId};

/// Rooms that share a turn wait for each other; with so many turns they rarely meet.
const TURNS: u64 = 256;

/// Each with the last moment that was given out in it.
#[derive(Debug)]
pub(super) struct Turns(Box<[Mutex<Millis>]>);

/// A turn. It lasts as long as this.
#[derive(Debug)]
pub(super) struct Turn<'a>(MutexGuard<'a, Millis>);

impl Default for Turns {
    fn default() -> Turns {
        Turns((0..TURNS).map(|_| Mutex::default()).collect())
    }
}

impl Turns {
    /// Waits for the room's turn. It is no lock around data, so it may be held across awaits; who holds one must not ask for another.
    pub(super) async fn of(&self, room: RoomId) -> Turn<'_> {
        let turn = room.as_row().unsigned_abs() % TURNS;
        Turn(self.0[usize::try_from(turn).unwrap_or(0)].lock().await)
    }
}

impl Turn<'_> {
    /// A moment at which somebody enters the room or becomes a fixed member: now, but later than any before it. Lists of members are
    /// asked for in pages by these moments, so of two who had the same one would be lost between two pages.
    pub(super) fn moment(&mut self, now: Millis) -> Millis {
        *self.0 = now.max(*self.0 + 1);
        *self.0
    }

    /// A moment was given out elsewhere.
    pub(super) fn pass(&mut self, moment: Millis) {
        *self.0 = moment.max(*self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_moment_is_given_out_twice() {
        let (turns, room) = (Turns::default(), RoomId::from_row(7));
        let mut turn = turns.of(room).await;
        assert_eq!([turn.moment(50), turn.moment(50), turn.moment(40), turn.moment(60)], [50, 51, 52, 60]);
        turn.pass(61);
        turn.pass(1);
        drop(turn);
        assert_eq!(turns.of(room).await.moment(61), 62);
    }
}
