//! A small right gateway that does everything at any moment between its two ends: it is never accused. One that loses a delivery, or
//! makes two of one, is.

use std::collections::{HashSet, VecDeque};

use proptest::prelude::*;

use crate::harness::verify::checker::story::{Story, to, to_room};
use crate::harness::verify::checker::{Invariant, Outcome, check};
use crate::harness::verify::history::{Answer, CallNumber, ConnectionNumber, Frame, Message, Request, Send, Text};

const MEMBERS: [&str; 3] = ["ann", "bob", "cat"];
const ROOMS: u64 = 2;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Move {
    /// A member asks for something.
    Ask(usize, Wish),
    /// The gateway does what a member has asked for.
    Act(usize),
    /// A member reads a frame.
    Read(usize),
}

#[derive(Debug, Clone)]
enum Wish {
    Join(u64),
    Leave(u64),
    Say(u64),
    Tell(u64, usize),
    Ping,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let wish = prop_oneof![
        3 => (1..=ROOMS).prop_map(Wish::Join),
        1 => (1..=ROOMS).prop_map(Wish::Leave),
        4 => (1..=ROOMS).prop_map(Wish::Say),
        2 => (1..=ROOMS, 0..MEMBERS.len()).prop_map(|(room, to)| Wish::Tell(room, to)),
        1 => Just(Wish::Ping),
    ];
    let member = 0..MEMBERS.len();
    let one = prop_oneof![
        2 => (member.clone(), wish).prop_map(|(member, wish)| Move::Ask(member, wish)),
        2 => member.clone().prop_map(Move::Act),
        4 => member.prop_map(Move::Read),
    ];
    prop::collection::vec(one, 1..200)
}

/// What is done wrong, at which delivery.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    None,
    Lose(usize),
    Double(usize),
}

/// A frame that waits for its member, and the call that it ends.
type Waiting = (Frame, Option<(CallNumber, Answer)>);

/// The gateway, and the three that talk to it. Each waits for an answer before it asks again.
struct Model {
    story: Story,
    connections: Vec<ConnectionNumber>,
    asked: Vec<VecDeque<(CallNumber, Wish, Send)>>,
    waiting: Vec<bool>,
    inside: HashSet<(usize, u64)>,
    frames: Vec<VecDeque<Waiting>>,
    fault: Fault,
    deliveries: usize,
    ids: usize,
}

impl Model {
    fn new(fault: Fault) -> Model {
        let mut story = Story::new();
        let connections = MEMBERS.iter().map(|accid| story.member(accid, &[])).collect();
        Model {
            story,
            connections,
            asked: vec![VecDeque::new(); MEMBERS.len()],
            waiting: vec![false; MEMBERS.len()],
            inside: HashSet::new(),
            frames: vec![VecDeque::new(); MEMBERS.len()],
            fault,
            deliveries: 0,
            ids: 0,
        }
    }

    fn play(&mut self, one: Move) {
        match one {
            Move::Ask(member, wish) if !self.waiting[member] => self.ask(member, wish),
            Move::Act(member) => self.act(member),
            Move::Read(member) => self.read(member),
            Move::Ask(..) => {}
        }
    }

    fn ask(&mut self, member: usize, wish: Wish) {
        self.ids += 1;
        let id = format!("m{}", self.ids);
        let send = match wish {
            Wish::Tell(room, other) => to(room, &id, &[MEMBERS[other]]),
            Wish::Say(room) | Wish::Join(room) | Wish::Leave(room) => to_room(room, &id),
            Wish::Ping => to_room(1, &id),
        };
        let request = match wish {
            Wish::Join(room) => Request::Join { room },
            Wish::Leave(room) => Request::Leave { room },
            Wish::Say(_) | Wish::Tell(..) => Request::Send(send.clone()),
            Wish::Ping => Request::Ping,
        };
        let call = self.story.ask(self.connections[member], request);
        self.asked[member].push_back((call, wish, send));
        self.waiting[member] = true;
    }

    fn act(&mut self, member: usize) {
        let Some((call, wish, send)) = self.asked[member].pop_front() else { return };
        let answer = match wish {
            Wish::Join(room) => {
                self.inside.insert((member, room));
                Answer::Done
            }
            Wish::Leave(room) => self.done_if(|model| model.inside.remove(&(member, room))),
            Wish::Say(room) | Wish::Tell(room, _) if self.inside.contains(&(member, room)) => {
                let message = self.story.accepted(MEMBERS[member], &send);
                let outcomes = self.hand_over(&send, &message);
                Answer::Sent { message, outcomes }
            }
            Wish::Say(_) | Wish::Tell(..) => refused(),
            Wish::Ping => Answer::Done,
        };
        let code = if let Answer::Refused { code, .. } = answer { code } else { 200 };
        self.frames[member].push_back((Frame::Reply { call: Some(call), code }, Some((call, answer))));
    }

    fn done_if(&mut self, act: impl FnOnce(&mut Model) -> bool) -> Answer {
        if act(self) { Answer::Done } else { refused() }
    }

    fn hand_over(&mut self, send: &Send, message: &Message) -> Vec<(Text, Text)> {
        for (member, accid) in MEMBERS.iter().enumerate() {
            let is_for = send.to.is_empty() || send.to.iter().any(|to| &**to == *accid);
            if is_for && self.inside.contains(&(member, send.room)) {
                self.deliveries += 1;
                let copies = match self.fault {
                    Fault::Lose(at) if at == self.deliveries => 0,
                    Fault::Double(at) if at == self.deliveries => 2,
                    _ => 1,
                };
                (0..copies).for_each(|_| self.frames[member].push_back((Frame::Message(message.clone()), None)));
            }
        }
        let at = |accid: &Text| MEMBERS.iter().position(|member| *member == &**accid).unwrap();
        let is_in = |accid: &Text| self.inside.contains(&(at(accid), send.room));
        let outcome = |accid: &Text| if is_in(accid) { "queued" } else { "not_in_room" };
        send.to.iter().map(|accid| (accid.clone(), outcome(accid).into())).collect()
    }

    fn read(&mut self, member: usize) {
        let Some((frame, answer)) = self.frames[member].pop_front() else { return };
        self.story.arrives(self.connections[member], 100, frame);
        if let Some((call, answer)) = answer {
            self.story.complete(call, answer);
            self.waiting[member] = false;
        }
    }

    /// Everybody reads all there is, asks once more whether anybody is there, and is answered.
    fn end(&mut self) {
        for wish in [None, Some(Wish::Ping)] {
            for member in 0..MEMBERS.len() {
                if let Some(wish) = wish.clone() {
                    self.ask(member, wish);
                }
                self.act(member);
            }
            for member in 0..MEMBERS.len() {
                while !self.frames[member].is_empty() {
                    self.read(member);
                }
            }
        }
    }
}

fn refused() -> Answer {
    Answer::Refused { code: 403, desc: "".into() }
}

fn broken(moves: Vec<Move>, fault: Fault) -> (Vec<Invariant>, usize, String) {
    let mut model = Model::new(fault);
    moves.into_iter().for_each(|one| model.play(one));
    model.end();
    let verdicts = check(&model.story.history);
    let broken = verdicts.iter().filter(|verdict| matches!(verdict.outcome, Outcome::Broken { .. }));
    let names = broken.clone().map(|verdict| verdict.invariant).collect();
    (names, model.deliveries, format!("{:#?}", broken.collect::<Vec<_>>()))
}

proptest! {
    #[test]
    fn a_right_gateway_is_never_accused(moves in moves()) {
        let (broken, _, shown) = broken(moves, Fault::None);
        prop_assert!(broken.is_empty(), "{}", shown);
    }

    #[test]
    fn a_delivery_that_comes_twice_is_found(moves in moves(), at in 1usize..20) {
        let (broken, deliveries, _) = broken(moves, Fault::Double(at));
        prop_assert_eq!(broken, if deliveries >= at { vec![Invariant::Once] } else { Vec::new() });
    }

    /// One that was lost while its member was on its way in or out can't be told from one that was not for it.
    #[test]
    fn a_lost_delivery_is_found_or_may_not_have_been_one(moves in moves(), at in 1usize..20) {
        let (broken, _, shown) = broken(moves, Fault::Lose(at));
        prop_assert!(broken.is_empty() || broken == [Invariant::NoLoss], "{}", shown);
    }
}
