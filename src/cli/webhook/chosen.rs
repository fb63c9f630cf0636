//! Events that something is done with: these, or all that were given up on. Knows not what is done.

use crate::cli::desk::{AskDesk, with_params};
use crate::cli::failure::Failure;
use crate::cli::record::Record;
use crate::cli::table::Output;

pub(super) struct Chosen<'a> {
    /// By their ids; without any, all that are dead.
    pub(super) events: &'a [String],
    /// Of the dead only those for this address.
    pub(super) env: Option<&'a str>,
    /// What is done, as the path ends.
    pub(super) verb: &'static str,
    /// How the answer calls the number of those it was done with.
    pub(super) count: &'static str,
}

impl Chosen<'_> {
    /// Does it, prints with how many, and complains where it could not be done with one: the others are not its fault.
    pub(super) fn run(
        &self,
        output: &Output,
        gateway: &dyn AskDesk,
        told: impl FnOnce(i64) -> String,
    ) -> Result<(), Failure> {
        let (answers, failures) = self.ask(gateway);
        let done: i64 = answers.iter().filter_map(|answer| answer.number(self.count)).sum();
        if done > 0 || failures.is_empty() {
            output.say(&answers, || told(done))?;
        }
        match &failures[..] {
            [] => Ok(()),
            [one] => Err(Failure::run(one)),
            [first, rest @ ..] => Err(Failure::run(format!("{first}; {} more could not be had either", rest.len()))),
        }
    }

    fn ask(&self, gateway: &dyn AskDesk) -> (Vec<Record>, Vec<Failure>) {
        let one = |id: &String| gateway.post(&format!("/webhook/events/{id}/{}", self.verb));
        let all = || {
            gateway
                .post(&with_params(&format!("/webhook/{}", self.verb), &[("state", Some("dead")), ("env", self.env)]))
        };
        let asked: Vec<_> = if self.events.is_empty() { vec![all()] } else { self.events.iter().map(one).collect() };
        let (mut answers, mut failures) = (Vec::new(), Vec::new());
        for answer in asked {
            answer.map_or_else(|failure| failures.push(failure), |answer| answers.push(answer));
        }
        (answers, failures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_can_not_be_had_keeps_no_other_from_it() {
        let gateway = |call: &str| if call.contains("a-2") { "no JSON" } else { r#"{"again":1}"# }.to_owned();
        let events = ["a-1", "a-2", "a-3"].map(str::to_owned);
        let chosen = Chosen { events: &events, env: None, verb: "retry", count: "again" };
        let (answers, failures) = chosen.ask(&gateway);
        assert_eq!((answers.len(), failures.len()), (2, 1));
    }
}
