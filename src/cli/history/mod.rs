//! `roomgate history`: what was said in a room, and what happened there.

mod content;
mod kind;
mod notice;
mod pages;
mod queue;

use clap::{Args, value_parser};
use roomgate::base::{Millis, RoomId};

use super::failure::Failure;
use super::line::Ask;
use super::record::Record;
use super::table::{Output, table};
use super::{moment, room};
use kind::Kind;
use pages::{Query, Start};

#[derive(Args)]
pub(super) struct History {
    /// The room
    #[arg(value_name = "ROOM", value_parser = room::argument)]
    room: RoomId,
    /// The first ones from then on: 2026-11-24T10:00:00Z, 10m for so long ago, or milliseconds
    #[arg(long, value_name = "TIME", value_parser = moment::argument, conflicts_with = "until")]
    since: Option<Millis>,
    /// The last ones up to then; up to now if left out
    #[arg(long, value_name = "TIME", value_parser = moment::argument)]
    until: Option<Millis>,
    /// How many at most
    #[arg(long, value_name = "COUNT", default_value = "50", value_parser = value_parser!(u32).range(1..))]
    limit: u32,
    /// Only these types: 0 or text, 1 or image, 5 or notice, 100 or custom, ...
    #[arg(long = "type", value_name = "TYPE,...", value_delimiter = ',', value_parser = kind::argument)]
    kinds: Vec<Kind>,
    #[command(flatten)]
    output: Output,
}

/// Prints a line for each message, the oldest first.
pub(super) fn run(history: &History, gateway: &dyn Ask) -> Result<(), Failure> {
    let reader = room::creator(history.room, gateway)?;
    let messages = pages::fetch(&history.query(&reader), gateway)?;
    history.output.say(&messages, || table(HEAD, messages.iter().map(row)))
}

impl History {
    fn query<'a>(&self, reader: &'a str) -> Query<'a> {
        let kinds: Vec<String> = self.kinds.iter().map(|kind| kind.number.to_string()).collect();
        let start = match self.since {
            Some(since) => Start::Since(since),
            None => Start::Until(self.until.unwrap_or_else(pages::latest)),
        };
        Query { room: self.room, reader, start, limit: self.limit as usize, kinds: kinds.join(",") }
    }
}

const HEAD: [&str; 4] = ["time", "from", "type", "content"];

fn row(message: &Record) -> [String; 4] {
    let time = message.number("sendtime").and_then(|time| u64::try_from(time).ok());
    let number = message.text("type");
    let kind = kind::word(&number).map_or(number, str::to_owned);
    [time.map(moment::show).unwrap_or_default(), message.text("from"), kind, content::of(message)]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::said;
    use super::super::table::table_within;
    use super::*;

    #[test]
    fn the_table_is_as_documented() {
        let time = 1_795_514_400_000_u64;
        let notice =
            |id: u16| json!({"id": id, "data": {"operator": "ann", "target": ["bob"], "ext": "spam"}}).to_string();
        let picture = r#"{"name":"cat.jpg","url":"https://files.example/cat.jpg","w":4,"h":3,"size":9}"#;
        let messages = [
            json!({"from": "bob", "type": 5, "sendtime": time, "body": notice(301)}),
            json!({"from": "bob", "type": 0, "sendtime": time + 4_200, "body": "hello\n张三"}),
            json!({"from": "ann", "type": 1, "sendtime": time + 9_000, "body": picture}),
            json!({"from": "bob", "type": 100, "sendtime": time + 15_000, "body": format!("{{\"buy\":\"{}\"}}", "now ".repeat(30))}),
            json!({"from": "ann", "type": 5, "sendtime": time + 20_000, "body": notice(313)}),
            json!({"from": "ann", "type": 42, "sendtime": time + 60_000, "body": ""}),
        ];
        let messages = messages.map(|message| Record::read(&message.to_string()).unwrap());
        let table = table_within(100, HEAD, messages.iter().map(row));
        assert!(include_str!("../../../docs/commands.md").contains(&table), "{table}");
    }

    #[test]
    fn a_question_says_from_where_which_way_and_what() {
        let query = |line: &str| said::<History>(line).unwrap().query("host").start;
        assert!(query("history 2 --since 1795514400000") == Start::Since(1_795_514_400_000));
        assert!(query("history 2 --until 2026-11-24T10:00:00Z") == Start::Until(1_795_514_400_000));
        assert!(matches!(query("history 2"), Start::Until(latest) if latest.abs_diff(pages::latest()) < 60_000));
        let history: History = said("history 2 --type 0,notice --type 100 --limit 500").unwrap();
        let query = history.query("host");
        assert_eq!((query.kinds.as_str(), query.limit, query.reader), ("0,5,100", 500, "host"));
    }

    #[test]
    fn a_question_that_can_not_be_asked_is_refused() {
        for flags in ["--limit 0", "--type 7", "--since soon", "--since 1795514400", "--since 1m --until 1s"] {
            assert!(said::<History>(&format!("history 2 {flags}")).is_err(), "{flags}");
        }
    }
}
