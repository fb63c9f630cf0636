//! Sessions' connections, for those who try things out: what waits for them, slower ones, ones that are held still, broken ones.

use std::num::NonZeroU64;
use std::sync::Arc;

use crate::base::{Accid, RoomId, SessionId, limits};
use crate::presence::{InsideSession, Insider, Line};

use super::shared::Shared;

/// The verbs on connections.
#[derive(Debug)]
pub struct Links {
    shared: Arc<Shared>,
}

impl Links {
    pub(super) fn new(shared: Arc<Shared>) -> Links {
        Links { shared }
    }

    /// Who is in a room and what waits for them, of its first sessions.
    pub async fn look_inside(&self, room: RoomId, asker: &Accid) -> Vec<Insider> {
        self.shared.registry.inside(room, &self.shared.accounts, asker, limits::INSIDE_SESSIONS).await
    }

    /// The sessions of an account and what waits for them.
    pub async fn sessions(&self, accid: &Accid) -> Vec<InsideSession> {
        self.shared.registry.inside_of(&self.shared.accounts.reach(accid, None)).await
    }

    /// Has an account's sessions, or `only` one of them, written to so slowly from now on, or as fast as they read. Answers how many.
    pub async fn pace(
        &self,
        accid: &Accid,
        only: Option<SessionId>,
        bytes_per_second: Option<NonZeroU64>,
    ) -> Result<usize, NoSession> {
        let meant = self.shared.accounts.reach(accid, only);
        for session in &meant {
            self.shared.registry.pace(session, bytes_per_second).await;
        }
        touched(accid, only, meant.len())
    }

    /// Holds their connections still, both ways, or lets them go on. Answers how many.
    pub async fn freeze(&self, accid: &Accid, only: Option<SessionId>, frozen: bool) -> Result<usize, NoSession> {
        let mut held = 0;
        for session in &self.shared.accounts.reach(accid, only) {
            held += usize::from(self.shared.registry.freeze(session, frozen).await);
        }
        touched(accid, only, held)
    }

    /// Breaks their connections without a word. Answers how many.
    pub fn cut(&self, accid: &Accid, only: Option<SessionId>) -> Result<usize, NoSession> {
        let meant = self.shared.accounts.reach(accid, only);
        let connected = meant.iter().filter_map(|session| match &session.line {
            Line::Here(link) => Some(link),
            Line::Away(_) => None,
        });
        touched(accid, only, connected.inspect(|link| link.cut()).count())
    }
}

/// There was nothing to do something to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{accid} has no {what}", what = what(*.only))]
pub struct NoSession {
    accid: Accid,
    only: Option<SessionId>,
}

fn what(only: Option<SessionId>) -> String {
    only.map_or_else(|| "connected session".to_owned(), |session| format!("connected session {session}"))
}

fn touched(accid: &Accid, only: Option<SessionId>, count: usize) -> Result<usize, NoSession> {
    if count == 0 { Err(NoSession { accid: accid.clone(), only }) } else { Ok(count) }
}
