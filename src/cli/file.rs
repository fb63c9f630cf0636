//! The configuration file: TOML whose keys are those of the table of options.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::config::Config;
use super::failure::Failure;
use super::field::Takes;
use super::near;
use super::options::ROWS;
use super::value::{Given, Value};

/// A file as it was read, to find lines in.
struct File<'a> {
    path: &'a Path,
    text: &'a str,
}

/// Reads a file into one value for each option it names.
pub(super) fn read(path: &Path) -> Result<Vec<Given>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("config file {}: {error}", path.display())))?;
    let file = File { path, text: &text };
    // toml's own text is a drawing of several lines.
    let table = DeTable::parse(&text)
        .map_err(|error| file.complaint(error.span().map_or(0, |span| span.start), error.message()))?;
    let mut given = Vec::new();
    file.read("", table.get_ref(), &mut given)?;
    Ok(given)
}

impl File<'_> {
    /// `[socket] ping_interval` becomes `socket.ping_interval`.
    fn read(&self, prefix: &str, table: &DeTable<'_>, given: &mut Vec<Given>) -> Result<(), Failure> {
        for (name, value) in table {
            let key = format!("{prefix}{}", name.get_ref());
            let at = name.span().start;
            match value.get_ref() {
                DeValue::Table(inner) if takes_names(&key) => {
                    given.push(self.given(&key, at, Value::List(self.named(&key, inner)?))?);
                }
                DeValue::Table(inner) => self.read(&format!("{key}."), inner, given)?,
                _ => given.push(self.given(&key, at, self.value(value))?),
            }
        }
        Ok(())
    }

    fn given(&self, key: &str, at: usize, value: Value) -> Result<Given, Failure> {
        let row = ROWS.iter().find(|row| row.key == key).ok_or_else(|| {
            let suggestion = near::suggestion(key, ROWS.iter().map(|row| row.key.to_owned()));
            self.complaint(at, &format!("unknown key \"{key}\"{suggestion}"))
        })?;
        Ok(Given { key: row.key, source: self.place(at), value })
    }

    /// `[webhook.env.NAME]` with its `url` becomes `NAME=URL`.
    fn named(&self, key: &str, table: &DeTable<'_>) -> Result<Vec<String>, Failure> {
        let mut pairs = Vec::new();
        for (name, value) in table {
            let url = match value.get_ref() {
                DeValue::Table(inner) if inner.len() == 1 => inner.get("url"),
                _ => None,
            };
            let url = url.and_then(|url| url.get_ref().as_str()).ok_or_else(|| {
                let what = format!("expected url = \"…\", and nothing else, in [{key}.{}]", name.get_ref());
                self.complaint(name.span().start, &what)
            })?;
            pairs.push(format!("{}={url}", name.get_ref()));
        }
        Ok(pairs)
    }

    fn value(&self, value: &Spanned<DeValue<'_>>) -> Value {
        let single = match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Boolean(switch) => Some(switch.to_string()),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).ok().map(|number| number.to_string())
            }
            _ => None,
        };
        let text = |item: &Spanned<DeValue<'_>>| item.get_ref().as_str().map(str::to_owned);
        let list = || value.get_ref().as_array()?.iter().map(text).collect::<Option<_>>();
        let written = || self.text.get(value.span()).unwrap_or_default().to_owned();
        single.map(Value::Text).or_else(|| list().map(Value::List)).unwrap_or_else(|| Value::Other(written()))
    }

    fn complaint(&self, at: usize, what: &str) -> Failure {
        Failure::usage(format!("config file {}: {what}", self.place(at)))
    }

    /// The file, and the line that a byte of it is in.
    fn place(&self, at: usize) -> String {
        let line = self.text.get(..at).unwrap_or_default().matches('\n').count() + 1;
        format!("{} line {line}", self.path.display())
    }
}

/// Whether an option takes a section for each of its names.
fn takes_names(key: &str) -> bool {
    let row = ROWS.iter().find(|row| row.key == key);
    row.is_some_and(|row| (row.field)(&mut Config::default()).takes() == Takes::Named)
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
    fn sections_become_dotted_keys() {
        let all = read_text(
            "listen = \"127.0.0.1:1\"\nmemory = true\n\
             [socket]\nping_timeout = 7\nallowed_origins = [\"https://a\"]\n",
        );
        let mut pairs: Vec<_> = all.unwrap().into_iter().map(|given| (given.key, given.value)).collect();
        pairs.sort_by_key(|(key, _)| *key);
        let expected = [
            ("listen", Value::Text("127.0.0.1:1".into())),
            ("memory", Value::Text("true".into())),
            ("socket.allowed_origins", Value::List(vec!["https://a".into()])),
            ("socket.ping_timeout", Value::Text("7".into())),
        ];
        assert_eq!(pairs, expected);
    }

    #[test]
    fn names_have_sections_of_their_own() {
        let all = read_text("[webhook]\nurl = \"http://a\"\n[webhook.env.test]\nurl = \"http://b\"\n").unwrap();
        let env = all.iter().find(|given| given.key == "webhook.env").unwrap();
        assert_eq!(env.value, Value::List(vec!["test=http://b".to_owned()]));
        for text in ["[webhook.env.test]\n", "[webhook.env]\ntest = 3\n", "[webhook.env.test]\nurl = \"u\"\nx = 1\n"] {
            let complaint = read_text(text).unwrap_err();
            assert!(
                complaint.ends_with("expected url = \"…\", and nothing else, in [webhook.env.test]"),
                "{complaint}"
            );
        }
    }

    #[test]
    fn an_unknown_key_is_an_error_with_the_near_one() {
        assert_eq!(
            read_text("[sokcet]\nping_interval = \"1s\"").unwrap_err(),
            "config file roomgate.toml line 2: unknown key \"sokcet.ping_interval\", did you mean \"socket.ping_interval\"?"
        );
        assert_eq!(read_text("\nkafka = 1").unwrap_err(), "config file roomgate.toml line 2: unknown key \"kafka\"");
    }

    #[test]
    fn what_is_no_toml_is_named_with_its_line() {
        let complaint = read_text("memory = true\nlisten = \n").unwrap_err();
        assert!(complaint.starts_with("config file roomgate.toml line 2: "), "{complaint}");
        assert!(!complaint.contains('\n'));
        assert!(read(Path::new("/nowhere.toml")).unwrap_err().to_string().starts_with("config file /nowhere.toml: "));
    }
}
