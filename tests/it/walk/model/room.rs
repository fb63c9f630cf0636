//! A room as the model keeps it (sections 4 to 6).

use std::collections::BTreeMap;

use super::past::Past;
use super::presence::Here;
use super::standing::{Role, Standing};
use super::time::Until;

#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    pub open: bool,
    pub muted: bool,
    pub creator: String,
    pub name: String,
    pub announcement: Option<String>,
    pub ext: String,
    pub queuelevel: i64,
    /// Whether it is told who comes and goes.
    pub notices: bool,
    /// Policy and seconds of its closing by itself, which is always far away.
    pub closing: (i64, i64),
    pub standings: BTreeMap<String, Standing>,
    pub tag_mutes: BTreeMap<String, Until>,
    pub here: BTreeMap<String, Here>,
    pub robots: BTreeMap<String, Here>,
    pub queue: Vec<Element>,
    pub queue_size: usize,
    pub past: Past,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    pub key: String,
    pub value: String,
    pub owner: String,
    pub transient: bool,
}

/// Elements that a new room's queue may have.
const QUEUE_SIZE: usize = 1000;

impl Room {
    pub fn new(creator: String) -> Room {
        let standing = Standing { role: Role::Creator, ..Standing::default() };
        Room {
            open: true,
            muted: false,
            standings: BTreeMap::from([(creator.clone(), standing)]),
            creator,
            name: String::new(),
            announcement: None,
            ext: String::new(),
            queuelevel: 0,
            notices: true,
            closing: (0, 0),
            tag_mutes: BTreeMap::new(),
            here: BTreeMap::new(),
            robots: BTreeMap::new(),
            queue: Vec::new(),
            queue_size: QUEUE_SIZE,
            past: Past::default(),
        }
    }

    pub fn standing(&self, accid: &str) -> Standing {
        self.standings.get(accid).cloned().unwrap_or_default()
    }

    pub fn role(&self, accid: &str) -> Role {
        self.standings.get(accid).map_or(Role::Guest, |standing| standing.role)
    }

    pub fn is_online(&self, accid: &str) -> bool {
        self.here.contains_key(accid) || self.robots.contains_key(accid)
    }

    /// Those who belong to it, whether they are in it or not.
    pub fn fixed(&self) -> Vec<&str> {
        let fixed = self.standings.iter().filter(|(_, standing)| standing.role.is_fixed());
        fixed.map(|(accid, _)| accid.as_str()).collect()
    }

    pub fn online(&self) -> Vec<&str> {
        self.here.keys().chain(self.robots.keys()).map(String::as_str).collect()
    }

    /// Puts an element in the place of the one with its key, or at the end; false where there is no place any more.
    pub fn put(&mut self, element: Element) -> bool {
        match self.queue.iter().position(|old| old.key == element.key) {
            Some(at) => self.queue[at] = element,
            None if self.queue.len() >= self.queue_size => return false,
            None => self.queue.push(element),
        }
        true
    }

    /// Takes out what leaves with its owner.
    pub fn take_transient(&mut self, owner: &str) -> Vec<Element> {
        let (gone, stays) = std::mem::take(&mut self.queue)
            .into_iter()
            .partition(|element| element.transient && element.owner == owner);
        self.queue = stays;
        gone
    }

    /// Nobody is in it after a crash, and nobody was told.
    pub fn crash(&mut self) {
        self.here.clear();
        self.queue.retain(|element| !element.transient);
        self.past.crash();
    }
}
