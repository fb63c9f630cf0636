//! The table of options as a document has it.

use std::fmt::Write;

use super::failure::Failure;
use super::options::{ROWS, Row, Used};
use super::table;

/// Prints it.
pub(super) fn print() -> Result<(), Failure> {
    table::say(&markdown())
}

fn markdown() -> String {
    let head = "| File | Flag | Environment | Default | Meaning |\n|---|---|---|---|---|\n";
    ROWS.iter().fold(head.to_owned(), |mut table, row| {
        // Writing into a text can't fail.
        let _ = writeln!(table, "{}", line(row));
        table
    })
}

fn line(row: &Row) -> String {
    let default = row.default().map(|default| format!("`{default}`")).unwrap_or_default();
    let calling = if row.used == Used::Calling { " (commands that call)" } else { "" };
    format!("| `{}` | `--{}` | `{}` | {default} | {}{calling} |", row.key, row.flag(), row.variable(), row.help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_has_its_line() {
        let table = markdown();
        assert_eq!(table.lines().count(), ROWS.len() + 2);
        assert!(table.contains(
            "| `socket.ping_interval` | `--socket-ping-interval` | `ROOMGATE_SOCKET_PING_INTERVAL` | `25s` | \
             How often a member is sent a ping |"
        ));
    }
}
