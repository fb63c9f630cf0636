//! What is told of the options, made from their table: the flags with their help, and the reference that documents have.

use clap::{Arg, ArgAction, Command};

use super::config::Config;
use super::failure::Failure;
use super::field::Takes;
use super::layers::CONFIG;
use super::options::{ROWS, Row, Used};
use super::table;

/// Adds the flags of a command that serves, or of one that calls.
pub(super) fn flags(command: Command, using: Used) -> Command {
    let config = Arg::new(CONFIG)
        .long(CONFIG)
        .value_name("FILE")
        .help("TOML file with any of these options [env: ROOMGATE_CONFIG]");
    let command = command.next_line_help(true).arg(config);
    ROWS.iter().filter(|row| row.is_for(using)).fold(command, |command, row| command.arg(flag(row)))
}

/// Adds only those flags of one that calls that have these keys, and the file.
pub(super) fn chosen(command: Command, keys: &[&str]) -> Command {
    let all = flags(Command::new("all"), Used::Calling);
    let chosen = all.get_arguments().filter(|arg| arg.get_id() == CONFIG || keys.contains(&arg.get_id().as_str()));
    command.next_line_help(true).args(chosen.cloned().collect::<Vec<_>>())
}

fn flag(row: &Row) -> Arg {
    let arg = Arg::new(row.key).long(row.flag()).value_name(row.value).help(help(row)).help_heading(heading(row));
    match (row.field)(&mut Config::default()).takes() {
        Takes::One => arg,
        Takes::OneOrNone => arg.num_args(0..=1).default_missing_value("true"),
        Takes::Many | Takes::Named => arg.action(ArgAction::Append),
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
        Some(("rooms", _)) => Some("Rooms"),
        Some(("history", _)) => Some("History"),
        Some(("webhook", _)) => Some("Webhooks"),
        Some(("callback", _)) => Some("Callbacks"),
        Some(("moderation", _)) => Some("Moderation"),
        Some(("outbound", _)) => Some("Outgoing calls"),
        Some(("stop", _)) => Some("Stopping"),
        _ => None,
    }
}

/// Prints every option as a row of a Markdown table.
pub(super) fn print_reference() -> Result<(), Failure> {
    let rows: String = ROWS.iter().map(reference).collect();
    table::say(&format!("| File | Flag | Environment | Default | Meaning |\n|---|---|---|---|---|\n{rows}"))
}

fn reference(row: &Row) -> String {
    let default = row.default().map(|default| format!("`{default}`")).unwrap_or_default();
    let calling = if row.used == Used::Calling { " (commands that call)" } else { "" };
    format!("| `{}` | `--{}` | `{}` | {default} | {}{calling} |\n", row.key, row.flag(), row.variable(), row.help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_one_line_of_the_reference() {
        let row = ROWS.iter().find(|row| row.key == "socket.ping_interval").unwrap();
        assert_eq!(
            reference(row),
            "| `socket.ping_interval` | `--socket-ping-interval` | `ROOMGATE_SOCKET_PING_INTERVAL` | `25s` | \
             How often a member is sent a ping |\n"
        );
    }
}
