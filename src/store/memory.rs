//! What was read or written lately, so that a message needs no disk. The writing thread keeps it true in commit order; a reader that
//! loads something gives way to a writer that changes it meanwhile.

use std::hash::Hash;
use std::sync::Arc;

use dashmap::DashSet;
use quick_cache::sync::Cache;

use crate::base::{Accid, RoomId};
use crate::model::{Room, Standing, User};

use super::StoreError;
use super::ledger::Ledger;
use super::tx::Fresh;

/// Accounts, rooms and standings kept, each. About 75 MiB when all are full.
const KEPT: usize = 65_536;

#[derive(Debug)]
pub(super) struct Memory {
    pub(super) users: Cache<Accid, Arc<User>>,
    pub(super) rooms: Cache<RoomId, Arc<Room>>,
    pub(super) standings: Cache<(RoomId, Accid), Arc<Standing>>,
    /// Who owns queue elements that leave with it. All of them, and perhaps some who did: who is not here has none.
    pub(super) transient_owners: DashSet<(RoomId, Accid)>,
    pub(super) ledger: Arc<Ledger>,
}

impl Memory {
    pub(super) fn new(ledger: Arc<Ledger>) -> Memory {
        Memory {
            users: Cache::new(KEPT),
            rooms: Cache::new(KEPT),
            standings: Cache::new(KEPT),
            transient_owners: DashSet::new(),
            ledger,
        }
    }

    /// Takes in what was committed.
    pub(super) fn take_in(&self, fresh: Vec<Fresh>) {
        for fresh in fresh {
            match fresh {
                Fresh::User(user) => self.users.insert(user.accid.clone(), user),
                Fresh::Room(room) => self.rooms.insert(room.id, room),
                Fresh::Standing(room, accid, standing) => self.standings.insert((room, accid), standing),
                Fresh::TransientOwner(room, accid) => drop(self.transient_owners.insert((room, accid))),
                Fresh::Event(put) => self.ledger.take_in(&put),
                Fresh::EventAgain(again) => self.ledger.again(&again),
                Fresh::EventForgotten(share) => self.ledger.left(&share),
                Fresh::EventsAdopted(strays) => self.ledger.adopt(&strays),
                Fresh::NoTransientOwner(room, accid) => drop(self.transient_owners.remove(&(room, accid))),
            }
        }
    }
}

/// The value from memory, or from where `load` finds it. What is not there is not remembered.
pub(super) async fn recall<K: Hash + Eq + Clone, V: Clone, L: Future<Output = Result<Option<V>, StoreError>>>(
    cache: &Cache<K, V>,
    key: &K,
    load: impl FnOnce() -> L,
) -> Result<Option<V>, StoreError> {
    match cache.get(key) {
        Some(value) => Ok(Some(value)),
        // Boxed, or every message would hold room for what few of them need.
        None => Box::pin(load_once(cache, key, load())).await,
    }
}

/// The guard makes one reader load it.
async fn load_once<K: Hash + Eq + Clone, V: Clone>(
    cache: &Cache<K, V>,
    key: &K,
    load: impl Future<Output = Result<Option<V>, StoreError>>,
) -> Result<Option<V>, StoreError> {
    let guard = match cache.get_value_or_guard_async(key).await {
        Ok(value) => return Ok(Some(value)),
        Err(guard) => guard,
    };
    let value = load.await?;
    if let Some(value) = &value {
        // Refused where a writer was quicker; then this caller alone sees the older state.
        let _ = guard.insert(value.clone());
    }
    Ok(value)
}
