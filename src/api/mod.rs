//! What can be asked of the gateway: one table of actions. Each reads its parameters, has a service do it and shapes the answer. An
//! application server asks for them through the REST door, a member for most of them through its socket; which door it was shows only in
//! who asks. Knows neither door.

mod answer;
mod health;
mod message;
mod room;
mod table;
mod user;

use std::sync::Arc;

use crate::base::{Accid, Params, RoomId};
use crate::model::Refusal;
use crate::service::Services;

pub(crate) use answer::Answer;
pub(crate) use table::{Action, Door, find, find_verb, verbs};

/// One verified call.
pub(crate) struct Call {
    /// Who does it.
    pub(crate) services: Arc<Services>,
    /// With what.
    pub(crate) params: Params,
    /// Who wants it.
    pub(crate) asker: Asker,
}

/// Who asks for an action.
#[derive(Debug, Clone)]
pub(crate) enum Asker {
    /// The application server, which may do everything and says in whose name.
    Server {
        /// By which name it reached us.
        host: Option<String>,
    },
    /// A member on its socket, which does everything in its own name and in rooms that it is in.
    Member {
        /// Its account.
        accid: Accid,
        /// The rooms it is in.
        rooms: Vec<RoomId>,
    },
}

impl Call {
    /// Has it done.
    pub(crate) async fn run(self, action: &Action) -> Result<Answer, Refusal> {
        (action.run)(self).await
    }
}
