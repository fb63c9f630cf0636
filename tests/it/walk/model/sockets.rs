//! Members on their sockets: coming and going (socket protocol, section 2).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::members::said_looks;
use super::messages::tags_in;
use super::presence::{Here, Session, Stay, Tags, Telling};
use super::standing::Looks;
use super::{Asked, Verdict, World};
use crate::walk::ROOMS_PER_SESSION;
use crate::walk::call::{Call, Door};

impl World {
    pub(super) fn log_in(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Door::Socket(slot) = asked.call.door else { return };
        let accid = asked.call.accid("accid");
        let account = self.accounts.get(&accid);
        let right = account.is_some_and(|account| account.token.as_deref() == Some(asked.call.text("token")));
        verdict.require(right, 302);
        verdict.require(account.is_none_or(|account| !account.disabled), 422);
        if !verdict.refuses() {
            self.sessions.insert(slot, Session { accid, stays: BTreeMap::new(), heard: BTreeMap::new() });
        }
    }

    pub(super) fn join(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Door::Socket(slot) = asked.call.door else { return };
        let session = &self.sessions[&slot];
        let (accid, is_in) = (session.accid.clone(), session.stays.contains_key(&asked.call.room()));
        verdict.require(is_in || session.stays.len() < ROOMS_PER_SESSION, 419);
        let Some((id, room)) = self.room_of(asked, verdict) else { return };
        let role = room.role(&accid);
        verdict.require(room.open, 13002);
        verdict.require(!role.is_blocked(), 13003);
        if verdict.refuses() {
            return;
        }
        verdict.part("/chatroom/roomid", id);
        verdict.part("/member/accid", accid.as_str());
        verdict.part("/member/type", role.word());
        if !is_in {
            self.enter(slot, id, &accid, asked.call);
        }
        let room = &self.rooms[&id];
        verdict.part("/chatroom/onlineusercount", room.online().len());
        verdict.part("/member/nick", room.here[&accid].looks.nick.clone());
    }

    /// The first session of an account makes it look as it says, and is told; a virtual member makes way.
    fn enter(&mut self, slot: usize, id: u64, accid: &str, call: &Call) {
        let name = self.accounts[accid].name.clone();
        let room = self.rooms.get_mut(&id).expect("a room");
        let is_first = !room.here.contains_key(accid);
        let (saved, profile) = (room.standing(accid).saved, Looks { nick: Some(name), ext: None });
        if is_first {
            room.robots.remove(accid);
            let looks = said_looks(call).or(&saved).or(&profile);
            room.here.insert(accid.to_owned(), Here { looks, entered: None });
        }
        let (muted, tell) = (room.role(accid).is_muted(), is_first && room.notices);
        self.sessions.get_mut(&slot).expect("a session").stays.insert(id, stay(call));
        if tell {
            let party = self.party(id, accid);
            let more = json!({"ext": call.params.get("notifyExt"), "muted": u8::from(muted)});
            self.tell(id, 301, &party, std::slice::from_ref(&party), Telling::with(more));
        }
    }

    pub(super) fn leave_room(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Door::Socket(slot) = asked.call.door else { return };
        let Some((id, _)) = self.room_of(asked, verdict) else { return };
        if !verdict.refuses() {
            self.leave(slot, id);
        }
    }

    /// The connection is closed or breaks: the gateway notices by itself.
    pub(super) fn end(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Door::Socket(slot) = asked.call.door else { return };
        self.hang_up(slot);
        verdict.goes_on = true;
    }
}

/// Who has tags and says nothing else speaks to those who share one.
fn stay(call: &Call) -> Stay {
    let tags: Tags = call.list("tags").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let said = call.params.get("notifyTargetTags").and_then(Value::as_str).map(tags_in);
    let target = said.or_else(|| Some(tags.clone()).filter(|tags| !tags.is_empty()));
    Stay { tags, target }
}
