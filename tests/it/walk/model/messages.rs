//! Messages: who may say what, who hears it, what is kept (sections 2, 3 and 6.2).

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::past::Kept;
use super::presence::{Lane, Stay, Tags, Telling};
use super::rooms::telling;
use super::{Asked, Verdict, World, news};
use crate::walk::call::{Call, Door};

/// Whoever speaks, and for whom where it does not say.
struct Speaker {
    room: u64,
    accid: String,
    target: Option<Tags>,
}

impl World {
    /// Whether the sender may speak: every mute is asked, but those that the application server ignores; the blocklist is no mute.
    fn speaker(&self, asked: Asked<'_>, verdict: &mut Verdict) -> Option<Speaker> {
        let call = asked.call;
        let accid = self.actor(call, "fromAccid");
        let account = self.accounts.get(&accid);
        verdict.require(account.is_some(), 404);
        let (id, room) = self.room_of(asked, verdict)?;
        verdict.require(room.open, 13002);
        let standing = room.standing(&accid);
        verdict.require(!standing.role.is_blocked(), 13003);
        let stay = match call.door {
            Door::Socket(slot) => self.sessions.get(&slot)?.stays.get(&id),
            Door::Server => None,
        };
        if call.door != Door::Server || !call.flag("ignoreMute", false) {
            verdict.require(account.is_none_or(|account| !account.muted && !account.modules[2]), 423);
            verdict.require(!standing.role.is_muted(), 13004);
            verdict.unless_left(&standing.mute.map_or(0..=0, |mute| mute.left(asked.when)), 13004);
            verdict.require(!room.muted || standing.role.manages(), 13006);
            if !standing.role.manages() {
                verdict.unless_left(&self.tags_muted(asked, id, &accid), 13004);
            }
        }
        Some(Speaker { room: id, accid, target: stay.and_then(|stay| stay.target.clone()) })
    }

    /// How long tags mute who asks: on a socket those it has there. In the name of an account that is here, until the first of its
    /// sessions may speak.
    fn tags_muted(&self, asked: Asked<'_>, id: u64, accid: &str) -> RangeInclusive<u64> {
        let room = &self.rooms[&id];
        let speaks = |slot: &usize| match asked.call.door {
            Door::Socket(own) => own == *slot,
            Door::Server => true,
        };
        let sessions = self.sessions.iter().filter(|(slot, session)| speaks(slot) && session.accid == accid);
        let stays = sessions.filter_map(|(_, session)| session.stays.get(&id));
        let muted = |stay: &Stay| {
            let mutes = stay.tags.iter().filter_map(|tag| room.tag_mutes.get(tag));
            let lefts = mutes.map(|mute| mute.left(asked.when));
            lefts.reduce(|one, other| *one.start().max(other.start())..=*one.end().max(other.end())).unwrap_or(0..=0)
        };
        let all = stays.map(muted).reduce(|one, other| *one.start().min(other.start())..=*one.end().min(other.end()));
        all.unwrap_or(0..=0)
    }

    /// The nick that its message has: the account's name, or on a socket how it looks in the room.
    fn nick(&self, speaker: &Speaker, door: Door) -> String {
        match door {
            Door::Server => self.accounts[&speaker.accid].name.clone(),
            Door::Socket(_) => self.party(speaker.room, &speaker.accid).1,
        }
    }

    pub(super) fn send(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some(speaker) = self.speaker(asked, verdict).filter(|_| !verdict.refuses()) else { return };
        let message = asked.answer.map_or(&Value::Null, |answer| &answer["desc"]);
        verdict.part("/desc/fromAccount", speaker.accid.as_str());
        verdict.part("/desc/fromNick", self.nick(&speaker, asked.call.door));
        verdict.part("/desc/msgid_client", asked.call.text("msgId"));
        self.say(&speaker, asked.call, asked.call.text("msgId"), message);
    }

    /// A message to the whole room, or to those with some tags.
    fn say(&mut self, speaker: &Speaker, call: &Call, msg_id: &str, message: &Value) {
        let said = call.params.get("notifyTargetTags").and_then(Value::as_str).map(tags_in);
        let target = said.or_else(|| speaker.target.clone());
        let line = news::message(msg_id, &speaker.accid);
        self.hear(speaker.room, lane(call), target.as_ref(), &line);
        if call.int("skipHistory") == 0 {
            self.settle();
            let time = message["time"].as_str().and_then(|time| time.parse().ok());
            let entry = self.record(speaker.room, line, &speaker.accid, time, Kept::Surely);
            (entry.msg_id, entry.target) = (Some(msg_id.to_owned()), target);
        }
    }

    pub(super) fn send_batch(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some(speaker) = self.speaker(asked, verdict).filter(|_| !verdict.refuses()) else { return };
        verdict.part("/fail", json!([]));
        for (at, item) in asked.call.list("msgList").iter().enumerate() {
            let msg_id = item["msgId"].as_str().expect("an id");
            let sent = asked.answer.map_or(&Value::Null, |answer| &answer["success"][at][msg_id]);
            verdict.require(asked.answer.is_none() || sent["msgid_client"] == msg_id, 0);
            self.say(&speaker, asked.call, msg_id, sent);
        }
    }

    /// Listed accounts that are in the room hear it; nothing is kept.
    pub(super) fn send_directed(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some(speaker) = self.speaker(asked, verdict).filter(|_| !verdict.refuses()) else { return };
        verdict.part("/desc/fromNick", self.nick(&speaker, asked.call.door));
        let fate = |accid: &str| match (self.rooms[&speaker.room].here.contains_key(accid), self.knows(accid)) {
            (true, _) => "queued",
            (false, true) => "not_in_room",
            (false, false) => "unknown",
        };
        let outcomes =
            asked.call.accids("toAccids").into_iter().map(|accid| (accid.clone(), json!(fate(&accid)))).collect();
        verdict.part("/outcomes", Value::Object(outcomes));
        self.whisper(&speaker, asked.call, asked.call.text("msgId"));
    }

    pub(super) fn send_batch_directed(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some(speaker) = self.speaker(asked, verdict).filter(|_| !verdict.refuses()) else { return };
        verdict.part("/fail", json!([]));
        for item in asked.call.list("msgList") {
            self.whisper(&speaker, asked.call, item["msgId"].as_str().expect("an id"));
        }
    }

    fn whisper(&mut self, speaker: &Speaker, call: &Call, msg_id: &str) {
        let (listed, line) = (call.accids("toAccids"), news::directed(msg_id, &speaker.accid));
        for session in self.sessions.values_mut().filter(|session| listed.contains(&session.accid)) {
            session.hear(speaker.room, lane(call), &line);
        }
    }

    /// The application server takes back whatever it wants, a member its own messages, a manager everybody's.
    pub(super) fn recall(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let (by, from) = (self.actor(asked.call, "operatorAcc"), asked.call.accid("fromAcc"));
        verdict.require(self.knows(&by), 404);
        let Some((id, room)) = self.room_of(asked, verdict) else { return };
        verdict.require(asked.call.door == Door::Server || by == from || room.role(&by).manages(), 403);
        if verdict.refuses() {
            return;
        }
        self.settle();
        let msg_id = asked.call.text("msgId");
        self.room_mut(id).past.forget(&from, asked.call.int("msgTimetag").unsigned_abs(), Some(msg_id));
        let (by, from, Telling { mut more, .. }) = (self.party(id, &by), self.party(id, &from), telling(asked.call));
        more.insert("msgId".into(), json!(msg_id));
        self.tell(id, 323, &by, &[from], Telling { more, ..Telling::default() });
    }

    pub(super) fn delete_message(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some((id, _)) = self.room_of(asked, verdict) else { return };
        if !verdict.refuses() {
            self.settle();
            let time = asked.call.int("msgTimetag").unsigned_abs();
            self.room_mut(id).past.forget(&asked.call.accid("fromAcc"), time, None);
        }
    }
}

fn lane(call: &Call) -> Lane {
    if call.flag("highPriority", false) { Lane::High } else { Lane::Normal }
}

/// The tags of an expression that joins them with `or`.
pub(super) fn tags_in(expression: &str) -> Tags {
    let tag = |one: &str| Some(serde_json::from_str::<Value>(one).ok()?["tag"].as_str()?.to_owned());
    expression.split(" or ").filter_map(tag).collect()
}
