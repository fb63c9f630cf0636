//! The flags of the command line and their help, made from the table of options.

use clap::{Arg, ArgAction, Command};

use super::config::Config;
use super::field::Takes;
use super::layers::CONFIG;
use super::options::{ROWS, Row, Used};

/// Adds the flags of a command that serves, or of one that calls.
pub(super) fn add(command: Command, using: Used) -> Command {
    let config = Arg::new(CONFIG)
        .long(CONFIG)
        .value_name("FILE")
        .help("TOML file with any of these options [env: ROOMGATE_CONFIG]");
    let command = command.next_line_help(true).arg(config);
    ROWS.iter().filter(|row| row.is_for(using)).fold(command, |command, row| command.arg(flag(row)))
}

fn flag(row: &Row) -> Arg {
    let arg = Arg::new(row.key).long(row.flag()).help(help(row)).help_heading(heading(row));
    match (row.field)(&mut Config::default()).takes() {
        Takes::Nothing => arg.action(ArgAction::SetTrue),
        Takes::One => arg.value_name(row.value),
        Takes::Many => arg.value_name(row.value).action(ArgAction::Append),
    }
}

fn help(row: &Row) -> String {
    let default = row.default().map(|default| format!(" [default: {default}]")).unwrap_or_default();
    format!("{} [env: {}]{default}", row.help, row.variable())
}

/// The section of the file; what is in none comes first.
fn heading(row: &Row) -> Option<&'static str> {
    match row.key.split_once('.') {
        Some(("rest", _)) => Some("Server API"),
        Some(("socket", _)) => Some("Sockets"),
        Some(("lanes", _)) => Some("Lanes"),
        Some(("limits", _)) => Some("Limits"),
        Some(("stop", _)) => Some("Stopping"),
        _ => None,
    }
}
