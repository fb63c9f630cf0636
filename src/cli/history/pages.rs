//! As many messages as were asked for, in as many calls as that takes.

use std::collections::HashSet;

use roomgate::base::{Clock, Millis, RoomId};

use crate::cli::failure::Failure;
use crate::cli::line::Ask;
use crate::cli::record::Record;

/// The most messages of one answer (server API, section 6.2).
const PAGE: usize = 200;
/// How far a gateway's clock may be ahead: with more, no signature of ours is valid there.
const CLOCKS_APART_MS: Millis = 5 * 60 * 1000;

/// What is asked for.
pub(super) struct Query<'a> {
    pub(super) room: RoomId,
    /// The account that asks.
    pub(super) reader: &'a str,
    pub(super) start: Start,
    pub(super) limit: usize,
    /// Numbers between commas; all if empty.
    pub(super) kinds: String,
}

/// Where reading starts, and which way it goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// The first messages at or after a moment.
    Since(Millis),
    /// The last messages at or before one.
    Until(Millis),
}

/// A moment that no message is after.
pub(super) fn latest() -> Millis {
    Clock::system().wall() + CLOCKS_APART_MS
}

/// Fetches them, the oldest first.
pub(super) fn fetch(query: &Query<'_>, gateway: &dyn Ask) -> Result<Vec<Record>, Failure> {
    let mut found = Found::default();
    let mut next = Some(query.start);
    while let Some(start) = next {
        let limit = (query.limit - found.all.len() + found.sent_at(start)).min(PAGE);
        let page = page(query, start, limit, gateway)?;
        next = found.take(page, start, limit).filter(|_| found.all.len() < query.limit);
    }
    found.all.truncate(query.limit);
    if matches!(query.start, Start::Until(_)) {
        found.all.reverse();
    }
    Ok(found.all)
}

fn page(query: &Query<'_>, start: Start, limit: usize, gateway: &dyn Ask) -> Result<Vec<Record>, Failure> {
    let (room, limit) = (query.room.to_string(), limit.to_string());
    let (time, reverse) = match start {
        Start::Since(time) => (time.to_string(), "1"),
        Start::Until(time) => (time.to_string(), "2"),
    };
    let mut params = vec![
        ("roomid", &*room),
        ("accid", query.reader),
        ("timetag", &*time),
        ("limit", &*limit),
        ("reverse", reverse),
    ];
    params.extend((!query.kinds.is_empty()).then_some(("type", &*query.kinds)));
    gateway.ask("history/queryChatroomMsg", &params)?.list("msgs")
}

impl Start {
    fn time(self) -> Millis {
        let (Start::Since(time) | Start::Until(time)) = self;
        time
    }

    /// The same way, from another moment.
    fn at(self, time: Millis) -> Start {
        match self {
            Start::Since(_) => Start::Since(time),
            Start::Until(_) => Start::Until(time),
        }
    }

    /// The same way, from the next moment.
    fn past(self) -> Start {
        match self {
            Start::Since(time) => Start::Since(time.saturating_add(1)),
            Start::Until(time) => Start::Until(time.saturating_sub(1)),
        }
    }
}

/// The messages of all pages so far, in the order of reading, each once.
#[derive(Default)]
struct Found {
    all: Vec<Record>,
    /// Sender, id and time: an id alone may be used again.
    known: HashSet<[String; 3]>,
}

impl Found {
    /// Takes a page. Answers where the next one starts, if there may be one. Both ends count, so it has the last messages again.
    fn take(&mut self, page: Vec<Record>, start: Start, limit: usize) -> Option<Start> {
        let last = page.last().filter(|_| page.len() >= limit).map(sent);
        let before = self.all.len();
        self.extend(page);
        let is_stuck = self.all.len() == before && last == Some(start.time());
        // A full page of one millisecond, and all of it known: nothing that could be asked tells what else is in it.
        if is_stuck { Some(start.past()) } else { last.map(|last| start.at(last)) }
    }

    fn extend(&mut self, page: Vec<Record>) {
        let key = |message: &Record| ["from", "msgid", "sendtime"].map(|name| message.text(name));
        self.all.extend(page.into_iter().filter(|message| self.known.insert(key(message))));
    }

    /// How many are already known of the moment that a page starts with.
    fn sent_at(&self, start: Start) -> usize {
        self.all.iter().rev().take_while(|message| sent(message) == start.time()).count()
    }
}

fn sent(message: &Record) -> Millis {
    message.number("sendtime").and_then(|time| u64::try_from(time).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// A gateway whose messages were sent at these times; their ids count up.
    struct Kept {
        times: Vec<Millis>,
        calls: Cell<usize>,
    }

    impl Kept {
        fn new(mut times: Vec<Millis>) -> Kept {
            times.sort_unstable();
            Kept { times, calls: Cell::new(0) }
        }

        fn answer(&self, params: &[(&str, &str)]) -> String {
            self.calls.set(self.calls.get() + 1);
            let number = |name| value(params, name).parse::<u64>().unwrap();
            let (timetag, limit) = (number("timetag"), usize::try_from(number("limit")).unwrap());
            assert!((1..=PAGE).contains(&limit), "{limit}");
            let all = self.times.iter().enumerate();
            let message =
                |(id, time): (usize, &Millis)| json!({"from": "ann", "msgid": id.to_string(), "sendtime": time});
            let msgs: Vec<Value> = match number("reverse") {
                1 => all.filter(|(_, time)| **time >= timetag).take(limit).map(message).collect(),
                _ => all.rev().filter(|(_, time)| **time <= timetag).take(limit).map(message).collect(),
            };
            json!({"code": 200, "size": msgs.len(), "msgs": msgs}).to_string()
        }

        fn fetch(&self, start: Start, limit: usize) -> Vec<usize> {
            let query =
                Query { room: RoomId::parse("room", "2").unwrap(), reader: "host", start, limit, kinds: String::new() };
            let gateway = |_: &str, params: &[(&str, &str)]| self.answer(params);
            let messages = fetch(&query, &gateway).unwrap();
            messages.iter().map(|message| message.text("msgid").parse().unwrap()).collect()
        }
    }

    fn value<'a>(params: &[(&str, &'a str)], name: &str) -> &'a str {
        params.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    #[test]
    fn few_messages_take_one_call() {
        let kept = Kept::new((1000..1100).collect());
        assert_eq!(kept.fetch(Start::Until(5000), 50), (50..100).collect::<Vec<_>>());
        assert_eq!(kept.fetch(Start::Since(1010), 3), [10, 11, 12]);
        assert_eq!((kept.fetch(Start::Until(999), 50), kept.fetch(Start::Since(1100), 50)), (vec![], vec![]));
        assert_eq!(kept.calls.get(), 4);
    }

    #[test]
    fn what_is_asked_for_is_what_was_said() {
        let gateway = |path: &str, params: &[(&str, &str)]| {
            assert_eq!(path, "history/queryChatroomMsg");
            let expected = [
                ("roomid", "2"),
                ("accid", "host"),
                ("timetag", "7"),
                ("limit", "5"),
                ("reverse", "1"),
                ("type", "0,5"),
            ];
            assert_eq!(params, expected);
            r#"{"code":200,"size":0,"msgs":[]}"#.to_owned()
        };
        let room = RoomId::parse("room", "2").unwrap();
        let query = Query { room, reader: "host", start: Start::Since(7), limit: 5, kinds: "0,5".into() };
        assert!(fetch(&query, &gateway).unwrap().is_empty());
    }

    #[test]
    fn a_millisecond_that_fills_a_page_is_left_behind() {
        let times = [vec![1; 10], vec![2; 3 * PAGE], vec![3; 10]].concat();
        let kept = Kept::new(times);
        assert_eq!(
            kept.fetch(Start::Since(0), 5000),
            (0..PAGE + 10).chain(10 + 3 * PAGE..20 + 3 * PAGE).collect::<Vec<_>>()
        );
    }

    proptest! {
        #[test]
        fn every_message_comes_once_and_in_order(
            times in prop::collection::vec(1000_u64..1100, 0..1200),
            border in 990_u64..1110,
            limit in 1_usize..900,
        ) {
            let kept = Kept::new(times);
            let before = kept.times.partition_point(|time| *time <= border);
            let expected: Vec<usize> = (before.saturating_sub(limit)..before).collect();
            prop_assert_eq!(kept.fetch(Start::Until(border), limit), expected);
            let from = kept.times.partition_point(|time| *time < border);
            let expected: Vec<usize> = (from..kept.times.len().min(from + limit)).collect();
            prop_assert_eq!(kept.fetch(Start::Since(border), limit), expected);
        }
    }
}
