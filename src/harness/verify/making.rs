//! Makes plans from seeds. Every phase is there so that some invariant has something to judge; the dice only say who, where and when.

use fastrand::Rng;

use super::history::{Mood, Role};
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

    /// Everybody does a bit of everything for a while.
    fn mix(&mut self, name: &str, time: u32, mut actions: Vec<Action>) {
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
    fn talk(&mut self, by: Actor, time: u32, pause: std::ops::Range<u32>, actions: &mut Vec<Action>) {
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

    fn message(&mut self, by: Actor) -> Message {
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

    fn common(&mut self) -> usize {
        self.dice.usize(COMMON..self.size.members)
    }

    fn come_and_go(&mut self, time: u32, actions: &mut Vec<Action>) {
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
    fn put_out(&mut self, time: u32, actions: &mut Vec<Action>) {
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
    fn special(&mut self, kind: usize) -> usize {
        let all: Vec<usize> = (COMMON..self.size.members).filter(|member| member % 4 == kind).collect();
        self.dice.choice(&all).copied().unwrap_or(COMMON)
    }

    /// Some are muted and speak all the same; some rise and fall.
    fn stand(&mut self, time: u32, actions: &mut Vec<Action>) {
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

    fn queue(&mut self, time: u32, actions: &mut Vec<Action>) {
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

    /// What goes wrong meanwhile.
    fn nemesis(&mut self, time: u32) -> Vec<Action> {
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
    fn break_off(&mut self, member: usize, how: &Deed, time: u32, actions: &mut Vec<Action>) {
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

    fn churn(&mut self) {
        let connections = if self.size.time < 15_000 { 250 } else { 700 };
        let rounds = (0..5).map(|round| act(0, Actor::Nemesis(0), Deed::Churn { round, connections }));
        self.phase("churn", true, rounds.collect());
    }

    /// Killed while much is being changed; back on the same state; and what was acknowledged is read.
    fn kills(&mut self) {
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
    fn change(&mut self, server: usize, actions: &mut Vec<Action>) {
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
