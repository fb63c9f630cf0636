//! One object of an answer: to be printed as it came, or read by name. Reads as generously as the API's many dialects ask
//! for, and knows no name by heart.

use std::collections::HashMap;

use serde_json::Value;
use serde_json::value::RawValue;

use super::cell;
use super::failure::Failure;

/// A JSON object, with the text it came as.
#[derive(Debug)]
pub(super) struct Record {
    json: String,
    value: Value,
}

impl Record {
    /// Reads an object.
    pub(super) fn read(json: &str) -> Result<Record, Failure> {
        let value = serde_json::from_str(json).map_err(|why| unreadable(&why.to_string()))?;
        Ok(Record { json: harmless(json.trim()), value })
    }

    /// The text it came as, on one line, with nothing in it that a terminal obeys.
    pub(super) fn json(&self) -> &str {
        &self.json
    }

    /// A member as text; empty where it is missing or null.
    pub(super) fn text(&self, name: &str) -> String {
        text(&self.value[name])
    }

    /// A member that is a number, or a text that is one.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.text(name).parse().ok()
    }

    /// Whether a member is true, however that is written.
    pub(super) fn is(&self, name: &str) -> bool {
        matches!(self.text(name).as_str(), "true" | "1")
    }

    /// Whether a member says anything.
    pub(super) fn has(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// A member that is a list of texts or numbers, or a single one.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        match &self.value[name] {
            Value::Array(items) => items.iter().map(text).collect(),
            Value::Null => Vec::new(),
            one => vec![text(one)],
        }
    }

    /// The names of a member that is an object.
    pub(super) fn names(&self, name: &str) -> Vec<String> {
        self.value[name].as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
    }

    /// A member that is an object.
    pub(super) fn inner(&self, name: &str) -> Result<Record, Failure> {
        self.raw(name).ok_or_else(|| missing(name)).and_then(|raw| Record::read(raw.get()))
    }

    /// A member that is a list of objects.
    pub(super) fn list(&self, name: &str) -> Result<Vec<Record>, Failure> {
        let raw = self.raw(name).ok_or_else(|| missing(name))?;
        let items: Vec<&RawValue> = serde_json::from_str(raw.get()).map_err(|why| unreadable(&why.to_string()))?;
        items.into_iter().map(|item| Record::read(item.get())).collect()
    }

    fn raw(&self, name: &str) -> Option<&RawValue> {
        let members: HashMap<String, &RawValue> = serde_json::from_str(&self.json).ok()?;
        members.get(name).copied()
    }
}

/// The same JSON. A line break or tab in it is never part of a value; every other control character is, and has an escape.
fn harmless(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for char in json.chars() {
        match char {
            '\n' | '\r' | '\t' => {}
            char if cell::is_obeyed(char) => text += &format!("\\u{:04x}", u32::from(char)),
            char => text.push(char),
        }
    }
    text
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn missing(name: &str) -> Failure {
    unreadable(&format!("it has no {name}"))
}

fn unreadable(why: &str) -> Failure {
    Failure::run(format!("the answer can't be read: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_read_in_every_form_that_a_service_may_give_it() {
        let record = Record::read(r#"{"a":7,"b":"7","c":true,"d":"true","e":1,"f":null,"g":[1,"2"]}"#).unwrap();
        assert_eq!((record.number("a"), record.number("b"), record.number("c")), (Some(7), Some(7), None));
        assert!(record.is("c") && record.is("d") && record.is("e") && !record.is("a") && !record.is("none"));
        assert!(record.has("a") && !record.has("f") && !record.has("none"));
        assert_eq!((record.texts("g"), record.texts("b")), (vec!["1".into(), "2".into()], vec!["7".into()]));
        assert!(record.texts("f").is_empty());
    }

    #[test]
    fn what_is_inside_keeps_its_own_text_on_one_line() {
        let record = Record::read("{\"desc\": {\"data\":\n [{\"z\":1,\n \"a\": 1.50}, {}]}}\n").unwrap();
        let data = record.inner("desc").unwrap().list("data").unwrap();
        assert_eq!(data.iter().map(Record::json).collect::<Vec<_>>(), ["{\"z\":1, \"a\": 1.50}", "{}"]);
        assert_eq!(record.inner("no").unwrap_err().to_string(), "the answer can't be read: it has no no");
    }

    #[test]
    fn what_a_terminal_would_obey_is_the_same_value_escaped() {
        let json = "{\"nick\":\"a\u{9b}2J\u{7f}\u{202e}\u{5f20}\"}";
        let record = Record::read(json).unwrap();
        assert_eq!(record.json(), r#"{"nick":"a\u009b2J\u007f\u202e张"}"#);
        assert_eq!(Record::read(record.json()).unwrap().text("nick"), record.text("nick"));
    }
}
