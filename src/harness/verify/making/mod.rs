//! Makes plans from seeds. Every phase is there so that some invariant has something to judge; the dice only say who, where and when.

mod mix;
mod trouble;

use fastrand::Rng;

use super::history::Mood;
use super::plan::{Action, Actor, Deed, Message, Phase, Plan, Way};

/// Callers of the server API. Each sends for its own members, so that who sends over both doors does so in an order.
const SERVERS: usize = 8;
/// The room where everybody is.
const HALL: usize = 0;
/// The first members have narrow connections, and are in every room.
const NARROW: usize = 4;
/// After these come two whose connections lead through a proxy, and one whose bytes are split.
const PROXIED: std::ops::Range<usize> = 4..6;
const SPLIT: usize = 6;
/// Members from here on come and go, are put out, muted and cut.
const COMMON: usize = 8;
/// Rooms that a session may be in.
const ROOMS_OF_ONE: usize = 8;
/// Content of what fills a lane.
const BULK: u32 = 1200;
/// Urgent messages that one room takes in a second in their lane.
const URGENT_A_ROOM: u32 = 9;

/// The least that there is enough to do with.
pub const LEAST_MEMBERS: usize = 16;
/// The same of rooms: urgent messages are counted by room.
pub const LEAST_ROOMS: usize = 5;

/// How large a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// About how long it takes, milliseconds.
    pub time: u32,
    /// Members; at least [`LEAST_MEMBERS`].
    pub members: usize,
    /// Rooms; at least [`LEAST_ROOMS`].
    pub rooms: usize,
}

impl Size {
    /// A run of about half a minute.
    pub fn usual() -> Size {
        Size { time: 30_000, members: 40, rooms: 6 }
    }

    /// One as short as can be that still has all in it.
    pub fn quick() -> Size {
        Size { time: 8_000, ..Size::usual() }
    }
}

/// Which faults may be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Faults {
    /// Readers that are slow.
    pub slow: bool,
    /// Connections that break.
    pub cut: bool,
    /// Networks that go silent.
    pub half_open: bool,
    /// Bytes that come in small pieces.
    pub split: bool,
    /// The process is killed.
    pub kill: bool,
    /// Its database is held by somebody else.
    pub database: bool,
    /// The receiver of webhooks is down.
    pub receiver: bool,
}

impl Faults {
    /// All of them.
    pub fn all() -> Faults {
        Faults { slow: true, cut: true, half_open: true, split: true, kill: true, database: true, receiver: true }
    }

    /// None of them.
    pub fn none() -> Faults {
        Faults {
            slow: false,
            cut: false,
            half_open: false,
            split: false,
            kill: false,
            database: false,
            receiver: false,
        }
    }
}

/// Makes the plan of a seed.
pub fn make(seed: u64, size: Size, faults: Faults) -> Plan {
    let size = Size { members: size.members.max(LEAST_MEMBERS), rooms: size.rooms.max(LEAST_ROOMS), ..size };
    let mut dice = Rng::with_seed(seed);
    let seats = (0..size.members).map(|member| seats(member, size.rooms, &mut dice)).collect();
    let mut maker = Maker { dice, size, faults, seats, out: Vec::new(), serial: 0, phases: Vec::new() };
    maker.all();
    Plan { seed, seats: maker.seats, rooms: size.rooms, phases: maker.phases }
}

fn seats(member: usize, rooms: usize, dice: &mut Rng) -> Vec<usize> {
    if member < NARROW {
        return (0..rooms.min(ROOMS_OF_ONE)).collect();
    }
    let mut seats = vec![HALL, dice.usize(1..rooms)];
    seats.extend(dice.bool().then(|| dice.usize(1..rooms)));
    seats.dedup();
    seats
}

struct Maker {
    dice: Rng,
    size: Size,
    faults: Faults,
    seats: Vec<Vec<usize>>,
    /// Who was put out of where, and has not entered again.
    out: Vec<(usize, usize)>,
    serial: u32,
    phases: Vec<Phase>,
}

impl Maker {
    fn all(&mut self) {
        let gather = (0..self.size.members).map(|member| self.comes(member, 300)).collect();
        self.phase("gather", true, gather);
        let cycles = (self.size.time / 60_000).max(1);
        let mixes = self.size.time / cycles;
        for _ in 0..cycles {
            self.mix("calm", mixes / 8, Vec::new());
            self.weigh("base", false);
            self.overtaking();
            self.overflow();
            self.volume();
            let faults = self.nemesis(mixes / 5);
            self.mix("nemesis", mixes / 5, faults);
            self.regroup("regroup");
        }
        self.churn();
        self.weigh("after", true);
        if self.faults.kill {
            self.kills();
        }
        let last = [Deed::Receiver { mood: Mood::Well }, Deed::AwaitWebhooks, Deed::ReadBack];
        self.phase("end", true, last.map(|deed| act(0, Actor::Nemesis(0), deed)).into());
    }

    fn phase(&mut self, name: &str, settles: bool, mut actions: Vec<Action>) {
        actions.sort_by_key(|action| (action.at, action.by));
        self.phases.push(Phase { name: name.into(), settles, actions });
    }

    fn weigh(&mut self, name: &str, after: bool) {
        self.phase(name, false, vec![act(0, Actor::Nemesis(0), Deed::Weigh { after })]);
    }

    fn id(&mut self, kind: &str) -> String {
        self.serial += 1;
        format!("{kind}{}", self.serial)
    }

    fn comes(&mut self, member: usize, within: u32) -> Action {
        let way = match member {
            0..NARROW => Way::Narrow,
            member if PROXIED.contains(&member) && self.faults.half_open => Way::Proxy,
            SPLIT if self.faults.split => Way::Split,
            _ => Way::Straight,
        };
        act(self.dice.u32(0..within), Actor::Member(member), Deed::ComeBack { way })
    }

    /// Everybody comes back, and enters where it was put out.
    fn regroup(&mut self, name: &str) {
        let mut actions: Vec<Action> = (0..self.size.members).map(|member| self.comes(member, 200)).collect();
        for (member, room) in std::mem::take(&mut self.out) {
            actions.push(act(250, Actor::Member(member), Deed::Join { room }));
        }
        self.phase(name, true, actions);
    }

    /// The narrow ones stop, their normal lanes fill up, and then something urgent comes: from more rooms than one, and more than may
    /// go ahead in a row.
    fn overtaking(&mut self) {
        let stop = (0..NARROW).map(|member| act(0, Actor::Member(member), Deed::Stop));
        let bulk = (0..4).map(|server| {
            let message = self.bulk(1, server);
            act(30, Actor::Server(server), Deed::Flood { message, count: 18 })
        });
        let actions = stop.chain(bulk).collect();
        self.phase("overtaking: bulk", false, actions);
        let mut urgent = Vec::new();
        for room in 0..LEAST_ROOMS {
            let id = self.id("u");
            let to = if room == 4 { (0..NARROW).collect() } else { Vec::new() };
            let message = Message { room, sender: Some(room), id, size: 40, to, urgent: true, resend: false };
            urgent.push(act(0, Actor::Server(room), Deed::Flood { message, count: URGENT_A_ROOM }));
        }
        self.phase("overtaking: urgent", false, urgent);
        self.phase("overtaking: on", true, self.read_on());
    }

    /// They stop again, and more comes than there is room for.
    fn overflow(&mut self) {
        let stop = (0..2).map(|member| act(0, Actor::Member(member), Deed::Stop));
        let bulk = (0..6).map(|server| {
            let message = self.bulk(2, server);
            act(30, Actor::Server(server), Deed::Flood { message, count: 50 })
        });
        let actions = stop.chain(bulk).collect();
        self.phase("overflow: bulk", false, actions);
        self.phase("overflow: on", true, self.read_on());
    }

    fn bulk(&mut self, room: usize, server: usize) -> Message {
        let id = self.id("b");
        Message { room, sender: Some(server), id, size: BULK, to: Vec::new(), urgent: false, resend: false }
    }

    fn read_on(&self) -> Vec<Action> {
        (0..NARROW).map(|member| act(0, Actor::Member(member), Deed::ReadOn)).collect()
    }

    /// So many deliveries that a rare loss shows.
    fn volume(&mut self) {
        let deliveries = if self.size.time < 15_000 { 40_000 } else { 80_000 };
        let messages = deliveries / u32::try_from(self.size.members).unwrap_or(u32::MAX).max(1);
        let talkers = SERVERS as u32 + 6;
        let mut actions = Vec::new();
        for number in 0..talkers {
            let (by, sender) = match number as usize {
                server @ 0..SERVERS => (Actor::Server(server), Some(server + SERVERS)),
                other => (Actor::Member(other - SERVERS + COMMON), None),
            };
            let id = self.id("w");
            let message = Message { room: HALL, sender, id, size: 60, to: Vec::new(), urgent: false, resend: false };
            actions.push(act(0, by, Deed::Flood { message, count: messages.div_ceil(talkers) }));
        }
        self.phase("volume", true, actions);
    }
}

fn act(at: u32, by: Actor, deed: Deed) -> Action {
    Action { at, by, deed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_is_the_same_plan_byte_for_byte_and_another_is_another() {
        for size in [Size::quick(), Size::usual(), Size { members: 1, rooms: 1, time: 1000 }] {
            let [one, again, other] = [1, 1, 2].map(|seed| make(seed, size, Faults::all()).to_string());
            assert_eq!(one, again);
            assert_ne!(one, other);
        }
    }

    #[test]
    fn what_may_not_be_played_is_not_in_the_plan() {
        let text = make(7, Size::usual(), Faults::none()).to_string();
        for deed in ["cut", "away", "half-open", "slow", "kill", "hold-database"] {
            assert!(!text.contains(&format!("\"do\":\"{deed}\"")), "{deed}");
        }
        assert!(make(7, Size::usual(), Faults::all()).to_string().contains("\"do\":\"kill\""));
    }

    #[test]
    fn a_plan_can_be_replayed() {
        let plan = make(3, Size::quick(), Faults::all());
        let file = tempfile::NamedTempFile::new().unwrap();
        plan.write(file.path()).unwrap();
        assert_eq!(Plan::read(file.path()).unwrap(), plan);
    }
}
