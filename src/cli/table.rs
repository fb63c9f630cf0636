//! What commands print on standard output.

use std::io::Write;

use super::failure::Failure;

/// Prints a text that ends with a new line, at once.
pub(super) fn say(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let printed = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    printed.map_err(|error| Failure::run(format!("standard output: {error}")))
}

/// Lines of two columns, the first as wide as its widest.
pub(super) fn columns<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)> + Clone) -> String {
    let width = pairs.clone().into_iter().map(|(left, _)| left.chars().count()).max().unwrap_or(0);
    pairs.into_iter().map(|(left, right)| format!("{left:width$}  {right}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        assert_eq!(columns([("a", "1"), ("long", "2")]), "a     1\nlong  2\n");
    }
}
