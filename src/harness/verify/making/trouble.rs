//! What goes wrong: connections, readers, the database, the receiver of webhooks, and the process itself.

use crate::harness::verify::history::{Mood, Role};
use crate::harness::verify::plan::{Action, Actor, Deed, Message};

use super::{COMMON, HALL, Maker, PROXIED, SERVERS, act};

impl Maker {
    /// What goes wrong meanwhile.
    pub(super) fn nemesis(&mut self, time: u32) -> Vec<Action> {
        let mut actions = Vec::new();
        // Who is broken off again and again: others than those who are put out, if there are enough.
        let mut members: Vec<usize> = (COMMON..self.size.members).collect();
        self.dice.shuffle(&mut members);
        let mut members = members.into_iter();
        if self.faults.cut {
            for number in 0..8 {
                let Some(member) = members.next() else { break };
                let how = if number % 4 == 3 { Deed::Away } else { Deed::Cut };
                self.break_off(member, &how, time, &mut actions);
            }
        }
        if self.faults.half_open {
            for member in PROXIED {
                self.break_off(member, &Deed::HalfOpen, time, &mut actions);
            }
        }
        if self.faults.slow {
            for _ in 0..3 {
                let Some(member) = members.next() else { break };
                let at = self.dice.u32(0..time / 2);
                let slow = Deed::Slow { bytes_per_second: self.dice.u32(20_000..120_000) };
                actions.push(act(at, Actor::Member(member), slow));
                actions.push(act(at + time / 3, Actor::Member(member), Deed::ReadOn));
            }
        }
        if self.faults.database {
            let hold = Deed::HoldDatabase { time: time.min(2400) / 4 };
            actions.push(act(time / 4, Actor::Nemesis(0), hold));
        }
        if self.faults.receiver {
            let mut moods = [Mood::Refusing, Mood::Failing, Mood::Slow];
            self.dice.shuffle(&mut moods);
            let moods = moods.into_iter().chain([Mood::Well]);
            for (number, mood) in (0..).zip(moods) {
                actions.push(act(time / 8 * (number + 1), Actor::Nemesis(1), Deed::Receiver { mood }));
            }
        }
        actions
    }

    /// Reads slowly, so that something is under way, breaks off, and is back soon.
    pub(super) fn break_off(&mut self, member: usize, how: &Deed, time: u32, actions: &mut Vec<Action>) {
        let by = Actor::Member(member);
        let mut at = self.dice.u32(time / 10..time / 3);
        for _ in 0..2 {
            if self.faults.slow && self.dice.bool() {
                actions.push(act(at, by, Deed::Slow { bytes_per_second: 8_000 }));
                at += time / 16;
            }
            actions.push(act(at, by, how.clone()));
            at += self.dice.u32(10..time / 6);
            let Action { deed, .. } = self.comes(member, 1);
            actions.push(act(at, by, deed));
            at += self.dice.u32(20..time / 6);
        }
    }

    pub(super) fn churn(&mut self) {
        let connections = if self.size.time < 15_000 { 250 } else { 700 };
        let rounds = (0..5).map(|round| act(0, Actor::Nemesis(0), Deed::Churn { round, connections }));
        self.phase("churn", true, rounds.collect());
    }

    /// Killed while much is being changed; back on the same state; and what was acknowledged is read.
    pub(super) fn kills(&mut self) {
        let mut kills = vec![None];
        kills.extend(self.faults.database.then_some(Some(200)));
        kills.extend((self.size.time >= 15_000).then_some(None));
        for (number, holding) in kills.into_iter().enumerate() {
            let mut actions = Vec::new();
            for server in 0..SERVERS {
                self.change(server, &mut actions);
            }
            let at = self.dice.u32(120..280);
            actions.push(act(at, Actor::Nemesis(0), Deed::Kill { holding }));
            self.phase(&format!("kill {}", number + 1), false, actions);
            self.regroup(&format!("return {}", number + 1));
            self.phase("read back", false, vec![act(0, Actor::Nemesis(0), Deed::ReadBack)]);
        }
    }

    /// One that changes something every few milliseconds.
    pub(super) fn change(&mut self, server: usize, actions: &mut Vec<Action>) {
        let by = Actor::Server(server);
        for at in (0..500).step_by(7) {
            let room = self.dice.usize(0..self.size.rooms);
            let deed = match server {
                0 | 1 => Deed::Offer { room, key: self.id("k"), value: self.id("v") },
                2 => Deed::Update { room, announcement: self.id("news ") },
                3 => {
                    let (target, given) = (self.special(2), self.dice.bool());
                    Deed::Role { room: HALL, target, role: Role::Common, given }
                }
                4 => Deed::Account { name: self.id("a") },
                _ => {
                    let message = self.message(by);
                    let to = if server == 5 { message.to.clone() } else { Vec::new() };
                    Deed::Send(Message { to, ..message })
                }
            };
            actions.push(act(at, by, deed));
        }
    }
}
