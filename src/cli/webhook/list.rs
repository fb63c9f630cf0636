//! `roomgate webhook list`: events of the ledger, the newest last.

use clap::Args;
use roomgate::base::RoomId;

use super::kind;
use crate::cli::desk::{AskDesk, with_params};
use crate::cli::failure::Failure;
use crate::cli::moment;
use crate::cli::record::Record;
use crate::cli::room;
use crate::cli::table::{Output, table};

/// The most events of one answer.
const PAGE: usize = 1000;

#[derive(Args)]
pub(super) struct List {
    /// Only those that are so far
    #[arg(long, value_name = "STATE", value_parser = ["pending", "delivered", "dead"])]
    state: Option<String>,
    /// Only those for this address; default is the main one
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Only those of this room
    #[arg(long, value_name = "ROOM", value_parser = room::argument)]
    room: Option<RoomId>,
    /// How many, the newest
    #[arg(long, value_name = "COUNT", default_value = "50", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
    #[command(flatten)]
    output: Output,
}

/// Prints a line for each event.
pub(super) fn run(list: &List, gateway: &dyn AskDesk) -> Result<(), Failure> {
    let events = list.events(gateway)?;
    list.output.say(&events, || match &list.state {
        _ if !events.is_empty() => table(HEAD, events.iter().map(row)),
        Some(state) => format!("no event is {state}\n"),
        None => "there are no events\n".to_owned(),
    })
}

impl List {
    /// The oldest first.
    fn events(&self, gateway: &dyn AskDesk) -> Result<Vec<Record>, Failure> {
        let mut events: Vec<Record> = Vec::new();
        let room = self.room.map(|room| room.to_string());
        let most = usize::try_from(self.limit).unwrap_or(usize::MAX);
        loop {
            let limit = PAGE.min(most - events.len());
            let after = events.last().map(|event| event.text("eventId"));
            let params = [
                ("state", self.state.as_deref()),
                ("env", self.env.as_deref()),
                ("room", room.as_deref()),
                ("after", after.as_deref()),
                ("limit", Some(&*limit.to_string())),
            ];
            let page = gateway.get(&with_params("/webhook/events", &params))?.list("events")?;
            // One that ends where the one before it did brings nothing new.
            let is_last = page.len() < limit || page.last().map(|event| event.text("eventId")) == after;
            events.extend(page);
            if is_last || events.len() >= most {
                events.reverse();
                return Ok(events);
            }
        }
    }
}

const HEAD: [&str; 8] = ["event", "time", "type", "room", "env", "state", "tries", "result"];

fn row(event: &Record) -> [String; 8] {
    let [id, room, env, state, tries, result] =
        ["eventId", "roomid", "env", "state", "attempts", "result"].map(|fact| event.text(fact));
    [id, time(event, "made"), kind::word(&event.text("eventType")), room, env, state, tries, result]
}

/// A moment of an event; empty where it has none.
pub(super) fn time(event: &Record, name: &str) -> String {
    event.number(name).and_then(|time| time.try_into().ok()).map(moment::show).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cli::said;
    use crate::cli::table::table_within;

    #[test]
    fn events_are_asked_for_page_by_page_and_told_in_the_order_of_time() {
        let gateway = |asked: &str| {
            let query = asked.strip_prefix("GET /webhook/events?state=dead&room=7&").unwrap();
            let (first, limit) = match query.split_once("&limit=").or(query.split_once("limit=")).unwrap() {
                ("", limit) => (1500, limit),
                (after, limit) => (after.strip_prefix("after=").unwrap().parse::<u32>().unwrap() - 1, limit),
            };
            let last = first.saturating_sub(limit.parse::<u32>().unwrap());
            let events: Vec<_> = (last + 1..=first).rev().map(|id| json!({"eventId": id.to_string()})).collect();
            json!({"events": events}).to_string()
        };
        let ids = |line| {
            let list: List = said(line).unwrap();
            list.events(&gateway).unwrap().iter().map(|event| event.number("eventId").unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(ids("webhook list --state dead --room 7 --limit 1200"), (301..=1500).collect::<Vec<_>>());
        assert_eq!(ids("webhook list --state dead --room 7 --limit 9999"), (1..=1500).collect::<Vec<_>>());
        assert_eq!(ids("webhook list --state dead --room 7"), (1451..=1500).collect::<Vec<_>>());
    }

    #[test]
    fn the_table_is_as_documented() {
        let events = [
            json!({"eventId": "9f3c21d0a4be-17", "eventType": 4, "env": "default", "roomid": 2, "sequence": 9,
                "made": 1_795_514_400_000_u64, "state": "delivered", "attempts": 1, "result": "HTTP 200"}),
            json!({"eventId": "9f3c21d0a4be-18", "eventType": 84, "env": "default", "roomid": null, "sequence": 1,
                "made": 1_795_514_401_000_u64, "state": "pending", "attempts": 0, "result": null}),
            json!({"eventId": "9f3c21d0a4be-19", "eventType": 9, "env": "staging", "roomid": 2, "sequence": 4,
                "made": 1_795_514_402_000_u64, "state": "dead", "attempts": 15, "result": "no answer within 5000 ms"}),
        ];
        let events = events.map(|event| Record::read(&event.to_string()).unwrap());
        let table = table_within(120, HEAD, events.iter().map(row));
        assert!(include_str!("../../../docs/webhooks.md").contains(&table), "{table}");
    }
}
