//! Carries a plan out: everybody does what is theirs, at its time, and at the end of a phase everybody is waited for.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::content::content;
use super::history::{Answer, Ending, Entry, Lane, Moment, Pace, Request, Send, Text, What};
use super::member::Member;
use super::parse;
use super::passers;
use super::plan::{Action, Actor, Deed, Message, Phase, Plan};
use super::world::World;

/// How long a phase may take beyond the time of its last action. Whoever is still busy then is left.
const PHASE_TIME: Duration = Duration::from_secs(90);
/// After so long without a webhook no more are waited for: longer than the longest pause after failures.
const QUIET: Duration = Duration::from_secs(8);
/// How often it is looked whether they are all there.
const LOOK: Duration = Duration::from_millis(50);

/// Plays one plan.
pub(super) struct Player {
    world: Arc<World>,
    members: Vec<Arc<Mutex<Member>>>,
    /// Accounts that are made on the way.
    accounts: Arc<[Text]>,
}

impl Player {
    /// Members that are not there yet.
    pub(super) fn new(world: Arc<World>, plan: &Plan) -> Player {
        let member = |(seats, (accid, token)): (&Vec<usize>, &(Text, String))| {
            let homes = seats.iter().map(|room| world.room(*room)).collect();
            Arc::new(Mutex::new(Member::new(accid.clone(), token.clone(), homes, world.clone())))
        };
        let members = plan.seats.iter().zip(&world.members).map(member).collect();
        let made = plan.phases.iter().flat_map(|phase| &phase.actions).filter_map(|action| match &action.deed {
            Deed::Account { name } => Some(parse::text(format!("{}-{name}", world.prefix))),
            _ => None,
        });
        let accounts = world.members.iter().map(|(accid, _)| accid.clone()).chain(made).collect();
        Player { world, members, accounts }
    }

    /// One phase, to its end.
    pub(super) async fn phase(&self, phase: &Phase) {
        self.world.recorder.note(What::Phase { name: parse::text(&phase.name) });
        let mut lanes: BTreeMap<Actor, Vec<Action>> = BTreeMap::new();
        for action in &phase.actions {
            lanes.entry(action.by).or_default().push(action.clone());
        }
        let start = Instant::now();
        let last = phase.actions.iter().map(|action| action.at).max().unwrap_or_default();
        let mut tasks = JoinSet::new();
        for (actor, mut actions) in lanes {
            actions.sort_by_key(|action| action.at);
            let lane = Run { actor, world: self.world.clone(), accounts: self.accounts.clone() };
            let member = match actor {
                Actor::Member(number) => self.members.get(number).cloned(),
                _ => None,
            };
            tasks.spawn(async move { lane.run(actions, member, start).await });
        }
        let until = start + Duration::from_millis(last.into()) + PHASE_TIME;
        let all = async { while tasks.join_next().await.is_some() {} };
        // What is left is dropped with the set; its members settle all the same.
        let _ = tokio::time::timeout_at(until, all).await;
        drop(tasks);
        if phase.settles {
            self.settle().await;
        }
    }

    async fn settle(&self) {
        let mut tasks = JoinSet::new();
        for member in &self.members {
            let member = member.clone();
            tasks.spawn(async move { member.lock().await.settle().await });
        }
        while tasks.join_next().await.is_some() {}
    }

    /// Everybody goes.
    pub(super) async fn dismiss(&self) {
        let mut tasks = JoinSet::new();
        for member in &self.members {
            let member = member.clone();
            tasks.spawn(async move { member.lock().await.close(Ending::Goodbye).await });
        }
        while tasks.join_next().await.is_some() {}
    }
}

/// One actor's part of a phase.
struct Run {
    actor: Actor,
    world: Arc<World>,
    accounts: Arc<[Text]>,
}

impl Run {
    async fn run(&self, actions: Vec<Action>, member: Option<Arc<Mutex<Member>>>, start: Instant) {
        let mut member = match &member {
            Some(member) => Some(member.lock().await),
            None => None,
        };
        for action in actions {
            tokio::time::sleep_until(start + Duration::from_millis(action.at.into())).await;
            match (&mut member, self.actor) {
                (Some(member), _) => self.member(member, action.deed).await,
                (None, Actor::Stranger(number)) => self.stranger(number, &action.deed).await,
                (None, Actor::Nemesis(_)) => self.nemesis(action.deed).await,
                (None, _) => self.server(action.deed).await,
            }
        }
    }

    async fn member(&self, member: &mut Member, deed: Deed) {
        match deed {
            Deed::ComeBack { way } => return member.come_back(way).await,
            _ if !member.is_there() => return,
            _ => {}
        }
        match deed {
            Deed::Send(message) => member.send(self.send(&message, &message.id)).await,
            Deed::Flood { message, count } => member.flood(self.flood(&message, count)).await,
            Deed::Join { room } => member.join(self.world.room(room)).await,
            Deed::Leave { room } => member.leave(self.world.room(room)).await,
            Deed::Bad { frame } => member.bad(&frame).await,
            Deed::Goodbye => member.close(Ending::Goodbye).await,
            Deed::Away => member.close(Ending::Away).await,
            Deed::Cut => member.cut().await,
            Deed::HalfOpen => member.go_half_open().await,
            Deed::Stop => member.read(Pace::Stopped),
            Deed::Slow { bytes_per_second } => member.read(Pace::Slow { bytes_per_second }),
            Deed::ReadOn => member.read(Pace::Free),
            // The others are not a member's.
            _ => {}
        }
    }

    async fn server(&self, deed: Deed) {
        let world = &self.world;
        let (desk, owner) = (&world.desk, &world.owner);
        let request = match deed {
            Deed::Send(message) => {
                desk.send(&self.sender(&message), self.send(&message, &message.id)).await;
                return;
            }
            Deed::Flood { message, count } => {
                for send in self.flood(&message, count) {
                    // Where the gateway is gone the rest would fail in the same way.
                    if let Answer::Unknown { .. } = desk.send(&self.sender(&message), send).await {
                        return;
                    }
                }
                return;
            }
            Deed::Account { name } => {
                // What came of it is in the history.
                let _ = desk.create_account(&parse::text(format!("{}-{name}", world.prefix))).await;
                return;
            }
            Deed::Kick { room, target } => Request::Kick { room: world.room(room), target: world.accid(target) },
            Deed::Role { room, target, role, given } => {
                Request::SetRole { room: world.room(room), target: world.accid(target), role, given }
            }
            Deed::Offer { room, key, value } => {
                Request::Offer { room: world.room(room), key: key.into(), value: value.into() }
            }
            Deed::Poll { room, key } => Request::Poll { room: world.room(room), key: key.into() },
            Deed::Update { room, announcement } => {
                Request::UpdateRoom { room: world.room(room), announcement: announcement.into() }
            }
            _ => return,
        };
        desk.ask(owner, request).await;
    }

    async fn stranger(&self, number: usize, deed: &Deed) {
        if let Deed::Lurk { time } = deed {
            passers::lurk(&self.world, number, Duration::from_millis((*time).into())).await;
        }
    }

    async fn nemesis(&self, deed: Deed) {
        let time = |millis: u32| Duration::from_millis(millis.into());
        match deed {
            Deed::Churn { round, connections } => passers::churn(&self.world, round, connections).await,
            Deed::Receiver { mood } => {
                if let Some(receiver) = &self.world.receiver {
                    receiver.be(mood);
                }
            }
            Deed::HoldDatabase { time: millis } => self.world.hold_database(time(millis)).await,
            Deed::Kill { holding } => {
                if let Err(error) = self.world.kill(holding.map(time)).await {
                    let why = parse::text(format!("it could not be started again: {error}"));
                    self.world.recorder.note(What::Died { why });
                }
            }
            Deed::Weigh { after } => self.world.weigh(if after { Moment::After } else { Moment::Base }).await,
            Deed::ReadBack => self.world.read_back(&self.accounts).await,
            Deed::AwaitWebhooks => self.await_webhooks().await,
            // The others are somebody else's.
            _ => {}
        }
    }

    async fn await_webhooks(&self) {
        if self.world.receiver.is_none() {
            return;
        }
        let mut came = Came::default();
        let mut last = Instant::now();
        while last.elapsed() < QUIET {
            let before = came.webhooks;
            self.world.recorder.look(|entries| came.look(entries));
            if came.open.is_empty() {
                return;
            }
            if came.webhooks > before {
                last = Instant::now();
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    fn sender(&self, message: &Message) -> Text {
        message.sender.map_or_else(|| self.world.owner.clone(), |sender| self.world.accid(sender))
    }

    fn send(&self, message: &Message, id: &str) -> Send {
        let world = &self.world;
        Send {
            room: world.room(message.room),
            msg_id: world.recorder.text(id),
            lane: if message.urgent { Lane::High } else { Lane::Normal },
            kind: if message.size.is_multiple_of(2) { 0 } else { 100 },
            content: world.recorder.text(&content(id, message.size)),
            ext: if message.size.is_multiple_of(3) {
                world.recorder.text("{\"by\":\"verify\"}")
            } else {
                Text::from("")
            },
            to: message.to.iter().map(|to| world.accid(*to)).collect(),
            resend: message.resend,
            outcomes: !message.to.is_empty(),
        }
    }

    fn flood<'a>(&'a self, message: &'a Message, count: u32) -> impl Iterator<Item = Send> + 'a {
        (0..count).map(move |number| self.send(message, &format!("{}-{number}", message.id)))
    }
}

/// Which accepted messages no webhook has told of yet.
#[derive(Default)]
struct Came {
    seen: usize,
    webhooks: u64,
    open: HashSet<(u64, Text, Text)>,
    told: HashSet<(u64, Text, Text)>,
}

impl Came {
    fn look(&mut self, entries: &[Entry]) {
        for entry in &entries[self.seen.min(entries.len())..] {
            match &entry.what {
                What::Completed { answer: Answer::Sent { message, .. }, .. } => {
                    let key = (message.room, message.from.clone(), message.msg_id.clone());
                    if !self.told.contains(&key) {
                        self.open.insert(key);
                    }
                }
                What::Webhook(webhook) => {
                    self.webhooks += 1;
                    if let (Some(message), Some(200..300)) = (&webhook.message, webhook.answered) {
                        let key = (message.room, message.from.clone(), message.msg_id.clone());
                        self.open.remove(&key);
                        self.told.insert(key);
                    }
                }
                _ => {}
            }
        }
        self.seen = entries.len();
    }
}
