//! A value as somebody gave it, before any rule: what it is, for which option, and where it came from.

use roomgate::base::Invalid;

/// What was given. Numbers and switches are texts too, as they are on the command line and in the environment.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    List(Vec<String>),
    /// Nothing that any option takes, as it was written.
    Other(String),
}

/// One value for one option.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    pub(super) key: &'static str,
    /// Where it came from: a flag, a variable, or a line of a file.
    pub(super) source: String,
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

    /// The values, where it is a list or what could be one; a text has commas between them.
    pub(super) fn list(&self) -> Option<Vec<String>> {
        match &self.value {
            Value::Text(text) => Some(text.split(',').map(|item| item.trim().to_owned()).collect()),
            Value::List(list) => Some(list.clone()),
            Value::Other(_) => None,
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

    /// The option and the source, as complaints name them.
    pub(super) fn name(&self) -> String {
        format!("{} from {}", self.key, self.source)
    }
}
