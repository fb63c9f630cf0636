//! Sessions' connections, for those who try things out: what waits for them, slower ones, broken ones.

use std::num::NonZeroU64;
use std::sync::Arc;

use crate::base::{Accid, RoomId, SessionId, limits};
use crate::model::Refusal;
use crate::presence::{Insider, Line};

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

    /// Has a session written to so slowly from now on, or as fast as it reads.
    pub async fn pace(
        &self,
        accid: &Accid,
        session: SessionId,
        bytes_per_second: Option<NonZeroU64>,
    ) -> Result<(), Refusal> {
        match self.shared.registry.pace(&self.shared.accounts, accid, session, bytes_per_second).await {
            true => Ok(()),
            false => Err(no_session(accid)),
        }
    }

    /// Breaks a session's connection without a word.
    pub fn cut(&self, accid: &Accid, session: SessionId) -> Result<(), Refusal> {
        match self.shared.accounts.line(accid, session) {
            Some(Line::Here(link)) => {
                link.cut();
                Ok(())
            }
            Some(Line::Away(_)) => Err(Refusal::NotThere("session: it is not connected".into())),
            None => Err(no_session(accid)),
        }
    }
}

fn no_session(accid: &Accid) -> Refusal {
    Refusal::NotThere(format!("session: {accid} has no such session"))
}
