//! The command line: what can be said, and which command does it. Uses the library as any embedder would.

mod caller;
mod cell;
mod config;
mod desk;
mod explain;
mod failure;
mod field;
mod file;
mod help;
mod history;
mod layers;
mod line;
mod load;
mod logging;
mod member;
mod moment;
mod near;
mod options;
mod record;
mod room;
mod rules;
mod send;
mod serve;
mod sign;
mod table;
#[cfg(test)]
mod tests;
mod time;
mod user;
mod value;
mod verify;
mod webhook;
mod welcome;

use std::process::ExitCode;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use caller::Caller;
use desk::Desk;
use failure::Failure;
use layers::Environment;
use options::Used;

/// Parses, runs, and answers the exit code: 0 done, 1 failed, 2 wrong usage.
pub(crate) fn main() -> ExitCode {
    let matches = match command().try_get_matches() {
        Ok(matches) => matches,
        // Help or version; a reader of it that has seen enough, such as head, is no failure.
        Err(error) if !error.use_stderr() => {
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        Err(error) => return Failure::from(error).report(),
    };
    match run(&matches, &layers::environment()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// Every command; without one it is `serve`. What has verbs of its own names them itself.
fn command() -> Command {
    help::flags(Command::new("roomgate"), Used::Serving)
        .version(env!("CARGO_PKG_VERSION"))
        .about("A self-hosted real-time room gateway. Without a command it serves.")
        .args_conflicts_with_subcommands(true)
        .subcommand(help::flags(Command::new("serve"), Used::Serving).about("Run the gateway (the default command)"))
        .subcommand(calling::<sign::Sign>("sign", "Print the four headers that sign one call of the server API"))
        .subcommand(calling::<send::Send>("send", "Send a message to a room, or to some of its members"))
        .subcommand(user::command())
        .subcommand(room::command())
        .subcommand(member::command())
        .subcommand(calling::<history::History>("history", "Print what was said in a room"))
        .subcommand(webhook::command())
        .subcommand(calling::<explain::Explain>("explain", "Say why an account may not join a room or send to it"))
        .subcommand(load::command())
        .subcommand(verify::command())
        .subcommand(Command::new("options").about("Print every option as a Markdown table"))
}

fn calling<A: Args>(name: &'static str, about: &'static str) -> Command {
    help::flags(A::augment_args(Command::new(name)), Used::Calling).about(about)
}

/// A command that is only the first word of several.
fn noun(name: &'static str, about: &'static str) -> Command {
    Command::new(name).about(about).subcommand_required(true)
}

fn run(matches: &ArgMatches, environment: &Environment) -> Result<(), Failure> {
    let (name, flags) = leaf(matches);
    let caller = || Caller::load(flags, environment);
    let line = || caller()?.line(&name);
    match name.split_once(' ').unwrap_or((&name, "")) {
        ("" | "serve", _) => serve::run(&layers::load(Used::Serving, flags, environment)?),
        ("sign", _) => sign::run(&read(flags)?, &caller()?),
        ("send", _) => send::run(&read(flags)?, &line()?),
        ("user", verb) => user::run(verb, flags, &line()?),
        ("room", verb) => room::run(verb, flags, &line()?),
        ("member", verb) => member::run(verb, flags, &line()?),
        ("history", _) => history::run(&read(flags)?, &line()?),
        ("webhook", verb) => webhook::run(verb, flags, environment),
        ("explain", _) => explain::run(&read(flags)?, &Desk::open(flags, environment, &name)?),
        ("load", _) => load::run(flags, environment),
        ("verify", _) => verify::run(&read(flags)?, environment),
        ("options", _) => help::print_reference(),
        (other, _) => Err(unknown(other)),
    }
}

fn unknown(name: &str) -> Failure {
    Failure::usage(format!("unknown command {name}"))
}

/// The innermost command that was named, as `room create`, and what was given to it.
fn leaf(matches: &ArgMatches) -> (String, &ArgMatches) {
    match matches.subcommand() {
        None => (String::new(), matches),
        Some((name, inner)) => {
            let (rest, flags) = leaf(inner);
            (format!("{name} {rest}").trim_end().to_owned(), flags)
        }
    }
}

fn read<A: FromArgMatches>(flags: &ArgMatches) -> Result<A, Failure> {
    A::from_arg_matches(flags).map_err(Failure::usage)
}

/// What a command makes of its arguments: `room list --all`.
#[cfg(test)]
fn said<A: FromArgMatches>(line: &str) -> Result<A, Failure> {
    let words = ["roomgate"].into_iter().chain(line.split(' '));
    let matches = command().try_get_matches_from(words)?;
    read(leaf(&matches).1)
}
