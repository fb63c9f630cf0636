//! A value as somebody gave it, before any rule: what it is, for which option, and where it came from.

use std::fmt;
use std::path::PathBuf;

use roomgate::base::Invalid;

/// A value of the command line and the environment is a text; the file has types of its own.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    Number(i64),
    Switch(bool),
    List(Vec<String>),
    /// Nothing that any option takes, as its text.
    Other(String),
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Source {
    Flag(String),
    Environment(String),
    File(PathBuf),
}

/// One value for one option.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    pub(super) key: &'static str,
    pub(super) source: Source,
    pub(super) value: Value,
}

impl From<toml::Value> for Value {
    fn from(value: toml::Value) -> Value {
        match value {
            toml::Value::String(text) => Value::Text(text),
            toml::Value::Integer(number) => Value::Number(number),
            toml::Value::Boolean(switch) => Value::Switch(switch),
            toml::Value::Array(values) if values.iter().all(toml::Value::is_str) => {
                Value::List(values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect())
            }
            other => Value::Other(other.to_string()),
        }
    }
}

impl Given {
    /// The complaint that this value breaks `rule`.
    pub(super) fn breaks(&self, rule: impl Into<String>) -> Invalid {
        match &self.value {
            Value::Text(text) => Invalid::value(self.name(), rule.into(), text),
            Value::Number(number) => Invalid::new(self.name(), rule.into(), number.to_string()),
            Value::Switch(switch) => Invalid::new(self.name(), rule.into(), switch.to_string()),
            Value::List(list) => Invalid::new(self.name(), rule.into(), format!("{list:?}")),
            Value::Other(text) => Invalid::new(self.name(), rule.into(), text.clone()),
        }
    }

    /// The same complaint about a value that nobody should read over a shoulder.
    pub(super) fn breaks_unquoted(&self, rule: &'static str) -> Invalid {
        Invalid::new(self.name(), rule, "something else (not shown, it is a secret)")
    }

    fn name(&self) -> String {
        format!("{} from {}", self.key, self.source)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Flag(name) | Source::Environment(name) => f.write_str(name),
            Source::File(path) => path.display().fmt(f),
        }
    }
}
