//! A room by itself: what it hands to the writers is read out of their queues.

use std::collections::HashMap;
use std::time::Duration;

use futures::FutureExt;
use proptest::prelude::*;
use slotmap::SlotMap;
use tokio::sync::mpsc;

use super::super::frame::KeyMaker;
use super::super::job::Address;
use super::super::writers::Writers;
use super::*;
use crate::base::{Millis, MsgId, Params, RoomId};
use crate::model::{Lane, Looks, TagExpression, Tags};
use crate::wire::Text;

const WRITERS: usize = 2;
const ACCOUNTS: [&str; 4] = ["ann", "bob", "cat", "dan"];

/// A room with a clock of its own, and everything that was handed to each seat.
struct Hall {
    room: Room,
    clock: Clock,
    keys: KeyMaker,
    writers: Writers,
    queues: Vec<mpsc::Receiver<Job>>,
    seats: Vec<SeatKey>,
    heard: HashMap<SeatKey, Vec<String>>,
}

impl Hall {
    /// With so many seats, which the writers have in turn; nobody sits on them.
    fn new(seats: usize) -> Hall {
        let (writers, queues) = Writers::for_test(WRITERS);
        let mut addresses: Vec<SlotMap<Address, ()>> = (0..WRITERS).map(|_| SlotMap::with_key()).collect();
        let seat = |number: usize| {
            let writer = number % WRITERS;
            SeatKey { writer, address: addresses[writer].insert(()) }
        };
        Hall {
            room: Room::new(Total::default()),
            clock: Clock::test(),
            keys: KeyMaker::default(),
            writers,
            queues: queues.into_iter().map(|ways| ways.jobs).collect(),
            seats: (0..seats).map(seat).collect(),
            heard: HashMap::new(),
        }
    }

    fn turnstile(&self) -> Turnstile<'_> {
        self.writers.reserve(3).now_or_never().flatten().expect("the queues were read")
    }

    /// An account takes a seat. Answers when it entered, and when the room was told, if it was.
    fn enter(&mut self, account: &str, seat: usize, tags: &[&str]) -> (Millis, Option<Millis>) {
        let occupant = Occupant { accid: accid(account), looks: Looks::default(), entered: self.clock.wall() };
        let subscription =
            (!tags.is_empty()).then(|| Arc::new(Subscription { tags: read(tags), ..Default::default() }));
        let entering = Entering { occupant, subscription, seat: self.seats[seat] };
        let (mut entered, mut told) = (0, None);
        let mut turnstile = self.turnstile();
        let welcome = |occupant: &Occupant, _| {
            entered = occupant.entered;
            None
        };
        self.room.join(entering, &self.clock, &mut turnstile, welcome, |_, _, stamp| {
            told = Some(stamp.time);
            None
        });
        drop(turnstile);
        self.listen();
        (entered, told)
    }

    /// The seat is given up. Answers when, if it was taken.
    fn leave(&mut self, account: &str, seat: usize) -> Option<Millis> {
        let mut told = None;
        let mut turnstile = self.turnstile();
        self.room.leave(&accid(account), self.seats[seat], &self.clock, &mut turnstile, |_, _, stamp| {
            told = Some(stamp.time);
            None
        });
        drop(turnstile);
        self.listen();
        told
    }

    /// The application server speaks in somebody's name. Answers when.
    fn say(&mut self, from: &str, text: &str, to: Audience<'_>) -> Millis {
        let (sender, msg_id) = (accid(from), MsgId::parse("msgId", text).unwrap());
        let key = self.keys.key(RoomId::from_row(1), &sender, &msg_id);
        let post = Post {
            room: RoomId::from_row(1),
            to,
            sender: &sender,
            from_seat: None,
            msg_id: &msg_id,
            again: false,
            outcomes: false,
            catch_up: false,
            lane: Lane::Normal,
        };
        let mut turnstile = self.turnstile();
        let encode = |_| Frame::message(Text::json(&text), Lane::Normal, Some(key));
        let posted = self.room.post(&post, key, &self.clock, &mut turnstile, encode).expect("posted");
        drop(turnstile);
        self.listen();
        posted.stamp.time
    }

    /// Takes what the writers were handed.
    fn listen(&mut self) {
        for (writer, queue) in self.queues.iter_mut().enumerate() {
            while let Ok(job) = queue.try_recv() {
                let Job::Deliver { frame, to, .. } = job else { continue };
                let addresses: Vec<Address> = match to {
                    Targets::Roster(all) => all.to_vec(),
                    Targets::Listed(some) => some.iter().map(|target| target.address).collect(),
                };
                let text: String = serde_json::from_str(frame.text.payload()).unwrap();
                for address in addresses {
                    self.heard.entry(SeatKey { writer, address }).or_default().push(text.clone());
                }
            }
        }
    }
}

fn accid(text: &str) -> Accid {
    Accid::parse("accid", text).unwrap()
}

fn read(tags: &[&str]) -> Tags {
    let serde_json::Value::Object(object) = serde_json::json!({ "tags": tags }) else { panic!("an object") };
    Tags::read(&Params::from_json(object), "tags").unwrap().unwrap()
}

fn tagged(expression: &str) -> Range {
    Range { tags: Some(TagExpression::parse("notifyTargetTags", expression).unwrap()), point: None }
}

#[test]
fn another_session_of_an_account_entered_when_the_first_did() {
    let mut hall = Hall::new(2);
    let (first, told) = hall.enter("ann", 0, &[]);
    assert_eq!(told, Some(first));
    hall.clock.advance(Duration::from_secs(1));
    assert_eq!(hall.enter("ann", 1, &[]), (first, None));
    assert_eq!(hall.leave("ann", 0), None);
    assert_eq!(hall.enter("ann", 0, &[]), (first, None), "it never was away");
}

#[test]
fn a_session_that_was_put_out_says_nothing_of_its_account() {
    let mut hall = Hall::new(2);
    hall.enter("ann", 0, &[]);
    let (ann, now) = (accid("ann"), hall.clock.now());
    hall.room.set_away(&ann, hall.seats[0], true, now);
    hall.room.set_away(&ann, hall.seats[1], false, now);
    assert!(!hall.room.state.lock().urgent.is_empty(), "it is away still");
}

proptest! {
    /// Whoever comes and goes and speaks, and however slowly the clock goes.
    #[test]
    fn no_time_goes_back(
        steps in proptest::collection::vec((0usize..4, 0u8..4, 0u64..2), 1..60),
    ) {
        let mut hall = Hall::new(ACCOUNTS.len());
        let (mut last, mut inside) = (0, [false; 4]);
        for (who, what, pause) in steps {
            hall.clock.advance(Duration::from_millis(pause));
            let time = match what {
                0 if inside[who] => {
                    inside[who] = false;
                    hall.leave(ACCOUNTS[who], who).expect("it was in")
                }
                0 | 1 if !inside[who] => {
                    inside[who] = true;
                    hall.enter(ACCOUNTS[who], who, &[]).1.expect("it was not in")
                }
                _ => hall.say(ACCOUNTS[who], "x", Audience::Within(&Range::default())),
            };
            prop_assert!(time >= last, "{time} is before {last}");
            last = time;
        }
    }

    /// To all, to some by their tags, to some by their names, in any mixture: whoever is meant hears it all, in the order of its sender.
    #[test]
    fn each_senders_messages_keep_their_order_whomever_they_are_for(
        sends in proptest::collection::vec((0usize..4, 0usize..5), 1..80),
    ) {
        let tags: [&[&str]; 4] = [&[], &["red"], &["blue"], &["red", "blue"]];
        let mut hall = Hall::new(ACCOUNTS.len());
        for (seat, account) in ACCOUNTS.into_iter().enumerate() {
            hall.enter(account, seat, tags[seat]);
        }
        let listed = [accid("ann"), accid("dan")];
        let ranges = [
            Range::default(),
            tagged(r#"{"tag": "red"}"#),
            tagged(r#"{"tag": "red"} or {"tag": "blue"}"#),
            tagged(r#"{"tag": "red"} and {"tag": "blue"}"#),
        ];
        let meant: [&[usize]; 5] = [&[0, 1, 2, 3], &[1, 3], &[1, 2, 3], &[3], &[0, 3]];
        let mut expected = vec![Vec::new(); ACCOUNTS.len()];
        for (number, (from, to)) in sends.into_iter().enumerate() {
            let text = format!("{from} {number}");
            let audience = ranges.get(to).map_or(Audience::Listed(&listed), Audience::Within);
            hall.say(ACCOUNTS[from], &text, audience);
            for seat in meant[to] {
                expected[*seat].push(text.clone());
            }
        }
        for (seat, expected) in expected.into_iter().enumerate() {
            let heard = hall.heard.remove(&hall.seats[seat]).unwrap_or_default();
            prop_assert_eq!(heard, expected, "{}", ACCOUNTS[seat]);
        }
    }
}
