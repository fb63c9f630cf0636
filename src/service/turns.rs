//! Turns: what changes a room is done one after the other, from its first look to the last member told, so that everybody hears of
//! changes in the order in which they were made.

use tokio::sync::{Mutex, MutexGuard};

use crate::base::RoomId;

/// Rooms that share a turn wait for each other; with so many turns they rarely meet.
const TURNS: u64 = 256;

#[derive(Debug)]
pub(super) struct Turns(Box<[Mutex<()>]>);

impl Default for Turns {
    fn default() -> Turns {
        Turns((0..TURNS).map(|_| Mutex::default()).collect())
    }
}

impl Turns {
    /// Waits for the room's turn; it lasts as long as what this returns. It is no lock around data, so it may be held across awaits; who
    /// holds one must not ask for another.
    pub(super) async fn of(&self, room: RoomId) -> MutexGuard<'_, ()> {
        let turn = room.as_row().unsigned_abs() % TURNS;
        self.0[usize::try_from(turn).unwrap_or(0)].lock().await
    }
}
