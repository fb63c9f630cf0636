//! Which sessions each account has, so that a new login can take an old one's place.

use std::sync::Arc;

use dashmap::DashMap;
use smallvec::SmallVec;

use crate::base::{Accid, Millis, SessionId};
use crate::model::ClientType;
use crate::wire::CloseCode;

use super::writers::SeatKey;
use super::{Line, Seat};

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
    client: ClientType,
    since: Millis,
    line: Line,
    seat: SeatKey,
}

/// A session as others may know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoggedIn {
    /// What it came from.
    pub client: ClientType,
    /// When it logged in.
    pub since: Millis,
}

/// How one session of an account is reached.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Which.
    pub session: SessionId,
    /// Its connection, or its absence.
    pub line: Line,
    pub(super) seat: SeatKey,
}

/// Who wants to come in.
#[derive(Debug)]
pub struct Login<'a> {
    /// The account.
    pub accid: &'a Accid,
    /// The session it shall be.
    pub session: SessionId,
    /// The device, where it says one.
    pub device: Option<&'a str>,
    /// What it comes from, and when.
    pub client: LoggedIn,
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

    /// Takes a place. A session of the same device gives way, and where there would be too many one that is away, or the oldest.
    pub fn enter(self: &Arc<Accounts>, login: &Login<'_>, seat: &Seat) -> Place {
        let Login { accid, session, device, client: LoggedIn { client, since } } = *login;
        let mut held = self.sessions.entry(accid.clone()).or_default();
        held.retain(|old| {
            let same = device.is_some() && old.device.as_deref() == device;
            if same {
                old.line.end(CloseCode::Replaced);
            }
            !same
        });
        if held.len() >= self.most && !held.is_empty() {
            let away = held.iter().position(|held| held.line.is_away());
            held.remove(away.unwrap_or(0)).line.end(CloseCode::Replaced);
        }
        let (line, seat) = (seat.line(), seat.key);
        held.push(Held { session, device: device.map(Box::from), client, since, line, seat });
        Place { accounts: self.clone(), accid: accid.clone(), session }
    }

    /// The sessions of an account, the oldest first.
    pub fn sessions(&self, accid: &Accid) -> Vec<LoggedIn> {
        let held = self.sessions.get(accid);
        held.map_or_else(Vec::new, |held| {
            held.iter().map(|held| LoggedIn { client: held.client, since: held.since }).collect()
        })
    }

    /// How the sessions of an account are reached, the oldest first; `only` one of them, where that is said.
    pub fn reach(&self, accid: &Accid, only: Option<SessionId>) -> Vec<Reach> {
        let Some(held) = self.sessions.get(accid) else { return Vec::new() };
        let meant = held.iter().filter(|held| only.is_none_or(|only| held.session == only));
        meant.map(|held| Reach { session: held.session, line: held.line.clone(), seat: held.seat }).collect()
    }

    /// How a session of the account is reached; `None` where it has no such session.
    pub fn line(&self, accid: &Accid, session: SessionId) -> Option<Line> {
        self.sessions.get(accid)?.iter().find(|held| held.session == session).map(|held| held.line.clone())
    }

    /// Which session of the account sits there.
    pub(super) fn session_at(&self, accid: &Accid, seat: SeatKey) -> Option<SessionId> {
        self.sessions.get(accid)?.iter().find(|held| held.seat == seat).map(|held| held.session)
    }

    /// Ends all sessions of an account.
    pub fn end(&self, accid: &Accid, code: CloseCode) {
        if let Some(held) = self.sessions.get(accid) {
            held.iter().for_each(|held| held.line.end(code));
        }
    }
}

impl Place {
    /// From now on the session is reached in this way. False where another login has taken its place.
    pub fn reach(&self, line: Line) -> bool {
        let Some(mut held) = self.accounts.sessions.get_mut(&self.accid) else { return false };
        let own = held.iter_mut().find(|held| held.session == self.session);
        own.map(|held| held.line = line).is_some()
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
