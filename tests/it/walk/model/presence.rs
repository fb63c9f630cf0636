//! Who is connected, who is in which room, and what they hear there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::World;
use super::news;
use super::past::{Entry, Kept};
use super::standing::Looks;

pub type Tags = BTreeSet<String>;

/// A socket that is logged in.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    pub accid: String,
    /// The rooms it is in.
    pub stays: BTreeMap<u64, Stay>,
    /// What it should have heard since it was last asked, each stream in order.
    pub heard: BTreeMap<Stream, Vec<String>>,
}

/// What one session said when it came.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stay {
    pub tags: Tags,
    /// For whom its messages are where they don't say.
    pub target: Option<Tags>,
}

/// What has an order: one lane of one room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stream {
    pub room: u64,
    pub lane: Lane,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    Normal,
    High,
    /// That a session is out of a room.
    LastWord,
}

/// An account that is in a room.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Here {
    pub looks: Looks,
    /// When it came, as lists show it; learnt, and must then stay.
    pub entered: Option<u64>,
}

/// Something that is told to a room.
#[derive(Debug, Default)]
pub struct Telling {
    pub high: bool,
    /// Only to those who have one of these tags.
    pub range: Option<Tags>,
    pub more: Map<String, Value>,
}

impl Session {
    /// Hears something of a room that it is in.
    pub fn hear(&mut self, room: u64, lane: Lane, line: &str) {
        if self.stays.contains_key(&room) {
            self.heard.entry(Stream { room, lane }).or_default().push(line.to_owned());
        }
    }
}

impl Telling {
    pub fn with(more: Value) -> Telling {
        let Value::Object(more) = more else { panic!("no object: {more}") };
        Telling { more: more.into_iter().filter(|(_, value)| !value.is_null()).collect(), ..Telling::default() }
    }
}

impl World {
    /// How an account is called in a room.
    pub fn party(&self, room: u64, accid: &str) -> (String, String) {
        let room = &self.rooms[&room];
        let profile = || self.accounts.get(accid).map(|account| account.name.clone()).unwrap_or_default();
        let nick = match (room.here.get(accid), room.robots.get(accid)) {
            (Some(here), _) | (None, Some(here)) => here.looks.nick.clone().unwrap_or_default(),
            (None, None) => room.standing(accid).saved.nick.unwrap_or_else(profile),
        };
        (accid.to_owned(), nick)
    }

    /// Tells a room something in the name of `by`, and records it.
    pub fn tell(&mut self, room: u64, id: u64, by: &(String, String), about: &[(String, String)], telling: Telling) {
        let Telling { high, range, more } = telling;
        let line = news::notice(&news::attach(id, by, about, more));
        self.hear(room, if high { Lane::High } else { Lane::Normal }, range.as_ref(), &line);
        self.record(room, line, &by.0, None, Kept::Soon);
    }

    /// All sessions in the room that have one of these tags hear this.
    pub fn hear(&mut self, room: u64, lane: Lane, range: Option<&Tags>, line: &str) {
        for session in self.sessions.values_mut() {
            let Some(stay) = session.stays.get(&room) else { continue };
            if range.is_none_or(|range| !stay.tags.is_disjoint(range)) {
                session.hear(room, lane, line);
            }
        }
    }

    pub fn record(&mut self, room: u64, line: String, from: &str, time: Option<u64>, kept: Kept) -> &mut Entry {
        let (past, round) = (&mut self.rooms.get_mut(&room).expect("a room").past.0, self.round);
        past.push(Entry { line, from: from.to_owned(), msg_id: None, time, target: None, kept, round });
        past.last_mut().expect("just pushed")
    }

    /// A session is out of a room by itself; the last of its account is told, and takes along what leaves with it.
    pub fn leave(&mut self, slot: usize, room: u64) {
        let session = self.sessions.get_mut(&slot).expect("a session");
        session.stays.remove(&room);
        let accid = session.accid.clone();
        if self.sessions.values().any(|session| session.accid == accid && session.stays.contains_key(&room)) {
            return;
        }
        let party = self.party(room, &accid);
        let kept = self.rooms.get_mut(&room).expect("a room");
        kept.here.remove(&accid);
        if kept.notices {
            self.tell(room, 302, &party, std::slice::from_ref(&party), Telling::default());
        }
        self.take_transient(room, &accid);
    }

    /// A connection is over.
    pub fn hang_up(&mut self, slot: usize) {
        for room in self.sessions[&slot].stays.keys().copied().collect::<Vec<_>>() {
            self.leave(slot, room);
        }
        self.sessions.remove(&slot);
    }

    /// An account is put out of a room: its sessions hear why, then the others are told. False where it was not in.
    pub fn put_out(&mut self, room: u64, accid: &str, reason: u8, told: impl FnOnce(&mut World)) -> bool {
        let kept = self.rooms.get_mut(&room).expect("a room");
        if kept.here.remove(accid).is_none() {
            return false;
        }
        for session in self.sessions.values_mut().filter(|session| session.accid == accid) {
            session.hear(room, Lane::LastWord, &news::kicked(reason));
            session.stays.remove(&room);
        }
        told(self);
        self.take_transient(room, accid);
        true
    }

    /// What leaves with its owner leaves.
    fn take_transient(&mut self, room: u64, accid: &str) {
        let gone = self.rooms.get_mut(&room).expect("a room").take_transient(accid);
        if gone.is_empty() {
            return;
        }
        let pairs: Map<String, Value> = gone.into_iter().map(|element| (element.key, element.value.into())).collect();
        let party = self.party(room, accid);
        let change = json!({"queueChange": {"_e": "PARTCLEAR", "kvObject": pairs}});
        self.tell(room, 320, &party, &[], Telling::with(change));
    }
}
