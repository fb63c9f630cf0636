//! A phase in which everybody does a bit of everything: speaks, comes and goes, is put out, rises and falls.

use crate::harness::verify::history::Role;
use crate::harness::verify::plan::{Action, Actor, Deed, Message};

use super::{COMMON, HALL, Maker, SERVERS, act};

impl Maker {
    /// Everybody does a bit of everything for a while.
    pub(super) fn mix(&mut self, name: &str, time: u32, mut actions: Vec<Action>) {
        for (member, room) in std::mem::take(&mut self.out) {
            actions.push(act(0, Actor::Member(member), Deed::Join { room }));
        }
        for server in 0..SERVERS {
            self.talk(Actor::Server(server), time, 25..75, &mut actions);
        }
        for member in 0..self.size.members {
            self.talk(Actor::Member(member), time, 150..450, &mut actions);
        }
        self.come_and_go(time, &mut actions);
        self.put_out(time, &mut actions);
        self.stand(time, &mut actions);
        self.queue(time, &mut actions);
        for stranger in 0..3 {
            let lurk = Deed::Lurk { time: time.min(3000) * 3 / 4 };
            actions.push(act(self.dice.u32(0..time / 8), Actor::Stranger(stranger), lurk));
        }
        self.phase(name, true, actions);
    }

    /// One that speaks: to rooms and to some of them, urgently or not, now and then once more.
    pub(super) fn talk(&mut self, by: Actor, time: u32, pause: std::ops::Range<u32>, actions: &mut Vec<Action>) {
        let mut at = self.dice.u32(0..pause.end);
        let mut said: Vec<Message> = Vec::new();
        while at < time {
            let message = if !said.is_empty() && self.dice.u8(0..10) == 0 {
                let again = self.dice.choice(&said).cloned();
                again.map(|message| Message { resend: true, ..message })
            } else {
                None
            };
            let message = message.unwrap_or_else(|| self.message(by));
            said.push(Message { resend: false, ..message.clone() });
            actions.push(act(at, by, Deed::Send(message)));
            at += self.dice.u32(pause.clone());
        }
    }

    pub(super) fn message(&mut self, by: Actor) -> Message {
        let (sender, member) = match by {
            Actor::Member(member) => (None, member),
            Actor::Server(server) => {
                let of_its_own = self.dice.usize(0..self.size.members / SERVERS) * SERVERS + server;
                (Some(of_its_own), of_its_own)
            }
            _ => (None, 0),
        };
        // One in twenty of a member's goes where it is not, and must be refused.
        let room = match self.dice.u8(0..20) {
            0 => self.dice.usize(0..self.size.rooms),
            _ => self.dice.choice(&self.seats[member]).copied().unwrap_or(HALL),
        };
        let to = match self.dice.u8(0..10) {
            0..4 => {
                let count = self.dice.usize(1..6);
                let mut to: Vec<usize> = (0..count).map(|_| self.dice.usize(0..self.size.members)).collect();
                to.sort_unstable();
                to.dedup();
                to
            }
            _ => Vec::new(),
        };
        let urgent = self.dice.u8(0..8) == 0;
        Message { room, sender, id: self.id("t"), size: self.dice.u32(4..300), to, urgent, resend: false }
    }

    pub(super) fn common(&mut self) -> usize {
        self.dice.usize(COMMON..self.size.members)
    }

    pub(super) fn come_and_go(&mut self, time: u32, actions: &mut Vec<Action>) {
        for _ in 0..self.size.members / 3 {
            let member = self.common();
            let room = self.dice.choice(&self.seats[member]).copied().unwrap_or(HALL);
            let at = self.dice.u32(0..time / 2);
            actions.push(act(at, Actor::Member(member), Deed::Leave { room }));
            actions.push(act(at + self.dice.u32(50..time / 2), Actor::Member(member), Deed::Join { room }));
        }
        let member = self.common();
        actions.push(act(self.dice.u32(0..time), Actor::Member(member), Deed::Bad { frame: "dance".into() }));
    }

    /// Some are put out; a few come back at once.
    pub(super) fn put_out(&mut self, time: u32, actions: &mut Vec<Action>) {
        for number in 0..6 {
            let target = self.common();
            let room = if number < 3 { HALL } else { self.seats[target][1.min(self.seats[target].len() - 1)] };
            let at = self.dice.u32(time / 6..time / 2);
            actions.push(act(at, Actor::Server(SERVERS), Deed::Kick { room, target }));
            if number % 3 == 0 {
                let again = at + self.dice.u32(20..time / 2);
                actions.push(act(again, Actor::Member(target), Deed::Join { room }));
            } else {
                self.out.push((target, room));
            }
        }
        // One more may not even come back for a while.
        let target = self.special(0);
        let room = self.seats[target][1.min(self.seats[target].len() - 1)].max(1);
        for (given, at) in [(true, time / 4), (false, time * 3 / 4)] {
            let deed = Deed::Role { room, target, role: Role::Blocklisted, given };
            actions.push(act(at, Actor::Server(SERVERS), deed));
        }
        self.out.push((target, room));
    }

    /// A member that has a kind of role to itself: so what a role hides of another never matters.
    pub(super) fn special(&mut self, kind: usize) -> usize {
        let all: Vec<usize> = (COMMON..self.size.members).filter(|member| member % 4 == kind).collect();
        self.dice.choice(&all).copied().unwrap_or(COMMON)
    }

    /// Some are muted and speak all the same; some rise and fall.
    pub(super) fn stand(&mut self, time: u32, actions: &mut Vec<Action>) {
        for number in 0..3 {
            let target = self.special(1);
            let at = time / 4 * number;
            let role = |given| Deed::Role { room: HALL, target, role: Role::Muted, given };
            actions.push(act(at, Actor::Server(SERVERS + 1), role(true)));
            for part in 1..4 {
                let message =
                    Message { room: HALL, sender: None, to: Vec::new(), ..self.message(Actor::Member(target)) };
                actions.push(act(at + time / 16 * part, Actor::Member(target), Deed::Send(message)));
            }
            actions.push(act(at + time / 4 - 1, Actor::Server(SERVERS + 1), role(false)));
        }
        for (kind, role) in [(2, Role::Common), (3, Role::Manager)] {
            for _ in 0..3 {
                let (target, given) = (self.special(kind), self.dice.bool());
                let at = self.dice.u32(0..time);
                actions.push(act(at, Actor::Server(SERVERS + 2), Deed::Role { room: HALL, target, role, given }));
            }
        }
    }

    pub(super) fn queue(&mut self, time: u32, actions: &mut Vec<Action>) {
        for _ in 0..12 {
            let (room, at) = (self.dice.usize(0..self.size.rooms), self.dice.u32(0..time));
            let key = format!("q{}", self.dice.u8(0..4));
            let deed = match self.dice.u8(0..4) {
                0 => Deed::Poll { room, key },
                1 => Deed::Update { room, announcement: self.id("news ") },
                _ => Deed::Offer { room, key, value: self.id("v") },
            };
            actions.push(act(at, Actor::Server(SERVERS + 3), deed));
        }
    }
}
