//! One call of the walk: by which door, what, and with which parameters. The model reads it as it is meant; on the wire one of its
//! parameters may be spoilt.

use std::fmt;

use serde_json::{Map, Value};

/// By which door a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The application server's.
    Server,
    /// The socket in this slot.
    Socket(usize),
}

#[derive(Debug, Clone)]
pub struct Call {
    pub door: Door,
    /// Such as `chatroom/create`; what only sockets do begins with `@`.
    pub action: &'static str,
    pub params: Map<String, Value>,
    /// A parameter as it is sent instead; null where it is left out. Such a call must never be done.
    pub spoilt: Option<(String, Value)>,
}

impl Call {
    pub fn new<const N: usize>(door: Door, action: &'static str, params: [(&str, Value); N]) -> Call {
        let given = params.into_iter().filter(|(_, value)| !value.is_null());
        let params = given.map(|(name, value)| (name.to_owned(), value)).collect();
        Call { door, action, params, spoilt: None }
    }

    pub fn server<const N: usize>(action: &'static str, params: [(&str, Value); N]) -> Call {
        Call::new(Door::Server, action, params)
    }

    pub fn has(&self, name: &str) -> bool {
        self.params.contains_key(name)
    }

    pub fn text(&self, name: &str) -> &str {
        self.params.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// An account: they are the same in upper and lower case.
    pub fn accid(&self, name: &str) -> String {
        self.text(name).to_lowercase()
    }

    pub fn accids(&self, name: &str) -> Vec<String> {
        self.list(name).iter().filter_map(Value::as_str).map(str::to_lowercase).collect()
    }

    pub fn list(&self, name: &str) -> &[Value] {
        self.params.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    pub fn int(&self, name: &str) -> i64 {
        self.params.get(name).and_then(Value::as_i64).unwrap_or(0)
    }

    pub fn flag(&self, name: &str, default: bool) -> bool {
        self.params.get(name).and_then(Value::as_bool).unwrap_or(default)
    }

    pub fn room(&self) -> u64 {
        let id = self.params.get("roomid").or_else(|| self.params.get("roomId"));
        id.and_then(Value::as_u64).unwrap_or(0)
    }

    /// The parameters as they are sent.
    pub fn sent(&self) -> Map<String, Value> {
        let mut sent = self.params.clone();
        if let Some((name, value)) = &self.spoilt {
            sent.remove(name);
            if !value.is_null() {
                sent.insert(name.clone(), value.clone());
            }
        }
        sent
    }

    /// The same as a form carries them: all text.
    pub fn form(&self) -> Vec<(String, String)> {
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        self.sent().into_iter().map(|(name, value)| (name, text(value))).collect()
    }

    /// The verb that a socket knows it by.
    pub fn verb(&self) -> &'static str {
        self.action.trim_start_matches('@').rsplit('/').next().unwrap_or_default()
    }

    /// The same batch with its first messages only: how far a call may have come that was cut off.
    pub fn shortened(&self, messages: usize) -> Call {
        let mut call = self.clone();
        if let Some(Value::Array(list)) = call.params.get_mut("msgList") {
            list.truncate(messages);
        }
        call
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.door {
            Door::Server => write!(f, "server ")?,
            Door::Socket(slot) => write!(f, "socket {slot} ")?,
        }
        let text = Value::Object(self.sent()).to_string();
        let short: String = text.chars().take(400).collect();
        write!(f, "{} {short}{}", self.action, if self.spoilt.is_some() { " (spoilt)" } else { "" })
    }
}
