//! Calls by chance: each kind as often as its weight, with few names, some of them wrong.

mod members;
mod messages;
mod queue;
mod rooms;
mod sockets;
mod spoil;
mod users;

use serde_json::{Value, json};

use super::call::{Call, Door};
use super::dice::{Dice, Draw, SLOTS};
use super::model::World;

type Kind = fn(&mut Draw<'_>) -> Option<Call>;

const KINDS: &[(usize, Kind)] = &[
    (1, users::create),
    (1, users::token),
    (2, users::profile),
    (1, users::block),
    (5, users::unblock),
    (3, users::mute),
    (1, users::look),
    (1, rooms::create),
    (3, rooms::update),
    (4, rooms::toggle),
    (2, rooms::settings),
    (3, rooms::look),
    (14, members::set_role),
    (8, members::kick),
    (8, members::mute),
    (4, members::mute_room),
    (3, members::looks),
    (3, members::mute_tag),
    (2, members::tags),
    (6, members::robots),
    (2, members::look),
    (1, queue::init),
    (12, queue::offer),
    (4, queue::offer_all),
    (4, queue::update),
    (7, queue::poll),
    (1, queue::clear),
    (2, queue::look),
    (12, messages::send),
    (3, messages::batch),
    (4, messages::directed),
    (1, messages::batch_directed),
    (1, messages::broadcast),
    (3, messages::recall),
    (1, messages::delete),
    (9, sockets::login),
    (26, sockets::join),
    (3, sockets::leave),
    (14, sockets::send),
    (1, sockets::end),
];

/// A room whose history gets longer than this is given up: a query could not show it whole.
const LONG_HISTORY: usize = 170;

/// Of a hundred calls so many come with another one at the same time.
const AT_ONCE: usize = 15;

/// What a lane does next: a call, or two at the same time.
pub fn draw(dice: &mut Dice, world: &World) -> Vec<Call> {
    if world.rooms.is_empty() || world.rooms.values().any(|room| room.past.0.len() > LONG_HISTORY) {
        return vec![rooms::create_surely(&mut Draw { dice, world })];
    }
    let one = draw_one(dice, world);
    let kind = Kin::of(&one).filter(|_| one.door == Door::Server && dice.chance(AT_ONCE));
    if kind.is_none() {
        return vec![one];
    }
    let mut other = draw_one(dice, world);
    while Kin::of(&other) != kind {
        other = draw_one(dice, world);
    }
    // Mostly about the same room.
    if other.door == Door::Server && other.has("roomid") && one.has("roomid") && dice.chance(70) {
        other.params.insert("roomid".into(), json!(one.room()));
    }
    vec![one, other]
}

/// Calls that may come at the same time, since one of them is done after the other. A message may fall in the midst of a change of its
/// room, and so may what happens to accounts; and a member who is put out in the moment it asks for something may still get it.
#[derive(Debug, PartialEq, Eq)]
enum Kin {
    Message,
    Change,
}

impl Kin {
    fn of(call: &Call) -> Option<Kin> {
        match call.action {
            "@send" | "chatroom/sendMsg" | "chatroom/sendMsgToSomeone" => Some(Kin::Message),
            "chatroom/create" | "chatroom/batchSendMsg" | "chatroom/batchSendMsgToSomeone" | "chatroom/broadcast" => {
                None
            }
            "@join" => Some(Kin::Change),
            action => (action.starts_with("chatroom/") && call.door == Door::Server).then_some(Kin::Change),
        }
    }
}

fn draw_one(dice: &mut Dice, world: &World) -> Call {
    let mut draw = Draw { dice, world };
    loop {
        if let Some(mut call) = kind(draw.dice)(&mut draw) {
            spoil::perhaps(draw.dice, &mut call);
            return call;
        }
    }
}

fn kind(dice: &mut Dice) -> Kind {
    let mut at = dice.below(KINDS.iter().map(|(weight, _)| weight).sum());
    for (weight, kind) in KINDS {
        match at.checked_sub(*weight) {
            None => return *kind,
            Some(rest) => at = rest,
        }
    }
    unreachable!("it is below the sum")
}

/// The room that is given up when there is one too many.
pub fn too_many(world: &World) -> Option<u64> {
    const ROOMS: usize = 3;
    let long = world.rooms.iter().find(|(_, room)| room.past.0.len() > LONG_HISTORY);
    let oldest = world.rooms.keys().next().filter(|_| world.rooms.len() > ROOMS);
    long.map(|(id, _)| id).filter(|_| world.rooms.len() > 1).or(oldest).copied()
}

impl Draw<'_> {
    /// One of the verbs that both doors have: from the application server in the name of somebody who mostly may, or from a socket in its own.
    fn both<const N: usize>(&mut self, action: &'static str, by: &'static str, params: [(&str, Value); N]) -> Call {
        let is_upper = action.ends_with("RoleTag");
        let name = if is_upper { "roomId" } else { "roomid" };
        let mut call = match self.guest().filter(|_| self.dice.chance(25)) {
            Some((slot, room)) => {
                let mut call = Call::new(Door::Socket(slot), action, params);
                call.params.insert(name.into(), json!(room));
                call
            }
            None => {
                let (room, mut call) = (self.room(), Call::server(action, params));
                call.params.insert(name.into(), json!(room));
                if !by.is_empty() {
                    call.params.insert(by.into(), json!(self.manager(room)));
                }
                call
            }
        };
        call.params.retain(|_, value| !value.is_null());
        call
    }

    /// Something, or nothing at all.
    fn perhaps(&mut self, percent: usize, value: impl Into<Value>) -> Value {
        if self.dice.chance(percent) { value.into() } else { Value::Null }
    }

    fn flag(&mut self) -> bool {
        self.dice.chance(50)
    }

    fn free_slot(&mut self) -> Option<usize> {
        let free: Vec<usize> = (0..SLOTS).filter(|slot| !self.world.sessions.contains_key(slot)).collect();
        (!free.is_empty()).then(|| self.dice.of(&free))
    }

    /// Tags, perhaps none.
    fn tags(&mut self) -> Vec<&'static str> {
        super::model::TAGS.into_iter().filter(|_| self.flag()).collect()
    }
}
