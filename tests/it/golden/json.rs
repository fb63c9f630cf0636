//! JSON that keeps the order of its members, and is written so that a person can read it.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// What is longer is broken into lines.
const WIDTH: usize = 110;

#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// Null, a boolean, a number or a text.
    Plain(Value),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub fn read(text: &str) -> Result<Json, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The member of this name; of a list's objects the first that has it.
    pub fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.iter().find_map(|(known, value)| (known == name).then_some(value)),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Json::Plain(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The names of an object's members.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Json::Object(members) => members.iter().map(|(name, _)| name.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// Without a space, as it goes over a socket.
    pub fn compact(&self) -> String {
        serde_json::to_string(self).expect("it has a JSON form")
    }

    /// In lines that are indented by so many spaces, but for the first. What fits into one line stays in one.
    pub fn pretty(&self, indent: usize) -> String {
        let line = self.line();
        let parts = match self {
            _ if indent + line.len() <= WIDTH => return line,
            Json::Plain(_) => return line,
            Json::List(items) => items.iter().map(|item| item.pretty(indent + 2)).collect(),
            Json::Object(members) => members
                .iter()
                .map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), value.pretty(indent + 2)))
                .collect::<Vec<_>>(),
        };
        let (open, close) = if matches!(self, Json::List(_)) { ('[', ']') } else { ('{', '}') };
        let (inner, outer) = (" ".repeat(indent + 2), " ".repeat(indent));
        format!("{open}\n{inner}{}\n{outer}{close}", parts.join(&format!(",\n{inner}")))
    }

    fn line(&self) -> String {
        match self {
            Json::Plain(value) => value.to_string(),
            Json::List(items) => format!("[{}]", items.iter().map(Json::line).collect::<Vec<_>>().join(", ")),
            Json::Object(members) => {
                let member =
                    |(name, value): &(String, Json)| format!("{}: {}", Value::from(name.as_str()), value.line());
                format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Plain(value) => value.serialize(serializer),
            Json::List(items) => serializer.collect_seq(items),
            Json::Object(members) => {
                let mut object = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    object.serialize_entry(name, value)?;
                }
                object.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(AnyJson)
    }
}

struct AnyJson;

impl<'de> Visitor<'de> for AnyJson {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Plain(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Plain(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Plain(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Plain(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Plain(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Plain(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = object.next_entry()? {
            members.push(member);
        }
        Ok(Json::Object(members))
    }
}
