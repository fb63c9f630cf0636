//! `roomgate member …`: the members of a room, a file a verb.

mod kick;
mod list;
mod mute;

use clap::{ArgMatches, Command};

use super::failure::Failure;
use super::line::Ask;
use super::{calling, noun, read, unknown};

/// `roomgate member` and its verbs.
pub(super) fn command() -> Command {
    noun("member", "Members of a room")
        .subcommand(calling::<list::List>("list", "List the members of a room"))
        .subcommand(calling::<mute::Mute>("mute", "Keep a member from speaking, for a time or until it is lifted"))
        .subcommand(calling::<kick::Kick>("kick", "Put a member out of a room; it may come back"))
}

pub(super) fn run(verb: &str, flags: &ArgMatches, gateway: &dyn Ask) -> Result<(), Failure> {
    match verb {
        "list" => list::run(&read(flags)?, gateway),
        "mute" => mute::run(&read(flags)?, gateway),
        "kick" => kick::run(&read(flags)?, gateway),
        other => Err(unknown(other)),
    }
}

/// A role that an answer names, as people call it.
pub(super) fn role_in_words(name: &str) -> String {
    match name {
        "TEMPORARY" => "guest".to_owned(),
        other => other.to_ascii_lowercase(),
    }
}
