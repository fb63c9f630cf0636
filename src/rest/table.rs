//! The table of actions. A new action is one row here, one function in its family's file, and one test file.

use std::pin::Pin;

use crate::model::Refusal;

use super::answer::Answer;
use super::{Call, health, message, room, user};

/// One action of the server API.
#[derive(Debug)]
pub(super) struct Action {
    /// Its address below the prefix.
    pub(super) path: &'static str,
    /// Whether it takes signed POST calls only; the others take anything.
    pub(super) signed: bool,
    pub(super) run: fn(Call) -> Running,
}

pub(super) type Running = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + Send>>;

macro_rules! signed {
    ($path:literal, $run:path) => {
        Action { path: $path, signed: true, run: |call| Box::pin($run(call)) }
    };
}

static ACTIONS: [Action; 12] = [
    Action { path: "/health/liveness.action", signed: false, run: |call| Box::pin(health::check_liveness(call)) },
    signed!("/chatroom/sendMsgToSomeone.action", message::send_to_someone),
    signed!("/chatroom/batchSendMsgToSomeone.action", message::send_batch_to_someone),
    signed!("/chatroom/sendMsg.action", message::send_to_room),
    signed!("/chatroom/create.action", room::create_room),
    signed!("/chatroom/get.action", room::get_room),
    signed!("/chatroom/requestAddr.action", room::request_address),
    signed!("/user/create.action", user::create_user),
    signed!("/user/update.action", user::update_user),
    signed!("/user/refreshToken.action", user::refresh_token),
    signed!("/user/getUinfos.action", user::get_profiles),
    signed!("/user/updateUinfo.action", user::update_profile),
];

/// The action at this address.
pub(super) fn find(path: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.path == path)
}

/// The address of every action below the prefix.
pub fn actions() -> Vec<&'static str> {
    ACTIONS.iter().map(|action| action.path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_an_address_of_its_own() {
        for action in &ACTIONS {
            assert!(std::ptr::eq(find(action.path).unwrap(), action), "{} stands twice", action.path);
            assert!(action.path.starts_with('/') && action.path.ends_with(".action"), "{}", action.path);
        }
    }
}
