//! What can be asked of the gateway: one table of actions. Each reads its parameters, has a service do it and shapes the answer. An
//! application server asks for them through the REST door, a member for most of them through its socket; which door it was shows only in
//! who asks. Knows neither door.

mod answer;
mod apart;
mod health;
mod history;
mod member;
mod message;
mod queue;
mod rate;
mod robot;
mod role;
mod room;
mod stats;
mod table;
mod tag;
mod user;

use std::sync::Arc;

use crate::base::{Accid, Invalid, Params, RoomId};
use crate::model::{ClientType, Refusal};
use crate::presence::Seat;
use crate::service::{Operator, Services};

pub(crate) use answer::Answer;
pub(crate) use apart::Apart;
pub(crate) use rate::Rate;
pub use table::actions;
pub(crate) use table::{Action, Door, Running, find, find_verb, verbs};

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
    Member(Asking),
}

/// A member that asks.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    /// Its account.
    pub(crate) accid: Accid,
    /// What it asks from.
    pub(crate) client: ClientType,
    /// Where it sits.
    pub(crate) seat: Arc<Seat>,
    /// The rooms it is in.
    pub(crate) rooms: Vec<RoomId>,
}

impl Call {
    /// Has it done.
    pub(crate) fn run(self, action: &Action) -> Running {
        (action.run)(self)
    }

    /// Has it done to its end, even if the caller hangs up; a panic in it is this call's alone.
    pub(crate) fn run_apart(self, action: &Action) -> Apart {
        Apart::new(action.path, self.run(action))
    }

    /// The room in `name`; a member must be in it.
    fn room(&self, name: &'static str) -> Result<RoomId, Refusal> {
        let room = self.params.room(name)?;
        match &self.asker {
            Asker::Member(asking) if !asking.rooms.contains(&room) => Err(Refusal::not_in(&asking.accid, room)),
            _ => Ok(room),
        }
    }

    /// The accounts listed in `name`, at least one and at most so many.
    fn accids(&self, name: &'static str, most: usize) -> Result<Vec<Accid>, Refusal> {
        let rule = || format!("1 to {most} accounts as a JSON array");
        match self.params.accids(name, most)? {
            None => Err(Invalid::missing(name, rule()).into()),
            Some(accids) if accids.is_empty() => Err(Invalid::new(name, rule(), "an empty list").into()),
            Some(accids) => Ok(accids),
        }
    }

    /// Who does it: the account in `name` where the application server asks, else the member itself.
    fn operator(&self, name: &'static str) -> Result<Operator, Refusal> {
        match self.member() {
            Some(member) => Ok(member),
            None => Ok(Operator::server(self.params.accid(name)?)),
        }
    }

    /// The same where the application server need not say.
    fn operator_if_said(&self, name: &'static str) -> Result<Option<Operator>, Refusal> {
        match (self.member(), self.params.text(name)?) {
            (None, None) => Ok(None),
            (None, Some(_)) => self.operator(name).map(Some),
            (member, _) => Ok(member),
        }
    }

    /// The member that asks; `None` where it is the application server.
    fn member(&self) -> Option<Operator> {
        match &self.asker {
            Asker::Server { .. } => None,
            Asker::Member(asking) => Some(Operator { accid: asking.accid.clone(), client: asking.client }),
        }
    }
}
