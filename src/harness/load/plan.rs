//! What a run is to do: how many members in how many rooms, what happens there, how fast and for how long.

use std::time::Duration;

use crate::base::Invalid;

/// Most accounts on the list of a directed message (server API, section 4.2).
const RECIPIENTS: usize = 100;
/// Longest `attach`.
const ATTACH: usize = 4096;
/// Messages on their way at a time through sockets, all senders together.
const SOCKET_WINDOW: usize = 256;
/// Connections that REST calls go over, and so the calls at a time.
const REST_WINDOW: usize = 32;

/// What happens in the rooms.
#[derive(Debug, Clone, PartialEq)]
pub enum Scenario {
    /// Messages to whole rooms.
    Fanout,
    /// Messages to some members; one phase for each number of recipients.
    Directed {
        /// How many each message is for.
        recipients: Vec<usize>,
    },
    /// Messages to whole rooms in both lanes.
    Mixed {
        /// How much of them is high priority, 0 to 1.
        high: f64,
    },
    /// Messages to whole rooms, while half of the members go and come.
    Churn {
        /// Goings and comings a second, each counted.
        per_second: f64,
    },
    /// All connections are cut at once and come back, once with their sessions and once without.
    Storm,
    /// Members are there and nothing is sent but one message at the end.
    Idle,
}

/// How fast messages are sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rate {
    /// So many a second in each room, whether they are answered or not.
    PerRoom(f64),
    /// As many as are answered and taken in.
    Max,
}

/// Which door messages are sent through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// The signed server API.
    Rest,
    /// The sockets of members.
    Socket,
}

/// A whole run.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What happens.
    pub scenario: Scenario,
    /// Members in all rooms together.
    pub members: usize,
    /// Rooms; the members are spread over them evenly.
    pub rooms: usize,
    /// `None` is what suits the scenario.
    pub rate: Option<Rate>,
    /// `None` is what suits the rate.
    pub via: Option<Via>,
    /// Characters of `attach`.
    pub size: usize,
    /// How long each phase is measured.
    pub duration: Duration,
    /// How long each phase runs before it is measured.
    pub warm_up: Duration,
    /// Over which time the connections are opened.
    pub ramp: Duration,
    /// Connections being opened at a time.
    pub opening: usize,
    /// Messages sent and not yet answered; `None` is what suits the door.
    pub window: Option<usize>,
    /// Members that send, where they do, in each room.
    pub senders: usize,
    /// Every so many frames a member says what it has; 0 is never.
    pub ack: u64,
    /// At every so many members latencies are taken; `None` is at all, or at about 100 where the rate is [`Rate::Max`].
    pub sample: Option<usize>,
    /// Receive buffer of each connection, as the kernel counts it.
    pub receive_buffer: Option<u32>,
    /// What names of accounts and rooms begin with; `None` is something random.
    pub prefix: Option<String>,
    /// The cores that gateway and load were bound to.
    pub cores: Option<[usize; 2]>,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan {
            scenario: Scenario::Fanout,
            members: 100,
            rooms: 1,
            rate: None,
            via: None,
            size: 128,
            duration: Duration::from_secs(10),
            warm_up: Duration::from_secs(1),
            ramp: Duration::ZERO,
            opening: 64,
            window: None,
            senders: 4,
            ack: 32,
            sample: None,
            receive_buffer: None,
            prefix: None,
            cores: None,
        }
    }
}

impl Via {
    /// As it is named on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Via::Rest => "rest",
            Via::Socket => "socket",
        }
    }
}

impl Scenario {
    /// As it is named on the command line and in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Scenario::Fanout => "fanout",
            Scenario::Directed { .. } => "directed",
            Scenario::Mixed { .. } => "mixed",
            Scenario::Churn { .. } => "churn",
            Scenario::Storm => "storm",
            Scenario::Idle => "idle",
        }
    }

    /// What suits it. Where members go and come nobody could tell from what is missing that the rest has fallen behind.
    fn usual_rate(&self) -> Rate {
        match self {
            Scenario::Fanout | Scenario::Directed { .. } | Scenario::Mixed { .. } => Rate::Max,
            Scenario::Churn { .. } | Scenario::Storm | Scenario::Idle => Rate::PerRoom(10.0),
        }
    }
}

impl Plan {
    /// Whether it can be done at all.
    pub fn check(&self) -> Result<(), Invalid> {
        let wrong = |name: &'static str, rule: String, came: String| Err(Invalid::new(name, rule, came));
        if self.rooms == 0 || self.members < self.rooms {
            return wrong("rooms", "from 1 to as many as members".into(), self.rooms.to_string());
        }
        if self.size == 0 || self.size > ATTACH {
            return wrong("size", format!("from 1 to {ATTACH} bytes"), self.size.to_string());
        }
        if let Scenario::Directed { recipients } = &self.scenario {
            let most = RECIPIENTS.min(self.members / self.rooms);
            if let Some(count) = recipients.iter().find(|count| !(1..=most).contains(*count)) {
                return wrong("recipients", format!("from 1 to {most}, those in a room"), count.to_string());
            }
        }
        if matches!(self.scenario, Scenario::Churn { .. } | Scenario::Storm | Scenario::Idle)
            && self.rate == Some(Rate::Max)
        {
            return wrong("rate", format!("a number with scenario {}", self.scenario.name()), "max".into());
        }
        if matches!(self.scenario, Scenario::Churn { .. }) && self.members < 2 * self.rooms {
            return wrong("members", "two a room at least with scenario churn".into(), self.members.to_string());
        }
        Ok(())
    }

    /// The rate there is.
    pub fn rate(&self) -> Rate {
        self.rate.unwrap_or_else(|| self.scenario.usual_rate())
    }

    /// The door there is. The server API is how application servers send; sockets give the gateway more to do than its REST side.
    pub fn via(&self) -> Via {
        match (self.via, &self.scenario, self.rate()) {
            (Some(via), _, _) => via,
            (None, Scenario::Fanout | Scenario::Mixed { .. }, Rate::Max) => Via::Socket,
            (None, _, _) => Via::Rest,
        }
    }

    /// How many messages may be on their way.
    pub fn window(&self) -> usize {
        let usual = match self.via() {
            Via::Rest => REST_WINDOW,
            Via::Socket => SOCKET_WINDOW,
        };
        self.window.unwrap_or(usual).max(1)
    }

    /// At every so many members latencies are taken.
    pub fn sample(&self) -> usize {
        let usual = match self.rate() {
            Rate::Max => self.members.div_ceil(100),
            Rate::PerRoom(_) => 1,
        };
        self.sample.unwrap_or(usual).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(plan: &Plan) -> String {
        plan.check().unwrap_err().to_string()
    }

    #[test]
    fn what_can_not_be_is_refused_before_anything_is_started() {
        let plan = Plan::default();
        assert!(plan.check().is_ok());
        assert!(complaint(&Plan { rooms: 101, ..plan.clone() }).contains("rooms"));
        assert!(complaint(&Plan { size: 4097, ..plan.clone() }).contains("1 to 4096"));
        let directed = Scenario::Directed { recipients: vec![1, 10, 100] };
        assert!(Plan { scenario: directed.clone(), ..plan.clone() }.check().is_ok());
        assert!(complaint(&Plan { scenario: directed, rooms: 2, ..plan.clone() }).contains("1 to 50"));
        assert!(complaint(&Plan { scenario: Scenario::Storm, rate: Some(Rate::Max), ..plan }).contains("storm"));
    }

    #[test]
    fn what_was_not_said_suits_the_rest() {
        let plan = Plan { members: 1000, ..Plan::default() };
        assert_eq!((plan.rate(), plan.via(), plan.window(), plan.sample()), (Rate::Max, Via::Socket, 256, 10));
        let plan = Plan { rate: Some(Rate::PerRoom(5.0)), ..plan };
        assert_eq!((plan.via(), plan.window(), plan.sample()), (Via::Rest, 32, 1));
    }
}
