//! The table of actions. A new action is one row here, one function in its family's file, and one test file.

use std::pin::Pin;

use crate::base::limits;
use crate::model::Refusal;

use super::answer::Answer;
use super::rate::Rate;
use super::{Call, health, history, member, message, queue, robot, role, room, stats, tag, user};

/// One action.
#[derive(Debug)]
pub(crate) struct Action {
    /// Its address below the prefix of the REST door; the last part is its verb on the socket.
    pub(crate) path: &'static str,
    /// Who may ask for it.
    pub(crate) door: Door,
    /// How often the application server may.
    pub(crate) rate: Rate,
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
        action!($path, $door, Rate::PerSecond, $run)
    };
    ($path:literal, $door:ident, $rate:expr, $run:path) => {
        Action { path: concat!($path, ".action"), door: Door::$door, rate: $rate, run: |call| Box::pin($run(call)) }
    };
}

/// All of them.
#[rustfmt::skip] // It is read as a table.
pub(crate) static ACTIONS: &[Action] = &[
    action!("/health/liveness", Open, health::check_liveness),
    action!("/chatroom/sendMsgToSomeone", Server, message::send_to_someone),
    action!("/chatroom/batchSendMsgToSomeone", Server, message::send_batch_to_someone),
    action!("/chatroom/sendMsg", Server, message::send_to_room),
    action!("/chatroom/batchSendMsg", Server, message::send_batch_to_room),
    action!("/chatroom/broadcast", Server, Rate::PerMinute(limits::BROADCASTS_A_MINUTE), message::send_to_all_rooms),
    action!("/chatroom/recall", Both, history::recall_message),
    action!("/chatroom/deleteHistoryMessage", Server, history::delete_message),
    action!("/history/queryChatroomMsg", Server, Rate::PerMinute(limits::HISTORY_QUERIES_A_MINUTE), history::query_history),
    action!("/history/queryTagHistoryMsg", Server, history::query_tag_history),
    action!("/chatroom/history", Member, history::query_own_history),
    action!("/chatroom/create", Server, room::create_room),
    action!("/chatroom/get", Both, room::get_room),
    action!("/chatroom/getBatch", Server, room::get_rooms),
    action!("/chatroom/list", Server, room::list_rooms),
    action!("/chatroom/update", Both, room::update_room),
    action!("/chatroom/toggleCloseStat", Both, room::toggle_room),
    action!("/chatroom/updateDelayClosePolicy", Server, room::set_room_closing),
    action!("/chatroom/updateInOutNotification", Server, room::set_in_out_notices),
    action!("/chatroom/queryUserRoomIds", Server, room::get_room_ids),
    action!("/chatroom/requestAddr", Server, room::request_address),
    action!("/chatroom/setMemberRole", Both, role::set_role),
    action!("/chatroom/kickMember", Both, role::kick_member),
    action!("/chatroom/temporaryMute", Both, role::mute_member),
    action!("/chatroom/muteRoom", Both, role::mute_room),
    action!("/chatroom/updateMyRoomRole", Both, role::update_looks),
    action!("/chatroom/membersByPage", Both, member::page_members),
    action!("/chatroom/queryMembersByRole", Both, member::find_members_by_role),
    action!("/chatroom/queryMembers", Both, member::find_members),
    action!("/chatroom/addRobot", Server, robot::add_robots),
    action!("/chatroom/removeRobot", Server, robot::remove_robots),
    action!("/chatroom/cleanRobot", Server, robot::clean_robots),
    action!("/chatroom/tagTemporaryMute", Both, tag::mute_tag),
    action!("/chatroom/tagMembersCount", Both, tag::count_tag_members),
    action!("/chatroom/tagMembersQuery", Both, tag::find_tag_members),
    action!("/chatroom/updateChatRoomRoleTag", Both, tag::update_tags),
    action!("/chatroom/updateLocation", Member, tag::update_location),
    action!("/chatroom/queueInit", Server, queue::init_queue),
    action!("/chatroom/queueOffer", Both, queue::offer_element),
    action!("/chatroom/queueBatchOffer", Both, queue::offer_elements),
    action!("/chatroom/queueBatchUpdateElements", Both, queue::update_elements),
    action!("/chatroom/queueList", Both, queue::list_queue),
    action!("/chatroom/queueMultiGet", Both, queue::find_elements),
    action!("/chatroom/queuePoll", Both, queue::poll_element),
    action!("/chatroom/queueDrop", Both, queue::drop_queue),
    action!("/user/create", Server, user::create_user),
    action!("/user/update", Server, user::update_user),
    action!("/user/refreshToken", Server, user::refresh_token),
    action!("/user/getUinfos", Server, user::get_profiles),
    action!("/user/updateUinfo", Server, user::update_profile),
    action!("/user/block", Server, user::block_user),
    action!("/user/unblock", Server, user::unblock_user),
    action!("/user/mute", Server, user::mute_user),
    action!("/user/muteModule", Server, user::mute_modules),
    action!("/user/setDonnop", Server, user::set_push_silence),
    action!("/user/userOnlineStatus", Server, user::get_online_status),
    action!("/stats/chatroom/topn", Server, stats::top_rooms),
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
        Action { path: "/for/test.action", door: Door::Server, rate: Rate::PerSecond, run }
    }
}

/// The action that the application server finds at this address.
pub(crate) fn find(path: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.door != Door::Member && action.path == path)
}

/// The address below the prefix of every action that the REST door has.
pub fn actions() -> Vec<&'static str> {
    ACTIONS.iter().filter(|action| action.door != Door::Member).map(|action| action.path).collect()
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
