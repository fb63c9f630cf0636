//! Which sessions each account has, so that a new login can take an old one's place.

use std::sync::Arc;

use dashmap::DashMap;
use smallvec::SmallVec;

use crate::base::{Accid, SessionId};
use crate::wire::CloseCode;

use super::Link;

/// Every account with a session.
#[derive(Debug)]
pub struct Accounts {
    sessions: DashMap<Accid, SmallVec<[Held; 1]>>,
    most: usize,
}

#[derive(Debug)]
struct Held {
    session: SessionId,
    device: Option<Box<str>>,
    link: Arc<Link>,
}

/// One session's place among its account's. Dropping it frees the place.
#[derive(Debug)]
pub struct Place {
    accounts: Arc<Accounts>,
    accid: Accid,
    session: SessionId,
}

impl Accounts {
    /// At most `most` sessions an account.
    pub fn new(most: usize) -> Arc<Accounts> {
        Arc::new(Accounts { sessions: DashMap::new(), most })
    }

    /// Takes a place. A session of the same device gives way, and the oldest one where there would be too many.
    pub fn enter(
        self: &Arc<Accounts>,
        accid: &Accid,
        session: SessionId,
        device: Option<&str>,
        link: Arc<Link>,
    ) -> Place {
        let mut held = self.sessions.entry(accid.clone()).or_default();
        held.retain(|old| {
            let same = device.is_some() && old.device.as_deref() == device;
            if same {
                old.link.end(CloseCode::Replaced);
            }
            !same
        });
        if held.len() >= self.most && !held.is_empty() {
            held.remove(0).link.end(CloseCode::Replaced);
        }
        held.push(Held { session, device: device.map(Box::from), link });
        Place { accounts: self.clone(), accid: accid.clone(), session }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(mut held) = self.accounts.sessions.get_mut(&self.accid) {
            held.retain(|held| held.session != self.session);
        }
        self.accounts.sessions.remove_if(&self.accid, |_, held| held.is_empty());
    }
}
