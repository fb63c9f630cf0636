//! One of the walks that go on beside each other: its own accounts, rooms and sockets, one call after the other, each compared with what
//! the model says.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use roomgate::client::Api;
use serde_json::json;

use super::call::Call;
use super::calls;
use super::dice::{Dice, account};
use super::doors::{Answer, Doors, Gate, Stop};
use super::model::time::{Window, now};
use super::model::{Asked, Look, World};
use super::possible::Possible;
use super::tally::Tally;
use crate::support::SOON;

/// Accounts that exist from the start.
const ACCOUNTS: usize = 5;
/// After so many steps everything is compared.
const COMPARE_EVERY: u64 = 150;
/// After so many steps every socket says what it heard.
const LISTEN_EVERY: u64 = 20;
/// Steps that are told when something is wrong.
const JOURNAL: usize = 20;

pub struct Lane {
    number: usize,
    dice: Dice,
    possible: Possible,
    doors: Option<Doors>,
    /// The call that a crash cut off, and when it was sent.
    cut: Option<(Call, u64)>,
    steps: u64,
    tally: Tally,
    journal: VecDeque<String>,
}

impl Lane {
    pub fn new(seed: u64, number: usize) -> Lane {
        let (dice, journal) = (Dice::new(seed, number), VecDeque::with_capacity(JOURNAL));
        Lane {
            number,
            dice,
            possible: Possible::default(),
            doors: None,
            cut: None,
            steps: 0,
            tally: Tally::default(),
            journal,
        }
    }

    /// What has just happened.
    pub fn story(&self) -> String {
        let journal: Vec<&str> = self.journal.iter().map(String::as_str).collect();
        format!("lane {}, its last steps:\n{}", self.number, journal.join("\n"))
    }

    pub fn number(&self) -> usize {
        self.number
    }

    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    fn note(&mut self, line: &str) {
        if self.journal.len() == JOURNAL {
            self.journal.pop_front();
        }
        self.journal.push_back(format!("  {} {line}", self.steps));
    }

    fn doors(&mut self) -> &mut Doors {
        self.doors.as_mut().expect("it has begun")
    }

    /// Comes to a gateway that has just started: what was acknowledged must be there, and what was cut off is there or not, as a whole.
    pub async fn arrive(&mut self, api: Api, gate: Arc<Gate>) -> Result<(), Stop> {
        self.doors = Some(Doors::to(gate, api));
        self.note("came to a gateway that has just started");
        if let Some((call, from)) = self.cut.clone() {
            self.branch(&call, Window::since(from)).await?;
            self.cut = None;
        }
        self.possible.change(World::crash);
        self.compare().await?;
        self.tally.happened += u64::from(self.possible.has_moved_on());
        for number in 0..ACCOUNTS {
            let accid = account(self.number, number);
            if !self.possible.first().knows(&accid) {
                let params = [("accid", json!(accid)), ("name", json!("")), ("token", json!("token"))];
                self.perform(&Call::server("user/create", params)).await?;
            }
        }
        Ok(())
    }

    /// The call that was cut off has happened or not; of a batch, as much as was done.
    async fn branch(&mut self, call: &Call, when: Window) -> Result<(), Stop> {
        let answer = match call.action {
            "chatroom/create" => self.find_new_room(call).await?,
            _ => None,
        };
        let messages = call.list("msgList").len();
        let versions: Vec<Call> = (messages.min(1)..=messages).map(|count| call.shortened(count)).collect();
        self.possible.branch(|world| {
            let asked = |call| Asked { call, when, answer: answer.as_ref() };
            let futures = versions.iter().map(|call| world.after(asked(call)));
            futures.filter(|(verdict, _)| !verdict.refuses()).map(|(_, world)| world).collect()
        });
        Ok(())
    }

    /// The answer that told a new room's number was cut off, if there is such a room.
    async fn find_new_room(&mut self, call: &Call) -> Result<Option<serde_json::Value>, Stop> {
        let look = Look::Rooms(call.accid("creator"));
        let ask = look.call(self.possible.first(), 0);
        let answer = self.doors().ask(&ask).await?.body;
        let ids = answer["desc"]["roomids"].as_array().cloned().unwrap_or_default();
        let mut ids = ids.iter().filter_map(|id| id.as_str()?.parse::<u64>().ok());
        let new = ids.find(|id| !self.possible.first().rooms.contains_key(id));
        Ok(new.map(|id| json!({"chatroom": {"roomid": id, "creator": call.accid("creator"), "valid": true}})))
    }

    /// One step: a call, and a look at something.
    pub async fn step(&mut self) -> Result<(), Stop> {
        if let Some(room) = calls::too_many(self.possible.first()) {
            return self.give_up(room).await;
        }
        let room = self.call().await?;
        if self.steps.is_multiple_of(COMPARE_EVERY) {
            return self.compare().await;
        }
        if self.steps.is_multiple_of(LISTEN_EVERY) {
            self.listen().await?;
        }
        if self.possible.first().rooms.contains_key(&room) {
            let look = self.dice.of(&Look::all_of(room));
            self.look(&look).await?;
        }
        Ok(())
    }

    /// A call by chance, and which room it was about.
    pub async fn call(&mut self) -> Result<u64, Stop> {
        let call = calls::draw(&mut self.dice, self.possible.first());
        self.perform(&call).await?;
        Ok(call.room())
    }

    /// Does a call, and sees that its answer is as the model says.
    async fn perform(&mut self, call: &Call) -> Result<(), Stop> {
        self.steps += 1;
        let from = now();
        let answer = match self.doors().ask(call).await {
            Err(Stop::Killed) => {
                self.note(&format!("{call} -> cut off"));
                self.cut = Some((call.clone(), from));
                self.tally.cut += 1;
                return Err(Stop::Killed);
            }
            Err(Stop::Failed(complaint)) => {
                self.note(&call.to_string());
                return Err(Stop::Failed(complaint));
            }
            Ok(answer) => answer,
        };
        let when = Window::since(from);
        let Answer { code, body } = &answer;
        self.tally.note(call.action, *code);
        let text: String = body.to_string().chars().take(300).collect();
        self.note(&format!("{call} -> {code} {text}"));
        let mut goes_on = false;
        self.possible.keep(|world| {
            let (verdict, after) = world.after(Asked { call, when, answer: Some(body) });
            verdict.check(*code, body)?;
            goes_on |= verdict.goes_on;
            Ok(if *code == 200 { after } else { world.clone() })
        })?;
        if goes_on { self.wait_for_the_rest(call).await } else { Ok(()) }
    }

    /// The gateway has answered, but has not done everything yet.
    async fn wait_for_the_rest(&mut self, call: &Call) -> Result<(), Stop> {
        for slot in self.doors().slots() {
            if !self.possible.first().sessions.contains_key(&slot) {
                self.doors().ends(slot, 4002).await?;
            }
        }
        let rooms: Vec<u64> = self.possible.first().rooms.keys().copied().collect();
        let looks = rooms.into_iter().flat_map(|room| [Look::Room(room), Look::Queue(room), Look::Past(room)]);
        let looks: Vec<Look> = [Look::Online].into_iter().chain(looks).collect();
        let deadline = Instant::now() + SOON;
        for look in looks {
            while let Err(stop) = self.look(&look).await {
                match stop {
                    Stop::Failed(complaint) if Instant::now() > deadline => {
                        return Err(Stop::Failed(format!("{call} has not had its effect in time: {complaint}")));
                    }
                    Stop::Failed(_) => tokio::task::yield_now().await,
                    Stop::Killed => return Err(Stop::Killed),
                }
            }
        }
        Ok(())
    }

    /// Looks at something; it must be as the model says.
    async fn look(&mut self, look: &Look) -> Result<(), Stop> {
        let world = self.possible.first();
        let (late, barrier) = (look.is_late(), world.accounts.iter().next());
        let barrier = barrier.map(|(accid, account)| {
            Call::server("user/updateUinfo", [("accid", json!(accid)), ("name", json!(account.name))])
        });
        // Whatever is written behind answers is written before the next write is answered.
        if let Some(barrier) = barrier.filter(|_| late) {
            self.doors().ask(&barrier).await?;
        }
        let from = now();
        let body = self.read(look).await?;
        let when = Window::since(from);
        let checked = self.possible.keep(|world| {
            let mut world = world.clone();
            world.check(look, &body, when).map(|()| world)
        });
        Ok(checked?)
    }

    /// The answer to a look; pages are put together.
    async fn read(&mut self, look: &Look) -> Result<serde_json::Value, Stop> {
        let (mut end, mut members) = (0, Vec::new());
        loop {
            let call = look.call(self.possible.first(), end);
            let Answer { code, mut body } = self.doors().ask(&call).await?;
            if code != 200 {
                return Err(Stop::Failed(format!("{call} -> {code} {body}")));
            }
            let Look::Page(_, _, limit) = look else { return Ok(body) };
            let page = body["desc"]["data"].as_array().cloned().unwrap_or_default();
            let (count, last) = (page.len(), page.last().and_then(|member| member["enterTime"].as_u64()));
            members.extend(page);
            match last {
                Some(last) if count == *limit => end = last,
                _ => {
                    body["desc"]["data"] = json!(members);
                    return Ok(body);
                }
            }
        }
    }

    /// Compares everything that can be seen.
    pub async fn compare(&mut self) -> Result<(), Stop> {
        self.listen().await?;
        let rooms: Vec<u64> = self.possible.first().rooms.keys().copied().collect();
        for room in rooms {
            for look in Look::all_of(room).into_iter().chain([Look::Page(room, 0, 2), Look::Page(room, 1, 1)]) {
                self.look(&look).await?;
            }
        }
        for look in Look::of_accounts(self.possible.first()) {
            self.look(&look).await?;
        }
        Ok(())
    }

    /// Every socket says what it heard.
    async fn listen(&mut self) -> Result<(), Stop> {
        for slot in self.doors().slots() {
            let heard = self.doors().listen(slot).await?;
            self.possible.keep(|world| {
                let mut world = world.clone();
                let session = world.sessions.get_mut(&slot).ok_or_else(|| format!("socket {slot} is still open"))?;
                let expected = std::mem::take(&mut session.heard);
                if expected == heard { Ok(world) } else { Err(complain(slot, &expected, &heard)) }
            })?;
        }
        Ok(())
    }

    /// A room is seen for the last time: its creator closes it, and it is forgotten.
    async fn give_up(&mut self, id: u64) -> Result<(), Stop> {
        for look in Look::all_of(id) {
            self.look(&look).await?;
        }
        let room = &self.possible.first().rooms[&id];
        if room.open {
            let by = json!(room.creator);
            let params = [("roomid", json!(id)), ("operator", by), ("valid", json!(false))];
            self.perform(&Call::server("chatroom/toggleCloseStat", params)).await?;
        }
        self.listen().await?;
        self.possible.change(|world| drop(world.rooms.remove(&id)));
        Ok(())
    }
}

fn complain(slot: usize, expected: &super::doors::Heard, heard: &super::doors::Heard) -> String {
    let mut streams: Vec<_> = expected.keys().chain(heard.keys()).collect();
    streams.dedup();
    let differs = streams.into_iter().find(|stream| expected.get(stream) != heard.get(stream));
    let of = |all: &super::doors::Heard| differs.and_then(|stream| all.get(stream)).cloned().unwrap_or_default();
    format!("socket {slot}, {differs:?}: expected {:#?}\nbut heard {:#?}", of(expected), of(heard))
}
