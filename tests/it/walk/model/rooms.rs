//! The life of rooms (section 4).

use serde_json::json;

use super::presence::{Lane, Telling};
use super::{Asked, Room, Verdict, World, news};
use crate::walk::call::{Call, Door};

/// A closing by itself that says no time is so long.
const WEEK: i64 = 604_800;

impl World {
    pub(super) fn create_room(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let creator = asked.call.accid("creator");
        verdict.require(self.knows(&creator), 404);
        let id = asked.answer.and_then(|answer| answer["chatroom"]["roomid"].as_u64());
        let Some(id) = id.filter(|_| !verdict.refuses()) else { return };
        self.settle();
        verdict.require(!self.rooms.contains_key(&id), 0);
        verdict.part("/chatroom/creator", creator.as_str());
        verdict.part("/chatroom/valid", true);
        let mut room = Room::new(creator);
        room.notices = asked.call.params.get("inOutNotification").is_none_or(|on| on == 1);
        room.closing = closing(asked.call);
        room.take(asked.call);
        self.rooms.insert(id, room);
    }

    pub(super) fn update_room(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some((id, room)) = self.room_of(asked, verdict) else { return };
        let by = match asked.call.door {
            Door::Server => room.creator.clone(),
            Door::Socket(_) => self.actor(asked.call, ""),
        };
        verdict.require(room.role(&by).manages(), 403);
        if verdict.refuses() {
            return;
        }
        self.settle();
        let room = self.room_mut(id);
        room.take(asked.call);
        verdict.part("/chatroom/name", room.name.as_str());
        if asked.call.flag("needNotify", true) {
            let by = self.party(id, &by);
            self.tell(id, 312, &by, &[], telling(asked.call));
        }
    }

    pub(super) fn toggle_room(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let (by, open) = (self.actor(asked.call, "operator"), asked.call.flag("valid", false));
        verdict.require(self.knows(&by), 404);
        let Some((id, room)) = self.room_of(asked, verdict) else { return };
        verdict.require(room.creator == by, 403);
        verdict.require(room.open != open, 417);
        if verdict.refuses() {
            return;
        }
        self.settle();
        verdict.part("/desc/roomid", id);
        verdict.part("/desc/valid", open);
        verdict.part("/valid", open);
        if open {
            let room = self.room_mut(id);
            (room.open, room.closing) = (true, closing(asked.call));
        } else {
            self.close(id, &by);
        }
    }

    /// All are told, then all are out; nobody virtual stays, and nothing that leaves with somebody.
    fn close(&mut self, id: u64, by: &str) {
        let by = self.party(id, by);
        let room = self.room_mut(id);
        room.open = false;
        room.robots.clear();
        room.queue.retain(|element| !element.transient);
        self.tell(id, 311, &by, &[], Telling::default());
        self.hear(id, Lane::LastWord, None, &news::kicked(1));
        self.room_mut(id).here.clear();
        for session in self.sessions.values_mut() {
            session.stays.remove(&id);
        }
    }

    pub(super) fn set_closing(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some((id, _)) = self.room_of(asked, verdict) else { return };
        if verdict.refuses() {
            return;
        }
        self.settle();
        let room = self.room_mut(id);
        room.closing = closing(asked.call);
        verdict.part("/chatroom/roomid", id);
        verdict.part("/chatroom/delayInfo/delayClosePolicy", room.closing.0);
        verdict.part("/chatroom/delayInfo/delayCloseEnable", room.closing.0 > 0);
    }

    pub(super) fn set_notices(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some((id, _)) = self.room_of(asked, verdict) else { return };
        if !verdict.refuses() {
            self.settle();
            self.room_mut(id).notices = !asked.call.flag("close", false);
        }
    }

    pub(super) fn request_address(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let accid = asked.call.accid("accid");
        verdict.require(self.knows(&accid), 404);
        let Some((_, room)) = self.room_of(asked, verdict) else { return };
        verdict.require(room.open, 13002);
        verdict.require(!room.role(&accid).is_blocked(), 13003);
    }
}

impl Room {
    /// Takes over what is said of it; what is not stays.
    fn take(&mut self, call: &Call) {
        let given = |name: &str| Some(call.text(name).to_owned()).filter(|text| !text.is_empty());
        self.name = given("name").unwrap_or_else(|| self.name.clone());
        self.announcement = given("announcement").or_else(|| self.announcement.clone());
        self.ext = given("ext").unwrap_or_else(|| self.ext.clone());
        if call.has("queuelevel") {
            self.queuelevel = call.int("queuelevel");
        }
    }
}

fn closing(call: &Call) -> (i64, i64) {
    let seconds = Some(call.int("delaySeconds")).filter(|seconds| *seconds > 0);
    (call.int("delayClosePolicy"), seconds.unwrap_or(WEEK))
}

/// What goes along with a notification.
pub(super) fn telling(call: &Call) -> Telling {
    let ext = call.params.get("notifyExt").cloned();
    Telling::with(json!({ "ext": ext }))
}
