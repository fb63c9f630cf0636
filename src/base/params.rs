//! The parameters of one call, from a form or from a JSON frame, read by name with the same rules and the same complaints.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Accid, Invalid, RoomId, limits, read_json};

/// Named values. A form has text only; a JSON frame has types, and a wrong one is refused.
#[derive(Debug, Clone)]
pub struct Params {
    values: Vec<(String, Value)>,
    typed: bool,
}

impl Params {
    /// Text values, as a form carries them. Of two with the same name the first counts.
    pub fn from_form(pairs: Vec<(String, String)>) -> Params {
        let values = pairs.into_iter().map(|(name, text)| (name, Value::String(text))).collect();
        Params { values, typed: false }
    }

    /// Typed values, as a JSON object carries them.
    pub fn from_json(object: Map<String, Value>) -> Params {
        Params { values: object.into_iter().collect(), typed: true }
    }

    /// The members of an object inside a list, where clients send numbers and booleans in either form.
    pub fn inside(object: &Map<String, Value>) -> Params {
        let plain = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        Params::from_form(object.iter().map(|(name, value)| (name.clone(), plain(value))).collect())
    }

    /// An absent value, an empty text and a JSON null are the same: not given.
    fn given(&self, name: &str) -> Option<&Value> {
        let value = self.values.iter().find(|(key, _)| key == name).map(|(_, value)| value)?;
        match value {
            Value::Null => None,
            Value::String(text) if text.is_empty() => None,
            _ => Some(value),
        }
    }

    /// Whether the values have types, as in a frame, or are all text, as in a form.
    pub fn is_typed(&self) -> bool {
        self.typed
    }

    /// Whether the name is there at all, even with an empty value.
    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(key, _)| key == name)
    }

    /// A text, or `None` where it is not given.
    pub fn text(&self, name: &'static str) -> Result<Option<&str>, Invalid> {
        match self.given(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong(name, "a text", other)),
        }
    }

    /// A text of at most `units` UTF-16 units, or `None`.
    pub fn text_within(&self, name: &'static str, units: usize) -> Result<Option<&str>, Invalid> {
        let text = self.text(name)?;
        text.map_or(Ok(()), |text| within(name, text, units))?;
        Ok(text)
    }

    /// A text that must be there, of at most `units` UTF-16 units.
    pub fn required_text(&self, name: &'static str, units: usize) -> Result<&str, Invalid> {
        self.text_within(name, units)?.ok_or_else(|| Invalid::missing(name, format!("1 to {units} characters")))
    }

    /// A whole number within `range`, or `None`.
    pub fn integer(&self, name: &'static str, range: std::ops::RangeInclusive<i64>) -> Result<Option<i64>, Invalid> {
        let Some(value) = self.given(name) else { return Ok(None) };
        let number = match value {
            Value::String(text) if !self.typed => text.parse().ok(),
            Value::Number(number) => number.as_i64(),
            _ => None,
        };
        match number {
            Some(number) if range.contains(&number) => Ok(Some(number)),
            _ => Err(wrong(name, whole_number(&range), value)),
        }
    }

    /// A flag that is written 0 or 1, in a frame also false or true; `default` where it is not given.
    pub fn flag(&self, name: &'static str, default: bool) -> Result<bool, Invalid> {
        if let Some(Value::Bool(flag)) = self.given(name) {
            return Ok(*flag);
        }
        Ok(self.integer(name, 0..=1)?.map_or(default, |number| number == 1))
    }

    /// A number with or without decimals, or `None`.
    pub fn number(&self, name: &'static str) -> Result<Option<f64>, Invalid> {
        let Some(value) = self.given(name) else { return Ok(None) };
        let number = match value {
            Value::String(text) if !self.typed => text.parse().ok(),
            other => other.as_f64(),
        };
        number.filter(|number: &f64| number.is_finite()).map(Some).ok_or_else(|| wrong(name, "a number", value))
    }

    /// `true`, `false`, `1` or `0`; `default` where it is not given.
    pub fn boolean(&self, name: &'static str, default: bool) -> Result<bool, Invalid> {
        let Some(value) = self.given(name) else { return Ok(default) };
        match value {
            Value::Bool(flag) => Ok(*flag),
            Value::String(text) if !self.typed => match text.as_str() {
                "1" => Ok(true),
                "0" => Ok(false),
                text if text.eq_ignore_ascii_case("true") => Ok(true),
                text if text.eq_ignore_ascii_case("false") => Ok(false),
                _ => Err(wrong(name, "true or false", value)),
            },
            other => Err(wrong(name, "true or false", other)),
        }
    }

    /// A list: JSON text in a form, a JSON array in a frame; `None` where it is not given.
    pub fn list(&self, name: &'static str) -> Result<Option<Cow<'_, [Value]>>, Invalid> {
        match self.given(name) {
            None => Ok(None),
            Some(Value::Array(items)) => Ok(Some(Cow::Borrowed(items))),
            Some(value @ Value::String(text)) if !self.typed => match read_json(text) {
                Ok(Value::Array(items)) => Ok(Some(Cow::Owned(items))),
                _ => Err(wrong(name, "a JSON array", value)),
            },
            Some(other) => Err(wrong(name, "a JSON array", other)),
        }
    }

    /// A JSON object as text of at most `units`, checked to be one; `None` where it is not given.
    pub fn object_text(&self, name: &'static str, units: usize) -> Result<Option<String>, Invalid> {
        if let Some(value @ Value::Object(_)) = self.given(name) {
            let text = value.to_string();
            within(name, &text, units)?;
            return Ok(Some(text));
        }
        let Some(text) = self.text_within(name, units)? else { return Ok(None) };
        match read_json(text) {
            Ok(Value::Object(_)) => Ok(Some(text.to_owned())),
            _ => Err(Invalid::value(name, "a JSON object", text)),
        }
    }

    /// A JSON object: JSON text in a form, an object in a frame; `None` where it is not given.
    pub fn object(&self, name: &'static str) -> Result<Option<Cow<'_, Map<String, Value>>>, Invalid> {
        match self.given(name) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(Cow::Borrowed(object))),
            Some(value @ Value::String(text)) if !self.typed => match read_json(text) {
                Ok(Value::Object(object)) => Ok(Some(Cow::Owned(object))),
                _ => Err(wrong(name, "a JSON object", value)),
            },
            Some(other) => Err(wrong(name, "a JSON object", other)),
        }
    }

    /// The account in `name`, which must be there.
    pub fn accid(&self, name: &'static str) -> Result<Accid, Invalid> {
        Accid::parse(name, self.text(name)?.unwrap_or_default())
    }

    /// The accounts listed in `name`, at most `most`, each once and in the order given. Numbers count as their digits.
    pub fn accids(&self, name: &'static str, most: usize) -> Result<Option<Vec<Accid>>, Invalid> {
        if let Some(texts) = self.plain_texts(name) {
            return distinct(name, most, texts.into_iter().map(|text| Accid::parse(name, text))).map(Some);
        }
        let Some(items) = self.list(name)? else { return Ok(None) };
        let read = |item: &Value| match item {
            Value::String(text) => Accid::parse(name, text),
            Value::Number(number) => Accid::parse(name, &number.to_string()),
            other => Err(wrong(name, "accounts as strings or numbers", other)),
        };
        distinct(name, most, items.iter().map(read)).map(Some)
    }

    /// A form's list of texts without escapes, as nearly all are, needs no copies of them. `None` where it is not that.
    fn plain_texts(&self, name: &str) -> Option<Vec<&str>> {
        match self.given(name) {
            Some(Value::String(text)) if !self.typed => serde_json::from_str(text).ok(),
            _ => None,
        }
    }

    /// The room in `name`, which must be there; a JSON string or number on the socket.
    pub fn room(&self, name: &'static str) -> Result<RoomId, Invalid> {
        match self.given(name) {
            Some(Value::Number(number)) => RoomId::parse(name, &number.to_string()),
            Some(Value::String(text)) => RoomId::parse(name, text),
            Some(other) => Err(wrong(name, "a room id", other)),
            None => RoomId::parse(name, ""),
        }
    }

    /// A member's nick, or `None`.
    pub fn nick(&self, name: &'static str) -> Result<Option<&str>, Invalid> {
        self.text_within(name, limits::NICK_UNITS)
    }
}

/// At most `most` accounts, each once and in the order given.
fn distinct(
    name: &'static str,
    most: usize,
    accids: impl ExactSizeIterator<Item = Result<Accid, Invalid>>,
) -> Result<Vec<Accid>, Invalid> {
    let came = accids.len();
    if came > most {
        return Err(Invalid::new(name, format!("at most {most} accounts"), format!("{came} accounts")));
    }
    if came == 1 {
        return accids.collect();
    }
    let mut seen = HashSet::with_capacity(came);
    let mut distinct = Vec::with_capacity(came);
    for accid in accids {
        let accid = accid?;
        if seen.insert(accid.clone()) {
            distinct.push(accid);
        }
    }
    Ok(distinct)
}

fn whole_number(range: &std::ops::RangeInclusive<i64>) -> String {
    match (*range.start(), *range.end()) {
        (i64::MIN, i64::MAX) => "a whole number".into(),
        (start, i64::MAX) => format!("a whole number from {start}"),
        (start, end) => format!("a whole number from {start} to {end}"),
    }
}

/// The complaint about a JSON value; a text is shown without its JSON quotes and escapes.
pub(crate) fn wrong(name: &'static str, rule: impl Into<Cow<'static, str>>, came: &Value) -> Invalid {
    match came {
        Value::String(text) => Invalid::value(name, rule, text),
        other => Invalid::value(name, rule, &other.to_string()),
    }
}

/// Whether a text has at most `units` UTF-16 units.
fn within(name: &'static str, text: &str, units: usize) -> Result<(), Invalid> {
    let came = if text.len() <= units { 0 } else { text.encode_utf16().count() };
    match came > units {
        true => Err(Invalid::new(name, format!("at most {units} characters"), format!("{came} characters"))),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(name: &str, value: &str) -> Params {
        Params::from_form(vec![(name.to_owned(), value.to_owned())])
    }

    fn json(text: &str) -> Params {
        let Ok(Value::Object(object)) = serde_json::from_str(text) else { panic!("not an object: {text}") };
        Params::from_json(object)
    }

    #[test]
    fn empty_means_absent() {
        let params = form("route", "");
        assert!(params.flag("route", true).unwrap());
        assert_eq!(params.text("route").unwrap(), None);
        assert!(params.has("route"));
    }

    #[test]
    fn booleans_in_four_spellings() {
        for (text, value) in [("true", true), ("FALSE", false), ("1", true), ("0", false)] {
            assert_eq!(form("high", text).boolean("high", !value).unwrap(), value);
        }
        let complaint = form("high", "yes").boolean("high", false).unwrap_err().to_string();
        assert_eq!(complaint, "high: expected true or false, got \"yes\"");
    }

    #[test]
    fn lists_of_strings_or_numbers_with_or_without_blanks() {
        for text in [r#"["a","2"]"#, r#"[ "a", 2 ]"#, r#"["A",2,"a"]"#, r#"["A","2","a"]"#, r#"["\u0061","2"]"#] {
            let accids = form("toAccids", text).accids("toAccids", 100).unwrap().unwrap();
            assert_eq!(accids.iter().map(Accid::as_str).collect::<Vec<_>>(), ["a", "2"]);
        }
    }

    #[test]
    fn text_is_counted_in_utf16_units() {
        assert!(form("ext", &"😀".repeat(2)).text_within("ext", 4).is_ok());
        assert!(form("ext", &"😀".repeat(3)).text_within("ext", 4).is_err());
        assert!(form("ext", &"语".repeat(4)).text_within("ext", 4).is_ok());
    }

    #[test]
    fn a_frame_has_types_and_a_form_has_none() {
        assert!(json(r#"{"highPriority":"true"}"#).boolean("highPriority", false).is_err());
        assert!(json(r#"{"msgType":"0"}"#).integer("msgType", 0..=9).is_err());
        assert!(json(r#"{"toAccids":"[\"a\"]"}"#).list("toAccids").is_err());
        assert_eq!(json(r#"{"roomid":"7"}"#).room("roomid").unwrap(), json(r#"{"roomid":7}"#).room("roomid").unwrap());
    }

    proptest! {
        #[test]
        fn no_value_makes_a_reader_panic(text in "\\PC{0,80}") {
            let params = form("p", &text);
            let _ = params.text_within("p", 10);
            let _ = params.integer("p", 0..=5);
            let _ = params.number("p");
            let _ = params.boolean("p", true);
            let _ = params.accids("p", 3);
            let _ = params.room("p");
            let _ = params.object_text("p", 20);
        }
    }
}
