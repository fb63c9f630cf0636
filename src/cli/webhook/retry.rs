//! `roomgate webhook retry`: events sent again, one by one or all that were given up on.

use clap::Args;

use super::chosen::Chosen;
use super::show::argument;
use crate::cli::desk::AskDesk;
use crate::cli::failure::Failure;
use crate::cli::table::Output;

#[derive(Args)]
pub(super) struct Retry {
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

/// Has them sent again and prints how many there are.
pub(super) fn run(retry: &Retry, gateway: &dyn AskDesk) -> Result<(), Failure> {
    let chosen = Chosen { events: &retry.events, env: retry.env.as_deref(), verb: "retry", count: "again" };
    chosen.run(&retry.output, gateway, |again| match again {
        0 => "no event is dead\n".to_owned(),
        1 => "1 event is pending again\n".to_owned(),
        more => format!("{more} events are pending again\n"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::said;

    #[test]
    fn each_is_asked_for_by_its_id_or_all_at_once() {
        let asked = |line: &str| {
            let calls = std::cell::RefCell::new(Vec::new());
            let gateway = |call: &str| {
                calls.borrow_mut().push(call.to_owned());
                r#"{"again":1}"#.to_owned()
            };
            run(&said::<Retry>(line).unwrap(), &gateway).unwrap();
            calls.into_inner()
        };
        assert_eq!(
            asked("webhook retry a-1 a-2"),
            ["POST /webhook/events/a-1/retry", "POST /webhook/events/a-2/retry"]
        );
        assert_eq!(asked("webhook retry --dead"), ["POST /webhook/retry?state=dead"]);
        assert_eq!(asked("webhook retry --dead --env b"), ["POST /webhook/retry?state=dead&env=b"]);
        for bad in ["webhook retry", "webhook retry a-1 --dead", "webhook retry a-1 --env b"] {
            assert!(said::<Retry>(bad).is_err(), "{bad}");
        }
    }
}
