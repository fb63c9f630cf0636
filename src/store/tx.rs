//! One change of the database, all of it or nothing. What it writes reaches the memory of the store only when it is committed, on the
//! writing thread and in commit order, so nobody ever reads what did not happen.

use std::cell::RefCell;
use std::sync::Arc;

use rusqlite::Connection;

use crate::base::{Accid, RoomId};
use crate::model::{Refusal, Room, Standing, User};

use super::Store;
use super::ledger::{CameBack, Ledger, Put, Share};

/// What a change sees and writes. It sees the newest state, also that of changes which will be committed together with it.
pub(crate) struct Tx<'a> {
    pub(super) connection: &'a Connection,
    pub(super) ledger: &'a Ledger,
    fresh: RefCell<Vec<Fresh>>,
}

/// Something written, to be remembered when it is committed.
pub(super) enum Fresh {
    User(Arc<User>),
    Room(Arc<Room>),
    Standing(RoomId, Accid, Arc<Standing>),
    TransientOwner(RoomId, Accid),
    NoTransientOwner(RoomId, Accid),
    Event(Put),
    /// An event that waits again.
    EventAgain(CameBack),
    /// An event that is there no more.
    EventForgotten(Share),
    /// Events that go to the main address instead.
    EventsAdopted(Share),
}

impl Tx<'_> {
    pub(super) fn remember(&self, fresh: Fresh) {
        self.fresh.borrow_mut().push(fresh);
    }
}

impl Store {
    /// Runs `change` alone on the writing thread. It is on disk when this returns; where `change` fails, nothing happened.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Tx<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (memory, ledger) = (self.memory.clone(), self.memory.ledger.clone());
        let run = move |connection: &Connection| {
            let tx = Tx { connection, ledger: &ledger, fresh: RefCell::default() };
            change(&tx).map(|value| (value, tx.fresh.into_inner()))
        };
        let committed = move |(_, fresh): &mut (T, Vec<Fresh>)| memory.take_in(std::mem::take(fresh));
        let written: Result<_, Refusal> = self.writer.write(run, committed).await;
        written.map(|(value, _)| value)
    }
}
