//! Chance with a seed, and the few names the walk knows: they are few, so that what happens often happens to the same.

use super::model::{Room, World};

/// An account that never exists.
pub const NOBODY: &str = "nobody";
/// A room that never does.
pub const NOWHERE: u64 = 999_999_999;
/// Sockets of one lane.
pub const SLOTS: usize = 5;

const NAMES: [&str; 7] = ["ann", "bob", "cat", "dan", "eve", "fay", "gus"];

pub struct Dice {
    rng: fastrand::Rng,
    lane: usize,
    serial: u64,
}

impl Dice {
    pub fn new(seed: u64, lane: usize) -> Dice {
        // Neighbours must not throw the same.
        let seed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(lane as u64);
        Dice { rng: fastrand::Rng::with_seed(seed), lane, serial: 0 }
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.rng.usize(..end)
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    /// A number that was not thrown before.
    pub fn serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    pub fn lane(&self) -> usize {
        self.lane
    }
}

/// A lane's account of this number.
pub fn account(lane: usize, number: usize) -> String {
    format!("w{lane}.{}", NAMES[number])
}

/// Throws names that mean something in the world as it is.
pub struct Draw<'a> {
    pub dice: &'a mut Dice,
    pub world: &'a World,
}

impl Draw<'_> {
    /// An account, mostly one that exists; at times in capitals.
    pub fn account(&mut self) -> String {
        let accid = match self.dice.below(100) {
            0..3 => NOBODY.to_owned(),
            3..6 => self.any_account(),
            _ => self.known_account(),
        };
        if self.dice.chance(5) { accid.to_uppercase() } else { accid }
    }

    /// An account that may not exist yet.
    pub fn any_account(&mut self) -> String {
        account(self.dice.lane(), self.dice.below(NAMES.len()))
    }

    pub fn known_account(&mut self) -> String {
        let known: Vec<&String> = self.world.accounts.keys().collect();
        self.dice.of(&known).clone()
    }

    pub fn accounts(&mut self, most: usize) -> Vec<String> {
        let mut accids: Vec<String> = (0..=self.dice.below(most)).map(|_| self.account()).collect();
        let mut seen = std::collections::HashSet::new();
        accids.retain(|accid| seen.insert(accid.to_lowercase()));
        accids
    }

    pub fn room(&mut self) -> u64 {
        let known: Vec<u64> = self.world.rooms.keys().copied().collect();
        if self.dice.chance(2) { NOWHERE } else { self.dice.of(&known) }
    }

    /// Mostly somebody who may do things in the room.
    pub fn manager(&mut self, room: u64) -> String {
        let room = self.world.rooms.get(&room).filter(|_| self.dice.chance(75));
        let managers = |room: &Room| -> Vec<String> {
            room.fixed().into_iter().filter(|accid| room.role(accid).manages()).map(str::to_owned).collect()
        };
        match room.map(managers) {
            Some(managers) => self.dice.of(&managers),
            None => self.account(),
        }
    }

    /// A socket that is logged in.
    pub fn socket(&mut self) -> Option<usize> {
        let slots: Vec<usize> = self.world.sessions.keys().copied().collect();
        (!slots.is_empty()).then(|| self.dice.of(&slots))
    }

    /// A socket and a room, mostly one that it is in.
    pub fn guest(&mut self) -> Option<(usize, u64)> {
        let slot = self.socket()?;
        let rooms: Vec<u64> = self.world.sessions[&slot].stays.keys().copied().collect();
        let in_one = !rooms.is_empty() && self.dice.chance(95);
        Some((slot, if in_one { self.dice.of(&rooms) } else { self.room() }))
    }
}
