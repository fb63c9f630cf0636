//! The model: accounts, rooms and sessions as plainly as they can be written down, from the specification and from what is chosen where
//! that says nothing. It shares nothing with the gateway.

mod look;
mod member_view;
mod members;
mod messages;
pub mod news;
mod past;
pub mod presence;
mod queue;
mod robots;
mod room;
mod rooms;
mod sockets;
mod standing;
pub mod time;
mod users;
mod verdict;

use std::collections::BTreeMap;

use serde_json::Value;

use super::call::{Call, Door};

pub use look::{Look, TAGS};
pub use room::Room;
pub use verdict::Verdict;

use presence::Session;
use time::Window;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct World {
    pub accounts: BTreeMap<String, Account>,
    pub rooms: BTreeMap<u64, Room>,
    /// By slot.
    pub sessions: BTreeMap<usize, Session>,
    /// Counts rounds of calls: those of one round come at the same time.
    pub round: u64,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Account {
    pub name: String,
    /// The token to log in with; `None` where an answer was cut off.
    pub token: Option<String>,
    pub disabled: bool,
    pub muted: bool,
    /// `muteP2P`, `muteTeam`, `muteRoom`, `muteQChat`.
    pub modules: [bool; 4],
}

/// A call, and what is known about it.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub call: &'a Call,
    pub when: Window,
    /// What was answered, from which the model takes what only the gateway knows.
    pub answer: Option<&'a Value>,
}

impl World {
    /// What must come of a call: its verdict, and the world after it where it is done.
    pub fn after(&self, asked: Asked<'_>) -> (Verdict, World) {
        let (mut world, mut verdict) = (self.clone(), Verdict::default());
        verdict.require(asked.call.spoilt.is_none(), 414);
        world.act(asked, &mut verdict);
        (verdict, world)
    }

    fn act(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        match asked.call.action {
            "user/create" => self.create_user(asked, verdict),
            "user/update" => self.update_token(asked, verdict),
            "user/refreshToken" => self.refresh_token(asked, verdict),
            "user/updateUinfo" => self.update_profile(asked, verdict),
            "user/block" => self.disable(asked, verdict),
            "user/unblock" => self.enable(asked, verdict),
            "user/mute" => self.silence(asked, verdict),
            "user/muteModule" => self.silence_modules(asked, verdict),
            "user/getUinfos" | "user/userOnlineStatus" | "chatroom/getBatch" => {}
            "chatroom/create" => self.create_room(asked, verdict),
            "chatroom/update" => self.update_room(asked, verdict),
            "chatroom/toggleCloseStat" => self.toggle_room(asked, verdict),
            "chatroom/updateDelayClosePolicy" => self.set_closing(asked, verdict),
            "chatroom/updateInOutNotification" => self.set_notices(asked, verdict),
            "chatroom/queryUserRoomIds" => verdict.require(self.knows(&asked.call.accid("creator")), 404),
            "chatroom/requestAddr" => self.request_address(asked, verdict),
            "chatroom/setMemberRole" => self.set_role(asked, verdict),
            "chatroom/kickMember" => self.kick(asked, verdict),
            "chatroom/temporaryMute" => self.mute_member(asked, verdict),
            "chatroom/muteRoom" => self.mute_room(asked, verdict),
            "chatroom/updateMyRoomRole" => self.update_looks(asked, verdict),
            "chatroom/tagTemporaryMute" => self.mute_tag(asked, verdict),
            "chatroom/updateChatRoomRoleTag" => self.update_tags(asked, verdict),
            "chatroom/addRobot" => self.add_robots(asked, verdict),
            "chatroom/removeRobot" => self.remove_robots(asked, verdict),
            "chatroom/cleanRobot" => self.clean_robots(asked, verdict),
            "chatroom/queueInit" => self.init_queue(asked, verdict),
            "chatroom/queueOffer" => self.offer(asked, verdict),
            "chatroom/queueBatchOffer" => self.offer_all(asked, verdict),
            "chatroom/queueBatchUpdateElements" => self.update_elements(asked, verdict),
            "chatroom/queuePoll" => self.poll(asked, verdict),
            "chatroom/queueDrop" => self.drop_queue(asked, verdict),
            "chatroom/sendMsg" | "@send" if !asked.call.has("toAccids") => self.send(asked, verdict),
            "chatroom/sendMsgToSomeone" | "@send" => self.send_directed(asked, verdict),
            "chatroom/batchSendMsg" => self.send_batch(asked, verdict),
            "chatroom/batchSendMsgToSomeone" => self.send_batch_directed(asked, verdict),
            "chatroom/broadcast" => verdict.require(false, 403),
            "chatroom/recall" => self.recall(asked, verdict),
            "chatroom/deleteHistoryMessage" => self.delete_message(asked, verdict),
            "@login" => self.log_in(asked, verdict),
            "@join" => self.join(asked, verdict),
            "@leave" => self.leave_room(asked, verdict),
            "@close" | "@drop" => self.end(asked, verdict),
            // The rest only looks at a room.
            _ => _ = self.room_of(asked, verdict),
        }
    }

    pub fn knows(&self, accid: &str) -> bool {
        self.accounts.contains_key(accid)
    }

    /// Everything is gone that a crash takes. What should have been heard before does not come any more.
    pub fn crash(&mut self) {
        self.sessions.clear();
        self.rooms.values_mut().for_each(Room::crash);
    }

    /// A write was answered: whatever was to be written before it has been.
    fn settle(&mut self) {
        let round = self.round;
        self.rooms.values_mut().for_each(|room| room.past.settle(round));
    }

    /// Who acts: on a socket the account itself.
    fn actor(&self, call: &Call, name: &str) -> String {
        match call.door {
            Door::Server => call.accid(name),
            Door::Socket(slot) => self.sessions.get(&slot).map(|session| session.accid.clone()).unwrap_or_default(),
        }
    }

    /// The room a call is about: it must exist, and a socket must be in it.
    fn room_of(&self, asked: Asked<'_>, verdict: &mut Verdict) -> Option<(u64, &Room)> {
        let id = asked.call.room();
        verdict.require(self.rooms.contains_key(&id), 404);
        // Anybody may look at a room, and its creator may be outside.
        let from_outside = matches!(asked.call.action, "chatroom/get" | "chatroom/toggleCloseStat" | "@join");
        if let (Door::Socket(slot), false) = (asked.call.door, from_outside) {
            verdict.require(self.sessions.get(&slot).is_some_and(|session| session.stays.contains_key(&id)), 403);
        }
        Some((id, self.rooms.get(&id)?))
    }

    fn room_mut(&mut self, id: u64) -> &mut Room {
        self.rooms.get_mut(&id).expect("the room was there")
    }
}
