//! `roomgate webhook forget`: events taken out of the ledger, one by one or all that were given up on.

use clap::Args;

use super::chosen::Chosen;
use super::show::argument;
use crate::cli::desk::AskDesk;
use crate::cli::failure::Failure;
use crate::cli::table::Output;

#[derive(Args)]
pub(super) struct Forget {
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

/// Has them forgotten and prints how many there are.
pub(super) fn run(forget: &Forget, gateway: &dyn AskDesk) -> Result<(), Failure> {
    let chosen = Chosen { events: &forget.events, env: forget.env.as_deref(), verb: "forget", count: "forgotten" };
    chosen.run(&forget.output, gateway, |forgotten| match forgotten {
        0 => "no event is dead\n".to_owned(),
        1 => "1 event is forgotten\n".to_owned(),
        more => format!("{more} events are forgotten\n"),
    })
}
