//! The table of actions. A new action is one row here, one function in its family's file, and one test file.

use std::pin::Pin;

use crate::model::Refusal;

use super::answer::Answer;
use super::{Call, health, message, room, user};

/// One action.
#[derive(Debug)]
pub(crate) struct Action {
    /// Its address below the prefix of the REST door; the last part is its verb on the socket.
    pub(crate) path: &'static str,
    /// Who may ask for it.
    pub(crate) door: Door,
    pub(super) run: fn(Call) -> Running,
}

/// Which doors an action has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// Anybody, with any method and without a signature.
    Open,
    /// The application server.
    Server,
    /// The application server, and members on their sockets.
    Both,
    /// Members on their sockets only.
    Member,
}

pub(crate) type Running = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + Send>>;

macro_rules! action {
    ($path:literal, $door:ident, $run:path) => {
        Action { path: concat!($path, ".action"), door: Door::$door, run: |call| Box::pin($run(call)) }
    };
}

/// All of them.
#[rustfmt::skip] // It is read as a table.
pub(crate) static ACTIONS: &[Action] = &[
    action!("/health/liveness", Open, health::check_liveness),
    action!("/chatroom/sendMsgToSomeone", Server, message::send_to_someone),
    action!("/chatroom/batchSendMsgToSomeone", Server, message::send_batch_to_someone),
    action!("/chatroom/sendMsg", Server, message::send_to_room),
    action!("/chatroom/create", Server, room::create_room),
    action!("/chatroom/get", Both, room::get_room),
    action!("/chatroom/requestAddr", Server, room::request_address),
    action!("/user/create", Server, user::create_user),
    action!("/user/update", Server, user::update_user),
    action!("/user/refreshToken", Server, user::refresh_token),
    action!("/user/getUinfos", Server, user::get_profiles),
    action!("/user/updateUinfo", Server, user::update_profile),
];

impl Action {
    fn is_for_members(&self) -> bool {
        matches!(self.door, Door::Both | Door::Member)
    }

    /// What a member calls it.
    pub(crate) fn verb(&self) -> &'static str {
        self.path.rsplit('/').next().and_then(|name| name.strip_suffix(".action")).unwrap_or(self.path)
    }
}

#[cfg(test)]
impl Action {
    /// An action that is in no table.
    pub(crate) fn for_test(run: fn(Call) -> Running) -> Action {
        Action { path: "/for/test.action", door: Door::Server, run }
    }
}

/// The action that the application server finds at this address.
pub(crate) fn find(path: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.door != Door::Member && action.path == path)
}

/// The action that a member asks for by this verb.
pub(crate) fn find_verb(verb: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.is_for_members() && action.verb() == verb)
}

/// All verbs that members have for actions.
pub(crate) fn verbs() -> impl Iterator<Item = &'static str> {
    ACTIONS.iter().filter(|action| action.is_for_members()).map(Action::verb)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_an_address_and_a_verb_of_its_own() {
        for action in ACTIONS {
            assert!(action.path.starts_with('/'), "{}", action.path);
            if action.door != Door::Member {
                assert!(std::ptr::eq(find(action.path).unwrap(), action), "{} stands twice", action.path);
            }
            if action.is_for_members() {
                assert!(std::ptr::eq(find_verb(action.verb()).unwrap(), action), "{} stands twice", action.verb());
            }
        }
        assert!(find_verb("create").is_none(), "members make no rooms");
    }
}
