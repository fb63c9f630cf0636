//! What members may do to each other (sections 5.1 to 5.3).

use std::ops::RangeInclusive;

use serde_json::json;

use super::presence::{Here, Tags, Telling};
use super::rooms::telling;
use super::standing::{Looks, Role, Standing};
use super::time::Until;
use super::{Asked, Room, Verdict, World};
use crate::walk::call::Call;

impl World {
    pub(super) fn set_role(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let call = asked.call;
        let (by, target) = (self.actor(call, "operator"), call.accid("target"));
        let (opt, set) = (call.int("opt"), call.flag("optvalue", false));
        verdict.require(self.knows(&by) && self.knows(&target), 404);
        let Some((id, room)) = self.room_of(asked, verdict) else { return };
        let before = room.role(&target);
        verdict.require(room.role(&by).may_act_on(before, opt), 403);
        if verdict.refuses() {
            return;
        }
        self.settle();
        // As they were called before: who is no fixed member any more may have no name of its own in the room.
        let parties = self.parties(id, &by, &target);
        let room = self.room_mut(id);
        let role = before.after(opt, set);
        room.give(&target, role);
        if role.is_blocked() {
            room.robots.remove(&target);
        }
        verdict.part("/desc/type", role.word());
        verdict.part("/type", role.word());
        verdict.part("/desc/accid", target.as_str());
        if role != before {
            let notice = match opt {
                -1 => 303,
                -2 => 305,
                1 => 307,
                _ => 309,
            } + u64::from(!set);
            self.tell_of(id, notice, parties, telling(call), role.is_blocked().then_some(5));
        }
    }

    fn parties(&self, id: u64, by: &str, target: &str) -> [(String, String); 2] {
        [self.party(id, by), self.party(id, target)]
    }

    /// Tells a room what somebody did to somebody, who is put out where there is a reason for that.
    fn tell_of(&mut self, id: u64, notice: u64, parties: [(String, String); 2], telling: Telling, out: Option<u8>) {
        let [by, party] = parties;
        let mut telling = Some(telling);
        let mut tell = |world: &mut World| {
            if let Some(telling) = telling.take() {
                world.tell(id, notice, &by, std::slice::from_ref(&party), telling);
            }
        };
        if !out.is_some_and(|reason| self.put_out(id, &party.0, reason, &mut tell)) {
            tell(self);
        }
    }

    pub(super) fn kick(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let (by, target) = (self.actor(asked.call, "accid"), asked.call.accid("targetAccid"));
        verdict.require(self.knows(&by), 404);
        let Some((id, room)) = self.room_of(asked, verdict) else { return };
        verdict.require(room.is_online(&target), 404);
        verdict.require(room.role(&by).may_act_on(room.role(&target), 0), 403);
        if verdict.refuses() {
            return;
        }
        self.settle();
        let parties = self.parties(id, &by, &target);
        self.room_mut(id).robots.remove(&target);
        self.tell_of(id, 313, parties, telling(asked.call), Some(2));
    }

    pub(super) fn mute_member(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let (by, target) = (self.actor(asked.call, "operator"), asked.call.accid("target"));
        verdict.require(self.knows(&by) && self.knows(&target), 404);
        let Some((id, room)) = self.room_of(asked, verdict) else { return };
        let standing = room.standing(&target);
        verdict.require(room.role(&by).may_act_on(standing.role, 0), 403);
        if verdict.refuses() {
            return;
        }
        self.settle();
        let left = standing.mute.map_or(0..=0, |mute| mute.left(asked.when));
        let mute = self.muted(asked, left, verdict, |world, notice, telling| {
            let parties = world.parties(id, &by, &target);
            world.tell_of(id, notice, parties, telling, None);
        });
        self.room_mut(id).standings.entry(target).or_default().mute = mute;
    }

    /// What both ways of muting for a time have in common: 0 lifts, and the answer are the seconds it lasts or would have.
    fn muted(
        &mut self,
        asked: Asked<'_>,
        left: RangeInclusive<u64>,
        verdict: &mut Verdict,
        tell: impl FnOnce(&mut World, u64, Telling),
    ) -> Option<Until> {
        let (seconds, Telling { mut more, .. }) = (asked.call.int("muteDuration"), telling(asked.call));
        let lifts = seconds == 0;
        let told = if lifts { left } else { seconds.unsigned_abs()..=seconds.unsigned_abs() };
        verdict.part_within("/desc/muteDuration", told.clone());
        let answered = asked.answer.and_then(|answer| answer["desc"]["muteDuration"].as_u64());
        // Lifting what is not there is nothing to tell.
        if asked.call.flag("needNotify", true) && answered.unwrap_or(*told.end()) > 0 {
            if !lifts {
                more.insert("muteDuration".into(), json!(seconds));
            }
            let for_tag = asked.call.has("targetTag");
            tell(self, 314 + u64::from(lifts) + if for_tag { 7 } else { 0 }, Telling { more, ..Telling::default() });
        }
        (!lifts).then(|| Until::after(seconds, asked.when))
    }

    pub(super) fn mute_tag(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let (by, tag) = (self.actor(asked.call, "operator"), asked.call.text("targetTag").to_owned());
        verdict.require(self.knows(&by), 404);
        let Some((id, room)) = self.room_of(asked, verdict) else { return };
        verdict.require(room.role(&by).manages(), 403);
        let left = room.tag_mutes.get(&tag).map_or(0..=0, |mute| mute.left(asked.when));
        if verdict.refuses() {
            return;
        }
        self.settle();
        let range = tag.clone();
        let mute = self.muted(asked, left, verdict, |world, notice, mut telling| {
            telling.more.insert("targetTag".into(), json!(range));
            let (by, range) = (world.party(id, &by), Some(Tags::from([range])));
            world.tell(id, notice, &by, &[], Telling { range, ..telling });
        });
        let room = self.room_mut(id);
        room.tag_mutes.remove(&tag);
        room.tag_mutes.extend(mute.map(|mute| (tag, mute)));
    }

    pub(super) fn mute_room(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let (by, mute) = (self.actor(asked.call, "operator"), asked.call.flag("mute", false));
        verdict.require(self.knows(&by), 404);
        let Some((id, room)) = self.room_of(asked, verdict) else { return };
        verdict.require(room.role(&by).manages(), 403);
        let changes = room.muted != mute;
        if verdict.refuses() {
            return;
        }
        self.settle();
        self.room_mut(id).muted = mute;
        verdict.part("/desc/success", true);
        if changes && asked.call.flag("needNotify", true) {
            let by = self.party(id, &by);
            self.tell(id, if mute { 318 } else { 319 }, &by, &[], telling(asked.call));
        }
    }

    /// Only whoever is in the room or belongs to it has looks there; only who belongs to it can save them.
    pub(super) fn update_looks(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let by = self.actor(asked.call, "accid");
        verdict.require(self.knows(&by), 404);
        let Some((id, room)) = self.room_of(asked, verdict) else { return };
        verdict.require(room.role(&by).is_fixed() || room.here.contains_key(&by), 404);
        if verdict.refuses() {
            return;
        }
        self.settle();
        let (room, said) = (self.room_mut(id), said_looks(asked.call));
        if let Some(Here { looks, .. }) = room.here.get_mut(&by) {
            *looks = said.clone().or(looks);
        }
        if room.role(&by).is_fixed() && asked.call.flag("save", false) {
            let standing = room.standings.entry(by.clone()).or_default();
            standing.saved = said.or(&standing.saved);
        }
        if asked.call.flag("needNotify", true) {
            let by = self.party(id, &by);
            self.tell(id, 316, &by, std::slice::from_ref(&by), telling(asked.call));
        }
    }

    pub(super) fn update_tags(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let (by, listed) = (self.actor(asked.call, "accid"), asked.call.list("tags").to_vec());
        verdict.require(self.knows(&by), 404);
        let Some((id, room)) = self.room_of(asked, verdict) else { return };
        let is_here = room.here.contains_key(&by);
        if verdict.refuses() || !is_here {
            return;
        }
        let tags: Tags = listed.iter().filter_map(|tag| tag.as_str().map(str::to_owned)).collect();
        for session in self.sessions.values_mut().filter(|session| session.accid == by) {
            if let Some(stay) = session.stays.get_mut(&id) {
                (stay.tags, stay.target) = (tags.clone(), Some(tags.clone()).filter(|tags| !tags.is_empty()));
            }
        }
        if asked.call.flag("needNotify", true) {
            let by = self.party(id, &by);
            let more = json!({"tags": json!(listed).to_string(), "ext": asked.call.params.get("ext")});
            self.tell(id, 325, &by, std::slice::from_ref(&by), Telling::with(more));
        }
    }
}

impl Room {
    /// Gives an account a role. A guest leaves nothing behind but a mute that runs.
    fn give(&mut self, accid: &str, role: Role) {
        let standing = self.standings.entry(accid.to_owned()).or_default();
        if !role.is_fixed() {
            *standing = Standing { mute: standing.mute, ..Standing::default() };
        }
        standing.role = role;
    }
}

pub(super) fn said_looks(call: &Call) -> Looks {
    let said = |name: &str| Some(call.text(name).to_owned()).filter(|text| !text.is_empty());
    Looks { nick: said("nick"), ext: said("ext") }
}
