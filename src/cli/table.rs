//! What commands print on standard output: aligned lines, or the answers as they came.

use std::io::{ErrorKind, Write};

use clap::Args;
use terminal_size::Width;

use super::cell::{clean, cut, pad, width};
use super::failure::Failure;
use super::record::Record;

/// The widest field of a table, but for the last of a line.
const FIELD: usize = 32;
/// The line where there is no terminal to ask.
const LINE: usize = 120;
/// What the last field of a line has, however narrow the terminal.
const LAST: usize = 16;

/// How a command prints what it was answered.
#[derive(Args)]
pub(super) struct Output {
    /// Print what the gateway answered, as it came; of a list one JSON object a line
    #[arg(long)]
    json: bool,
}

impl Output {
    /// Prints the records as they came, or what `text` makes of them.
    pub(super) fn say(&self, records: &[Record], text: impl FnOnce() -> String) -> Result<(), Failure> {
        if !self.json {
            return say(&text());
        }
        say(&records.iter().map(|record| format!("{}\n", record.json())).collect::<String>())
    }
}

/// Prints a text that ends with a new line, at once. A reader that has seen enough, such as head, is no failure.
pub(super) fn say(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::run(format!("standard output: {error}"))),
        _ => Ok(()),
    }
}

/// Lines of two columns, the first as wide as its widest. The second is whole; its further lines begin below its first.
pub(super) fn columns(pairs: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>) -> String {
    let pairs: Vec<_> = pairs.into_iter().map(|(left, right)| (clean(left.as_ref()), right)).collect();
    let widest = pairs.iter().map(|(left, _)| width(left)).max().unwrap_or(0);
    let indented = |text: &str| {
        let lines: Vec<String> = text.lines().map(clean).collect();
        if text.is_empty() { "-".to_owned() } else { lines.join(&format!("\n{}", " ".repeat(widest + 2))) }
    };
    pairs.iter().map(|(left, right)| format!("{}  {}\n", pad(left, widest), indented(right.as_ref()))).collect()
}

/// A table for the terminal there is.
pub(super) fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = terminal_size::terminal_size_of(std::io::stdout()).map_or(LINE, |(Width(width), _)| width.into());
    table_within(line, head, rows)
}

/// A table whose last column takes what is left of a line. Long fields are cut, empty ones shown as `-`.
pub(super) fn table_within<const N: usize>(
    line: usize,
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let fields = rows.into_iter().map(|row| row.map(|field| field_of(&field)));
    let rows: Vec<[String; N]> = [head.map(str::to_owned)].into_iter().chain(fields).collect();
    let mut widths = [0; N];
    for (column, widest) in widths.iter_mut().enumerate() {
        *widest = rows.iter().map(|row| width(&row[column])).max().unwrap_or(0).min(FIELD);
    }
    let before: usize = widths[..N - 1].iter().map(|width| width + 2).sum();
    widths[N - 1] = line.saturating_sub(before).max(LAST);
    let written = |row: &[String; N]| {
        let fields = row.iter().zip(widths).map(|(field, width)| pad(&cut(field, width), width));
        format!("{}\n", fields.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(written).collect()
}

fn field_of(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { clean(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows<const N: usize, const M: usize>(rows: [[&str; N]; M]) -> [[String; N]; M] {
        rows.map(|row| row.map(str::to_owned))
    }

    #[test]
    fn columns_are_aligned() {
        assert_eq!(columns([("a", "1"), ("long", "2")]), "a     1\nlong  2\n");
        assert_eq!(columns([("a", "one\ntwo"), ("long", "")]), "a     one\n      two\nlong  -\n");
    }

    #[test]
    fn a_table_is_aligned_by_what_a_terminal_shows() {
        let rows = rows([["1", "大厅", "3"], ["20", "lobby", ""]]);
        assert_eq!(
            table_within(80, ["room", "name", "members"], rows),
            "\
room  name   members
1     大厅   3
20    lobby  -
"
        );
    }

    #[test]
    fn a_long_field_is_cut_and_the_last_one_to_the_line() {
        let long = "x".repeat(50);
        let table = table_within(60, ["name", "text"], rows([[long.as_str(), long.as_str()]]));
        assert_eq!(table.lines().nth(1), Some(format!("{}…  {}…", "x".repeat(31), "x".repeat(25)).as_str()));
        let narrow = table_within(10, ["name", "text"], rows([["a", long.as_str()]]));
        assert_eq!(narrow.lines().nth(1), Some(format!("a     {}…", "x".repeat(15)).as_str()));
    }

    #[test]
    fn nobodys_name_makes_a_line_of_its_own_or_moves_the_cursor() {
        let evil = "bob\n20  \x1b[2Jmanager";
        assert_eq!(table_within(80, ["nick", "role"], rows([[evil, "guest"]])).lines().count(), 2);
        assert!(!table_within(80, ["nick"], rows([[evil]])).contains('\x1b'));
        assert!(!columns([("nick", evil)]).contains('\x1b'));
    }
}
