//! The configuration file: TOML whose keys are those of the table of options.

use std::path::Path;

use toml::{Table, Value as Toml};

use super::failure::Failure;
use super::near;
use super::options::{ROWS, Row};
use super::value::{Given, Source, Value};

/// Reads a file into one value for each option it names.
pub(super) fn read(path: &Path) -> Result<Vec<Given>, Failure> {
    let shown = path.display();
    let text =
        std::fs::read_to_string(path).map_err(|error| Failure::usage(format!("config file {shown}: {error}")))?;
    let table: Table = text.parse().map_err(|error| Failure::usage(complaint(path, &text, &error)))?;
    let mut flat = Vec::new();
    flatten("", table, &mut flat);
    flat.into_iter().map(|(key, value)| given(path, &key, value)).collect()
}

/// `[socket] ping_interval` becomes `socket.ping_interval`.
fn flatten(prefix: &str, table: Table, flat: &mut Vec<(String, Toml)>) {
    for (name, value) in table {
        let key = format!("{prefix}{name}");
        match value {
            Toml::Table(inner) => flatten(&format!("{key}."), inner, flat),
            value => flat.push((key, value)),
        }
    }
}

fn given(path: &Path, key: &str, value: Toml) -> Result<Given, Failure> {
    let row = row(key).ok_or_else(|| {
        let suggestion = near::suggestion(key, ROWS.iter().map(|row| row.key.to_owned()));
        Failure::usage(format!("{}: unknown key \"{key}\"{suggestion}", path.display()))
    })?;
    Ok(Given { key: row.key, source: Source::File(path.to_owned()), value: Value::from(value) })
}

fn row(key: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.key == key)
}

/// toml's own text is a drawing of several lines.
fn complaint(path: &Path, text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    format!("config file {} line {line}: {}", path.display(), error.message())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<Given>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roomgate.toml");
        std::fs::write(&path, text).unwrap();
        let prefix = format!("{}/", folder.path().display());
        read(&path).map_err(|failure| failure.to_string().replace(&prefix, ""))
    }

    #[test]
    fn sections_become_dotted_keys_and_types_are_kept() {
        let all = read_text(
            "listen = \"127.0.0.1:1\"\nmemory = true\n\
             [socket]\nping_timeout = 7\nallowed_origins = [\"https://a\"]\n",
        );
        let mut pairs: Vec<_> = all.unwrap().into_iter().map(|given| (given.key, given.value)).collect();
        pairs.sort_by_key(|(key, _)| *key);
        let expected = [
            ("listen", Value::Text("127.0.0.1:1".into())),
            ("memory", Value::Switch(true)),
            ("socket.allowed_origins", Value::List(vec!["https://a".into()])),
            ("socket.ping_timeout", Value::Number(7)),
        ];
        assert_eq!(pairs, expected);
    }

    #[test]
    fn an_unknown_key_is_an_error_with_the_near_one() {
        assert_eq!(
            read_text("[sokcet]\nping_interval = \"1s\"").unwrap_err(),
            "roomgate.toml: unknown key \"sokcet.ping_interval\", did you mean \"socket.ping_interval\"?"
        );
        assert_eq!(read_text("kafka = 1").unwrap_err(), "roomgate.toml: unknown key \"kafka\"");
    }

    #[test]
    fn what_is_no_toml_is_named_with_its_line() {
        let complaint = read_text("memory = true\nlisten = \n").unwrap_err();
        assert!(complaint.starts_with("config file roomgate.toml line 2: "), "{complaint}");
        assert!(!complaint.contains('\n'));
        assert!(read(Path::new("/nowhere.toml")).unwrap_err().to_string().starts_with("config file /nowhere.toml: "));
    }
}
