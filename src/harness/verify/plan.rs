//! What is to be done in a run, by whom and when: made from a seed, written to a file, read from one. The same plan may come to different
//! things, since a gateway is free in much; but it asks for the same.

use std::fmt;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::history::{Mood, Role};

/// A whole plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What it was made from.
    pub seed: u64,
    /// The rooms that each member is in at the beginning, by number.
    pub seats: Vec<Vec<usize>>,
    /// How many rooms there are.
    pub rooms: usize,
    /// One after the other.
    pub phases: Vec<Phase>,
}

/// Actions that go on at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// Whether at its end everybody reads as fast as it can, and is waited for until it has all.
    pub settles: bool,
    /// Those of one actor are done one after the other.
    pub actions: Vec<Action>,
}

/// One action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// When, in milliseconds from the beginning of its phase; later where its actor is still busy.
    pub at: u32,
    /// Who.
    pub by: Actor,
    /// What.
    #[serde(flatten)]
    pub deed: Deed,
}

/// Who acts. `m3` is a member, `s1` one that calls the server API, `g0` a stranger who does not log in, `n0` a nemesis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Actor {
    /// A member on its socket.
    Member(usize),
    /// An application server's caller: its calls go one after the other.
    Server(usize),
    /// Somebody who connects and does not log in.
    Stranger(usize),
    /// Who breaks things; several, so that one need not wait for another.
    Nemesis(usize),
}

/// What is done. Members and rooms are numbers of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Deed {
    /// Sends one message.
    Send(Message),
    /// Sends `count` messages, whose ids have a number behind; several at a time wait for their answers.
    Flood {
        /// What of them.
        #[serde(flatten)]
        message: Message,
        /// How many.
        count: u32,
    },
    /// Enters a room.
    Join {
        /// Which.
        room: usize,
    },
    /// Leaves it.
    Leave {
        /// Which.
        room: usize,
    },
    /// Puts a member out.
    Kick {
        /// Of which room.
        room: usize,
        /// Whom.
        target: usize,
    },
    /// Changes how a member stands in a room.
    Role {
        /// Which.
        room: usize,
        /// Whose.
        target: usize,
        /// What.
        role: Role,
        /// Given, or taken away.
        given: bool,
    },
    /// Sets an element of a room's queue.
    Offer {
        /// Which.
        room: usize,
        /// Its key.
        key: String,
        /// Its value.
        value: String,
    },
    /// Takes one out.
    Poll {
        /// Which.
        room: usize,
        /// Its key.
        key: String,
    },
    /// Gives a room another announcement.
    Update {
        /// Which.
        room: usize,
        /// What it says.
        announcement: String,
    },
    /// Makes an account that nobody uses.
    Account {
        /// Its name, after the run's own prefix.
        name: String,
    },
    /// Sends something that must be refused.
    Bad {
        /// What.
        frame: String,
    },
    /// Connects and logs in anew, or goes on with the session that it had; enters its rooms again where that is over.
    ComeBack {
        /// By which way.
        way: Way,
    },
    /// Says goodbye.
    Goodbye,
    /// Leaves for a while, so that it can come back.
    Away,
    /// Breaks its connection off.
    Cut,
    /// Its network goes silent. Only with a connection through the proxy.
    HalfOpen,
    /// Reads no more.
    Stop,
    /// Reads slowly.
    Slow {
        /// Bytes a second.
        bytes_per_second: u32,
    },
    /// Reads as fast as it can.
    ReadOn,
    /// Connects, listens for a while and goes, without ever logging in with a right token.
    Lurk {
        /// How long, milliseconds.
        time: u32,
    },
    /// Connects, logs in, enters a room and leaves again, so many times.
    Churn {
        /// Which round this is.
        round: u32,
        /// How many connections.
        connections: u32,
    },
    /// The webhook receiver answers so from now on.
    Receiver {
        /// How.
        mood: Mood,
    },
    /// Somebody else writes to the gateway's database, and lets nobody else.
    HoldDatabase {
        /// How long, milliseconds.
        time: u32,
    },
    /// Kills the gateway and starts it again on the same state.
    Kill {
        /// Whether nothing can be written to its database from so many milliseconds before.
        holding: Option<u32>,
    },
    /// Looks how much memory it has.
    Weigh {
        /// Before the load, or after it.
        after: bool,
    },
    /// Reads accounts, rooms, roles, queues and histories.
    ReadBack,
    /// Waits until every webhook has come.
    AwaitWebhooks,
}

/// A message that is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// To which room.
    pub room: usize,
    /// Who sends it, where the server API does.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub sender: Option<usize>,
    /// Its id.
    pub id: String,
    /// Length of its content.
    pub size: u32,
    /// Only to these members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<usize>,
    /// In the high lane.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// Marked as sent again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub resend: bool,
}

/// How a member connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// As anybody does.
    Straight,
    /// With a small receive buffer, so that little is under way.
    Narrow,
    /// Through a proxy that can go silent.
    Proxy,
    /// Through one that passes a few bytes at a time.
    Split,
}

impl Plan {
    /// Reads a plan's file.
    pub fn read(path: &Path) -> io::Result<Plan> {
        let text = std::fs::read_to_string(path)?;
        let plan: Plan = serde_json::from_str(&text)?;
        plan.checked().map_err(|why| io::Error::new(io::ErrorKind::InvalidData, why))
    }

    /// Writes it to a file: an action a line.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        std::fs::write(path, self.to_string())
    }

    /// How many actions there are.
    pub fn len(&self) -> usize {
        self.phases.iter().map(|phase| phase.actions.len()).sum()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Members and rooms that an action names must be there.
    fn checked(self) -> Result<Plan, String> {
        let (members, rooms) = (self.seats.len(), self.rooms);
        below("seats: room", self.seats.iter().flatten().copied(), rooms)?;
        for action in self.phases.iter().flat_map(|phase| &phase.actions) {
            let (of_members, of_rooms) = action.names();
            below("member", of_members, members)?;
            below("room", of_rooms, rooms)?;
        }
        Ok(self)
    }
}

/// Numbers that a plan names must be those of something.
fn below(what: &str, numbers: impl IntoIterator<Item = usize>, most: usize) -> Result<(), String> {
    let wrong = numbers.into_iter().find(|number| *number >= most);
    wrong.map_or(Ok(()), |number| Err(format!("{what} {number}: expected one below {most}")))
}

impl Action {
    /// The members and rooms that it is about.
    fn names(&self) -> (Vec<usize>, Option<usize>) {
        let mut members = Vec::new();
        if let Actor::Member(member) = self.by {
            members.push(member);
        }
        let room = match &self.deed {
            Deed::Send(message) | Deed::Flood { message, .. } => {
                members.extend(message.sender.iter().chain(&message.to));
                Some(message.room)
            }
            Deed::Kick { room, target } | Deed::Role { room, target, .. } => {
                members.push(*target);
                Some(*room)
            }
            Deed::Join { room }
            | Deed::Leave { room }
            | Deed::Offer { room, .. }
            | Deed::Poll { room, .. }
            | Deed::Update { room, .. } => Some(*room),
            _ => None,
        };
        (members, room)
    }
}

impl fmt::Display for Plan {
    /// As JSON that a person can read and take lines out of.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = |value: &dyn erased::Json| value.json().map_err(|_| fmt::Error);
        writeln!(f, "{{\n\"seed\": {},\n\"rooms\": {},", self.seed, self.rooms)?;
        writeln!(f, "\"seats\": {},\n\"phases\": [", json(&self.seats)?)?;
        for (number, phase) in self.phases.iter().enumerate() {
            writeln!(f, "{{\"name\": {}, \"settles\": {}, \"actions\": [", json(&phase.name)?, phase.settles)?;
            for (number, action) in phase.actions.iter().enumerate() {
                let comma = if number + 1 < phase.actions.len() { "," } else { "" };
                writeln!(f, "  {}{comma}", json(action)?)?;
            }
            writeln!(f, "]}}{}", if number + 1 < self.phases.len() { "," } else { "" })?;
        }
        writeln!(f, "]\n}}")
    }
}

/// Anything as one line of JSON.
mod erased {
    pub(super) trait Json {
        fn json(&self) -> serde_json::Result<String>;
    }

    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> serde_json::Result<String> {
            serde_json::to_string(self)
        }
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> String {
        actor.to_string()
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::Member(number) => write!(f, "m{number}"),
            Actor::Server(number) => write!(f, "s{number}"),
            Actor::Stranger(number) => write!(f, "g{number}"),
            Actor::Nemesis(number) => write!(f, "n{number}"),
        }
    }
}

impl TryFrom<String> for Actor {
    type Error = String;

    fn try_from(text: String) -> Result<Actor, String> {
        let wrong = || format!("by: expected m, s, g or n with a number, got {text:?}");
        let number = || text.get(1..)?.parse().ok();
        match (text.chars().next(), number()) {
            (Some('m'), Some(number)) => Ok(Actor::Member(number)),
            (Some('s'), Some(number)) => Ok(Actor::Server(number)),
            (Some('g'), Some(number)) => Ok(Actor::Stranger(number)),
            (Some('n'), Some(number)) => Ok(Actor::Nemesis(number)),
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_read_as_it_was_written() {
        let message =
            Message { room: 0, sender: Some(1), id: "a".into(), size: 3, to: vec![0], urgent: true, resend: false };
        let deeds = [
            (Actor::Server(1), Deed::Send(message.clone())),
            (Actor::Member(1), Deed::Flood { message, count: 3 }),
            (Actor::Nemesis(0), Deed::Kill { holding: Some(5) }),
            (Actor::Stranger(0), Deed::Lurk { time: 5 }),
        ];
        let actions = deeds.into_iter().map(|(by, deed)| Action { at: 7, by, deed }).collect();
        let phases = vec![
            Phase { name: "one".into(), settles: true, actions },
            Phase { name: "none".into(), settles: false, actions: Vec::new() },
        ];
        let plan = Plan { seed: 5, seats: vec![vec![0], vec![0, 1]], rooms: 2, phases };
        let file = tempfile::NamedTempFile::new().unwrap();
        plan.write(file.path()).unwrap();
        assert_eq!(Plan::read(file.path()).unwrap(), plan);
        assert!(
            plan.to_string().contains(r#"{"at":7,"by":"s1","do":"send","room":0,"as":1,"id":"a","size":3,"to":[0]"#)
        );
    }

    #[test]
    fn what_a_plan_names_must_be_there() {
        let text = |by: &str, room: usize| {
            format!(
                r#"{{"seed":1,"rooms":1,"seats":[[0]],"phases":[{{"name":"x","settles":true,"actions":[{{"at":0,"by":"{by}","do":"join","room":{room}}}]}}]}}"#
            )
        };
        let read = |text: &str| serde_json::from_str::<Plan>(text).map_err(|error| error.to_string())?.checked();
        assert!(read(&text("m0", 0)).is_ok());
        assert_eq!(read(&text("m1", 0)).unwrap_err(), "member 1: expected one below 1");
        assert_eq!(read(&text("m0", 1)).unwrap_err(), "room 1: expected one below 1");
        assert!(read(&text("x1", 0)).unwrap_err().contains("by: expected m, s, g or n with a number"));
    }
}
