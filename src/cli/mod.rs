//! The command line: what can be said, and which command does it. Uses the library as any embedder would.

mod caller;
mod config;
mod create;
mod failure;
mod field;
mod file;
mod help;
mod layers;
mod logging;
mod near;
mod options;
mod rules;
mod send;
mod serve;
mod sign;
mod table;
#[cfg(test)]
mod tests;
mod time;
mod value;
mod welcome;

use std::process::ExitCode;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use caller::Caller;
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

/// Every command; without one it is `serve`.
fn command() -> Command {
    let nested = |name, about| Command::new(name).about(about).subcommand_required(true);
    help::flags(Command::new("roomgate"), Used::Serving)
        .version(env!("CARGO_PKG_VERSION"))
        .about("A self-hosted real-time room gateway. Without a command it serves.")
        .args_conflicts_with_subcommands(true)
        .subcommand(help::flags(Command::new("serve"), Used::Serving).about("Run the gateway (the default command)"))
        .subcommand(calling::<sign::Sign>("sign", "Print the four headers that sign one call of the server API"))
        .subcommand(calling::<send::Send>("send", "Send a message to a room, or to some of its members"))
        .subcommand(nested("user", "Accounts").subcommand(calling::<create::User>("create", "Make an account")))
        .subcommand(nested("room", "Rooms").subcommand(calling::<create::Room>("create", "Make a room")))
        .subcommand(Command::new("options").about("Print every option as a Markdown table"))
}

fn calling<A: Args>(name: &'static str, about: &'static str) -> Command {
    help::flags(A::augment_args(Command::new(name)), Used::Calling).about(about)
}

fn run(matches: &ArgMatches, environment: &Environment) -> Result<(), Failure> {
    let (name, flags) = leaf(matches);
    let caller = || Caller::load(flags, environment);
    match name.as_str() {
        "" | "serve" => serve::run(&layers::load(Used::Serving, flags, environment)?),
        "sign" => sign::run(&read(flags)?, &caller()?),
        "send" => send::run(&read(flags)?, &caller()?),
        "user create" => create::user(&read(flags)?, &caller()?),
        "room create" => create::room(&read(flags)?, &caller()?),
        "options" => help::print_reference(),
        other => Err(Failure::usage(format!("unknown command {other}"))),
    }
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
