//! `roomgate webhook …`: what an application server is told, a file a verb; `retry` and `forget` are one. All but `listen` ask the internal listener.

mod arrival;
mod chosen;
mod kind;
mod list;
mod listen;
mod said;
mod show;
mod test;

use clap::{ArgMatches, Command};

use chosen::{Chosen, Deed};

use super::caller::Caller;
use super::desk::Desk;
use super::failure::Failure;
use super::layers::Environment;
use super::{calling, noun, read, unknown};

/// They are sent again.
const RETRY: Deed = Deed { verb: "retry", count: "again", told: ["is pending again", "are pending again"] };
/// They are taken out of the ledger.
const FORGET: Deed = Deed { verb: "forget", count: "forgotten", told: ["is forgotten", "are forgotten"] };

/// `roomgate webhook` and its verbs.
pub(super) fn command() -> Command {
    noun("webhook", "What the application server is told of")
        .subcommand(calling::<list::List>("list", "List events that wait, were delivered, or were given up on"))
        .subcommand(calling::<show::Show>("show", "Show all of one event"))
        .subcommand(calling::<Chosen>("retry", "Have events sent again"))
        .subcommand(calling::<Chosen>("forget", "Take events out of the ledger"))
        .subcommand(calling::<test::Test>("test", "Try the addresses with an empty event"))
        .subcommand(calling::<listen::Listen>("listen", "Receive events here, check and print them"))
}

pub(super) fn run(verb: &str, flags: &ArgMatches, environment: &Environment) -> Result<(), Failure> {
    let desk = || Desk::open(flags, environment, &format!("webhook {verb}"));
    match verb {
        "list" => list::run(&read(flags)?, &desk()?),
        "show" => show::run(&read(flags)?, &desk()?),
        "retry" => read::<Chosen>(flags)?.run(&RETRY, &desk()?),
        "forget" => read::<Chosen>(flags)?.run(&FORGET, &desk()?),
        "test" => test::run(&read(flags)?, &desk()?),
        "listen" => listen::run(&read(flags)?, Caller::load(flags, environment)?.app),
        other => Err(unknown(other)),
    }
}
