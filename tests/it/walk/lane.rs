//! One of the walks that go on beside each other: its own accounts, rooms and sockets, one call after the other, each compared with what
//! the model says.

use std::collections::VecDeque;
use std::sync::Arc;

use roomgate::client::Api;
use serde_json::{Value, json};

use super::call::Call;
use super::calls;
use super::dice::{Dice, account};
use super::doors::{Answer, Doors, Gate, Stop};
use super::model::time::{Window, now};
use super::model::{Look, World};
use super::possible::Possible;
use super::sent::{Sent, futures};
use super::tally::Tally;

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
    pub(super) possible: Possible,
    doors: Option<Doors>,
    /// The calls among which a crash came.
    cut: Vec<Sent>,
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
            cut: Vec::new(),
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

    pub(super) fn doors(&mut self) -> &mut Doors {
        self.doors.as_mut().expect("it has begun")
    }

    /// Comes to a gateway that has just started: what was acknowledged must be there, and what was cut off is there or not, as a whole.
    pub async fn arrive(&mut self, api: Api, gate: Arc<Gate>) -> Result<(), Stop> {
        self.doors = Some(Doors::to(gate, api));
        self.note("came to a gateway that has just started");
        let mut cut = self.cut.clone();
        for sent in cut.iter_mut().filter(|sent| sent.call.action == "chatroom/create" && sent.answer.is_none()) {
            sent.found = self.find_new_room(&sent.call).await?;
        }
        self.possible.advance(|world| futures(world, &cut))?;
        self.cut.clear();
        self.possible.change(World::crash);
        self.compare().await?;
        for number in 0..ACCOUNTS {
            let accid = account(self.number, number);
            if !self.possible.first().knows(&accid) {
                let params = [("accid", json!(accid)), ("name", json!("")), ("token", json!("token"))];
                self.perform(vec![Call::server("user/create", params)]).await?;
            }
        }
        Ok(())
    }

    /// The answer that told a new room's number was cut off, if there is such a room.
    async fn find_new_room(&mut self, call: &Call) -> Result<Option<Value>, Stop> {
        let look = Look::Rooms(call.accid("creator"));
        let ask = look.call(self.possible.first(), 0);
        let answer = self.doors().ask(&ask).await?.body;
        let ids = answer["desc"]["roomids"].as_array().cloned().unwrap_or_default();
        let mut ids = ids.iter().filter_map(|id| id.as_str()?.parse::<u64>().ok());
        let new = ids.find(|id| !self.possible.first().rooms.contains_key(id));
        Ok(new.map(|id| json!({"chatroom": {"roomid": id}})))
    }

    /// One step: a call, or two at once, and a look at something.
    pub async fn step(&mut self) -> Result<(), Stop> {
        if let Some(room) = calls::too_many(self.possible.first()) {
            return self.give_up(room).await;
        }
        let rooms = self.call().await?;
        if self.steps.is_multiple_of(COMPARE_EVERY) {
            return self.compare().await;
        }
        if self.steps.is_multiple_of(LISTEN_EVERY) {
            self.listen().await?;
        }
        // Which of two was first is soon seen.
        let at_once = rooms.len() > 1;
        for room in rooms {
            if self.possible.first().rooms.contains_key(&room) {
                let look = if at_once { Look::Past(room) } else { self.dice.of(&Look::all_of(room)) };
                self.look(&look).await?;
            }
        }
        Ok(())
    }

    /// Calls by chance; answers which rooms they were about.
    pub async fn call(&mut self) -> Result<Vec<u64>, Stop> {
        let calls = calls::draw(&mut self.dice, self.possible.first());
        let rooms = calls.iter().map(Call::room).collect();
        self.perform(calls).await.map(|()| rooms)
    }

    /// Does a call, or two at the same time, and sees that the answers are as the model says.
    async fn perform(&mut self, calls: Vec<Call>) -> Result<(), Stop> {
        self.steps += 1;
        self.possible.change(|world| world.round += 1);
        let from = now();
        let answers = self.doors().ask_all(&calls).await;
        let when = Window::since(from);
        let (mut sent, mut stopped) = (Vec::new(), None);
        for (call, result) in calls.into_iter().zip(answers) {
            let answer = match result {
                Ok(answer) => Some(answer),
                Err(stop) => {
                    stopped = Some(stop);
                    None
                }
            };
            self.note_call(&call, answer.as_ref());
            sent.push(Sent { call, when, answer, found: None });
        }
        if let Some(stop) = stopped {
            self.cut = sent;
            return Err(stop);
        }
        let goes_on = sent.iter().any(|sent| sent.goes_on(self.possible.first()));
        self.possible.advance(|world| futures(world, &sent))?;
        if goes_on { self.wait_for_the_rest().await } else { Ok(()) }
    }

    fn note_call(&mut self, call: &Call, answer: Option<&Answer>) {
        let Some(Answer { code, body }) = answer else {
            self.tally.cut += 1;
            return self.note(&format!("{call} -> cut off"));
        };
        self.tally.note(call.action, *code);
        let text: String = body.to_string().chars().take(300).collect();
        self.note(&format!("{call} -> {code} {text}"));
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
            self.perform(vec![Call::server("chatroom/toggleCloseStat", params)]).await?;
        }
        self.listen().await?;
        self.possible.change(|world| drop(world.rooms.remove(&id)));
        Ok(())
    }
}
