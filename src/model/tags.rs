//! Tags: words that members carry, so that a message can be for some of them (section 5.5). Knows no expressions.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::base::params::wrong;
use crate::base::{Invalid, Params, json, limits};

/// One tag: any text of 1 to 32 UTF-16 units, compared exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Tag(Box<str>);

impl Tag {
    /// Reads a tag from the text of `parameter`.
    pub fn parse(parameter: &'static str, text: &str) -> Result<Tag, Invalid> {
        let rule = || format!("a tag of 1 to {} characters", limits::TAG_UNITS);
        match text.encode_utf16().count() {
            0 => Err(Invalid::missing(parameter, rule())),
            1..=limits::TAG_UNITS => Ok(Tag(text.into())),
            _ => Err(Invalid::value(parameter, rule(), text)),
        }
    }

    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// At most 20 different tags, in the order they were given. Clones share them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Tags(Arc<[Tag]>);

impl Tags {
    /// Reads the list in `name`, or `None` where it is not given; an empty list is given and has no tags. A repeated tag counts once, and
    /// a number as its digits, as in every list of the server API (section 15).
    pub fn read(params: &Params, name: &'static str) -> Result<Option<Tags>, Invalid> {
        let Some(items) = params.list(name)? else { return Ok(None) };
        let mut tags: Vec<Tag> = Vec::new();
        for item in items.iter() {
            let tag = read_item(name, item)?;
            if tags.contains(&tag) {
                continue;
            }
            if tags.len() == limits::TAGS {
                let rule = format!("at most {} different tags", limits::TAGS);
                return Err(Invalid::new(name, rule, format!("a list of {}", items.len())));
            }
            tags.push(tag);
        }
        Ok(Some(Tags(tags.into())))
    }

    /// Whether this tag is among them.
    pub fn contains(&self, tag: &str) -> bool {
        self.0.iter().any(|own| own.as_str() == tag)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Tag> {
        self.0.iter()
    }

    /// The JSON array as text, as a member object shows it: `["a","b"]`.
    pub fn as_json_text(&self) -> String {
        json(self)
    }
}

fn read_item(name: &'static str, item: &Value) -> Result<Tag, Invalid> {
    match item {
        Value::String(text) => Tag::parse(name, text),
        Value::Number(number) => Tag::parse(name, &number.to_string()),
        other => Err(wrong(name, "tags as strings", other)),
    }
}

#[cfg(test)]
impl Tags {
    /// Tags for tests, which know their rules.
    pub(super) fn of(texts: &[&str]) -> Tags {
        let list = vec![("tags".to_owned(), json(&texts))];
        Tags::read(&Params::from_form(list), "tags").unwrap().unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Option<Tags>, Invalid> {
        Tags::read(&Params::from_form(vec![("tags".to_owned(), text.to_owned())]), "tags")
    }

    fn complaint(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn a_form_and_a_frame_say_the_same() {
        let Ok(Value::Object(frame)) = serde_json::from_str(r#"{"tags":["a","b","a",7]}"#) else { panic!() };
        let framed = Tags::read(&Params::from_json(frame), "tags").unwrap().unwrap();
        assert_eq!(read(r#"[ "a", "b", "a", 7 ]"#).unwrap().unwrap(), framed);
        assert_eq!(framed.as_json_text(), r#"["a","b","7"]"#);
    }

    #[test]
    fn contains_compares_exactly() {
        let tags = Tags::of(&["a", "组 1"]);
        assert!(tags.contains("a") && tags.contains("组 1"));
        assert!(!tags.contains("A") && !tags.contains("") && !tags.contains("组"));
    }

    #[test]
    fn no_list_is_not_an_empty_list() {
        assert_eq!(read("").unwrap(), None);
        assert!(read("[]").unwrap().unwrap().is_empty());
        assert_eq!(Tags::default().as_json_text(), "[]");
    }

    #[test]
    fn a_tag_is_counted_in_utf16_units() {
        assert!(Tag::parse("tag", &"😀".repeat(16)).is_ok());
        assert!(Tag::parse("tag", &"😀".repeat(17)).is_err());
        assert_eq!(
            Tag::parse("tag", "").unwrap_err().to_string(),
            "tag: expected a tag of 1 to 32 characters, got nothing"
        );
    }

    #[test]
    fn twenty_different_tags_fit() {
        let twenty: Vec<String> = (0..20).map(|number| number.to_string()).collect();
        let twice = [&twenty[..], &twenty[..]].concat();
        assert_eq!(read(&json(&twice)).unwrap().unwrap().iter().count(), 20);
        let more = [&twice[..], &["20".to_owned()]].concat();
        assert_eq!(complaint(&json(&more)), "tags: expected at most 20 different tags, got a list of 41");
    }

    #[test]
    fn bad_lists_are_refused() {
        assert_eq!(complaint("a,b"), r#"tags: expected a JSON array, got "a,b""#);
        assert_eq!(complaint(r#"[["a"]]"#), r#"tags: expected tags as strings, got "[\"a\"]""#);
        assert_eq!(complaint(r#"["a",""]"#), "tags: expected a tag of 1 to 32 characters, got nothing");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}|\\[[\"a,1\\\\u{}]{0,30}\\]") {
            if let Ok(Some(tags)) = read(&text) {
                prop_assert_eq!(read(&tags.as_json_text()).unwrap().unwrap(), tags);
            }
        }
    }
}
