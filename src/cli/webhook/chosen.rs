//! Events that something is done with: these, or all that were given up on. Knows not what is done.

use clap::Args;

use super::show::argument;
use crate::cli::desk::{AskDesk, with_params};
use crate::cli::failure::Failure;
use crate::cli::record::Record;
use crate::cli::table::Output;

#[derive(Args)]
pub(super) struct Chosen {
    /// Events that were given up on, or delivered, by their ids
    #[arg(value_name = "EVENT", value_parser = argument, required_unless_present = "dead")]
    events: Vec<String>,
    /// All that were given up on
    #[arg(long, conflicts_with = "events")]
    dead: bool,
    /// With --dead: only those for this address; default is the main one
    #[arg(long, value_name = "NAME", requires = "dead", conflicts_with = "events")]
    env: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// What is done with them.
pub(super) struct Deed {
    /// As the path ends.
    pub(super) verb: &'static str,
    /// How the answer calls the number of those it was done with.
    pub(super) count: &'static str,
    /// What one event is then, and what several are.
    pub(super) told: [&'static str; 2],
}

impl Chosen {
    /// Does it, prints with how many, and complains where it could not be done with one: the others are not its fault.
    pub(super) fn run(&self, deed: &Deed, gateway: &dyn AskDesk) -> Result<(), Failure> {
        let (answers, failures) = self.ask(deed, gateway);
        let done: i64 = answers.iter().filter_map(|answer| answer.number(deed.count)).sum();
        if done > 0 || failures.is_empty() {
            self.output.say(&answers, || deed.tell(done))?;
        }
        match &failures[..] {
            [] => Ok(()),
            [one] => Err(Failure::run(one)),
            [first, rest @ ..] => Err(Failure::run(format!("{first}; {} more could not be had either", rest.len()))),
        }
    }

    fn ask(&self, deed: &Deed, gateway: &dyn AskDesk) -> (Vec<Record>, Vec<Failure>) {
        let one = |id: &String| gateway.post(&format!("/webhook/events/{id}/{}", deed.verb));
        let all = || {
            let params = [("state", Some("dead")), ("env", self.env.as_deref())];
            gateway.post(&with_params(&format!("/webhook/{}", deed.verb), &params))
        };
        let asked: Vec<_> = if self.dead { vec![all()] } else { self.events.iter().map(one).collect() };
        let (mut answers, mut failures) = (Vec::new(), Vec::new());
        for answer in asked {
            answer.map_or_else(|failure| failures.push(failure), |answer| answers.push(answer));
        }
        (answers, failures)
    }
}

impl Deed {
    fn tell(&self, done: i64) -> String {
        let [one, several] = self.told;
        match done {
            0 => "no event is dead\n".to_owned(),
            1 => format!("1 event {one}\n"),
            more => format!("{more} events {several}\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::said;

    const DEED: Deed = Deed { verb: "retry", count: "again", told: ["is pending again", "are pending again"] };

    #[test]
    fn one_that_can_not_be_had_keeps_no_other_from_it() {
        let gateway = |call: &str| if call.contains("a-2") { "no JSON" } else { r#"{"again":1}"# }.to_owned();
        let chosen: Chosen = said("webhook retry a-1 a-2 a-3").unwrap();
        let (answers, failures) = chosen.ask(&DEED, &gateway);
        assert_eq!((answers.len(), failures.len()), (2, 1));
    }

    #[test]
    fn each_is_asked_for_by_its_id_or_all_at_once() {
        let asked = |line: &str| {
            let calls = std::cell::RefCell::new(Vec::new());
            let gateway = |call: &str| {
                calls.borrow_mut().push(call.to_owned());
                r#"{"again":1}"#.to_owned()
            };
            said::<Chosen>(line).unwrap().run(&DEED, &gateway).unwrap();
            calls.into_inner()
        };
        assert_eq!(
            asked("webhook retry a-1 a-2"),
            ["POST /webhook/events/a-1/retry", "POST /webhook/events/a-2/retry"]
        );
        assert_eq!(asked("webhook retry --dead"), ["POST /webhook/retry?state=dead"]);
        assert_eq!(asked("webhook retry --dead --env b"), ["POST /webhook/retry?state=dead&env=b"]);
        for bad in ["webhook retry", "webhook retry a-1 --dead", "webhook retry a-1 --env b"] {
            assert!(said::<Chosen>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn how_many_is_told_in_words() {
        let told: Vec<String> = (0..3).map(|done| DEED.tell(done)).collect();
        assert_eq!(told, ["no event is dead\n", "1 event is pending again\n", "2 events are pending again\n"]);
    }
}
