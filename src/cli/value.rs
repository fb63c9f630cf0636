//! A value as somebody gave it, before any rule: what it is, for which option, and where it came from.

use std::fmt;
use std::path::PathBuf;

use roomgate::base::Invalid;

/// What was given. Numbers and switches are texts too, as they are on the command line and in the environment.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    List(Vec<String>),
    /// Nothing that any option takes, as it was written.
    Other(String),
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Source {
    Flag(String),
    Environment(String),
    /// The file and the line.
    File(PathBuf, usize),
}

/// One value for one option.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    pub(super) key: &'static str,
    pub(super) source: Source,
    pub(super) value: Value,
}

impl Given {
    /// The value, where it is a single one.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::List(_) | Value::Other(_) => None,
        }
    }

    /// The complaint that this value breaks `rule`.
    pub(super) fn breaks(&self, rule: impl Into<String>) -> Invalid {
        match &self.value {
            Value::Text(text) => Invalid::value(self.name(), rule.into(), text),
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
            Source::File(path, line) => write!(f, "{} line {line}", path.display()),
        }
    }
}
