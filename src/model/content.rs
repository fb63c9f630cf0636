//! Message content: what `attach` must hold for each message type (section 8.1). Knows no sizes; those are checked as it is read.

use serde_json::{Map, Value};

use crate::base::params::wrong;
use crate::base::{Invalid, read_json};

use super::MsgType;

/// A member that a content object should have.
type Part = (&'static str, Rule);

/// What a part must be.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Rule {
    /// A text that says something.
    Address,
    /// Any text, also an empty one.
    Text,
    /// The same, or nothing.
    OptionalText,
    /// A whole number that is not negative.
    Count,
    /// An angle of so many degrees at the most, either way.
    Degrees(u8),
}

const URL: Part = ("url", Rule::Address);
const EXT: Part = ("ext", Rule::Text);
const SIZE: Part = ("size", Rule::Count);
const MD5: Part = ("md5", Rule::Text);
const NAME: Part = ("name", Rule::OptionalText);
const WIDTH: Part = ("w", Rule::Count);
const HEIGHT: Part = ("h", Rule::Count);
const DURATION: Part = ("dur", Rule::Count);
const TITLE: Part = ("title", Rule::OptionalText);
const LONGITUDE: Part = ("lng", Rule::Degrees(180));
const LATITUDE: Part = ("lat", Rule::Degrees(90));

/// Checks the content of a message of type `kind`. Further members are the application's own and pass unseen.
pub fn check(kind: MsgType, attach: &str) -> Result<(), Invalid> {
    let parts = parts(kind);
    if parts.is_empty() {
        return Ok(());
    }
    let object = read_object(attach, parts)?;
    for &(name, rule) in parts {
        rule.check(name, object.get(name)).map_err(|invalid| invalid.inside("attach"))?;
    }
    Ok(())
}

/// Nothing is asked of what is plain text, the application's own, or made by the gateway itself.
fn parts(kind: MsgType) -> &'static [Part] {
    match kind {
        MsgType::Text | MsgType::Tip | MsgType::Custom | MsgType::Notification => &[],
        MsgType::Image => &[URL, EXT, SIZE, MD5, WIDTH, HEIGHT],
        MsgType::Audio => &[URL, EXT, SIZE, MD5, DURATION],
        MsgType::Video => &[URL, EXT, SIZE, MD5, DURATION, WIDTH, HEIGHT],
        MsgType::Location => &[TITLE, LONGITUDE, LATITUDE],
        MsgType::File => &[URL, EXT, SIZE, MD5, NAME],
    }
}

fn read_object(attach: &str, parts: &[Part]) -> Result<Map<String, Value>, Invalid> {
    let required = parts.iter().filter(|(_, rule)| *rule != Rule::OptionalText);
    let rule = || format!("a JSON object with {}", required.map(|(name, _)| *name).collect::<Vec<_>>().join(", "));
    match read_json(attach) {
        Ok(Value::Object(object)) => Ok(object),
        _ if attach.is_empty() => Err(Invalid::missing("attach", rule())),
        _ => Err(Invalid::value("attach", rule(), attach)),
    }
}

impl Rule {
    /// An absent value and a JSON null are the same, as everywhere.
    fn check(self, name: &'static str, value: Option<&Value>) -> Result<(), Invalid> {
        match value {
            None | Some(Value::Null) if self == Rule::OptionalText => Ok(()),
            None | Some(Value::Null) => Err(Invalid::missing(name, self.words())),
            Some(value) if self.holds(value) => Ok(()),
            Some(other) => Err(wrong(name, self.words(), other)),
        }
    }

    fn holds(self, value: &Value) -> bool {
        match self {
            Rule::Address => value.as_str().is_some_and(|text| !text.is_empty()),
            Rule::Text | Rule::OptionalText => value.is_string(),
            // Where every number has decimals, as in Dart, a whole one is written 360.0.
            Rule::Count => value.as_f64().is_some_and(|number| number >= 0.0 && number.fract() == 0.0),
            Rule::Degrees(most) => value.as_f64().is_some_and(|number| number.abs() <= f64::from(most)),
        }
    }

    fn words(self) -> String {
        match self {
            Rule::Address => "a text that is not empty".into(),
            Rule::Text | Rule::OptionalText => "a text".into(),
            Rule::Count => "a whole number from 0".into(),
            Rule::Degrees(most) => format!("a number from -{most} to {most}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The examples of section 8.1.
    const GOOD: [(MsgType, &str); 5] = [
        (MsgType::Image, r#"{"name":"","md5":"","url":"u","ext":"jpg","w":6814,"h":2332,"size":388245}"#),
        (MsgType::Audio, r#"{"dur":4551,"md5":"","url":"u","ext":"aac","size":16420}"#),
        (MsgType::Video, r#"{"dur":8003,"md5":"","url":"u","w":360,"h":480,"ext":"mp4","size":16420}"#),
        (MsgType::Location, r#"{"title":"","lng":116.3,"lat":39.9}"#),
        (MsgType::File, r#"{"name":"","md5":"","url":"u","ext":"","size":0}"#),
    ];

    fn object(text: &str) -> Map<String, Value> {
        serde_json::from_str(text).unwrap()
    }

    fn complaint(kind: MsgType, attach: &str) -> String {
        check(kind, attach).unwrap_err().to_string()
    }

    #[test]
    fn the_documented_contents_pass() {
        for (kind, attach) in GOOD {
            assert_eq!(check(kind, attach), Ok(()));
        }
    }

    #[test]
    fn plain_and_custom_contents_are_free() {
        for kind in [MsgType::Text, MsgType::Tip, MsgType::Custom] {
            for attach in ["", "hi", "{", "[1]", r#"{"url":1}"#] {
                assert_eq!(check(kind, attach), Ok(()));
            }
        }
    }

    #[test]
    fn every_missing_part_is_named() {
        for (kind, attach) in GOOD {
            for &(name, rule) in parts(kind) {
                for gone in [None, Some(Value::Null)] {
                    let mut content = object(attach);
                    content.remove(name);
                    content.extend(gone.map(|null| (name.to_owned(), null)));
                    let complaint = check(kind, &Value::Object(content).to_string()).err().map(|bad| bad.to_string());
                    let named = complaint.as_ref().is_some_and(|text| text.starts_with(&format!("attach.{name}: ")));
                    assert_eq!(named, rule != Rule::OptionalText, "{kind:?} without {name}: {complaint:?}");
                    assert_eq!(named, complaint.is_some(), "{kind:?} without {name}: {complaint:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_object_is_named_as_a_whole() {
        assert_eq!(
            complaint(MsgType::Audio, ""),
            "attach: expected a JSON object with url, ext, size, md5, dur, got nothing"
        );
        assert_eq!(complaint(MsgType::Location, "[1]"), r#"attach: expected a JSON object with lng, lat, got "[1]""#);
        let deep = "[".repeat(4096);
        for text in ["hi", "null", "\"{}\"", "{", "{} {}", &deep] {
            assert!(complaint(MsgType::File, text).starts_with("attach: "), "{text}");
        }
    }

    #[test]
    fn wrong_values_are_named_with_what_came() {
        for (kind, name, bad, rule) in [
            (MsgType::Image, "url", "\"\"", "a text that is not empty"),
            (MsgType::Image, "w", "\"6814\"", "a whole number from 0"),
            (MsgType::Image, "h", "-1", "a whole number from 0"),
            (MsgType::Audio, "dur", "1.5", "a whole number from 0"),
            (MsgType::Video, "md5", "7", "a text"),
            (MsgType::File, "name", "[]", "a text"),
            (MsgType::File, "size", "true", "a whole number from 0"),
            (MsgType::Location, "title", "{}", "a text"),
            (MsgType::Location, "lng", "-180.1", "a number from -180 to 180"),
            (MsgType::Location, "lat", "90.5", "a number from -90 to 90"),
            (MsgType::Location, "lat", "\"39.9\"", "a number from -90 to 90"),
        ] {
            let mut content = object(GOOD.iter().find(|(good, _)| *good == kind).unwrap().1);
            content.insert(name.into(), serde_json::from_str(bad).unwrap());
            let expected = format!("attach.{name}: expected {rule}, got \"{}\"", bad.trim_matches('"'));
            assert_eq!(complaint(kind, &Value::Object(content).to_string()), expected);
        }
    }

    #[test]
    fn numbers_reach_their_bounds() {
        for (kind, attach) in [
            (MsgType::Location, r#"{"lng":-180,"lat":90.0}"#),
            (MsgType::Location, r#"{"lng":180.0,"lat":-90,"more":[1]}"#),
            (MsgType::Image, r#"{"url":"u","ext":"","size":18446744073709551615,"md5":"","w":360.0,"h":0}"#),
        ] {
            assert_eq!(check(kind, attach), Ok(()), "{attach}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}|\\{\"(url|lat|size)\":[-0-9.eE\"\\[\\]{}\\\\u]{0,20}\\}") {
            for (kind, _) in GOOD {
                let _ = check(kind, &text);
            }
        }
    }
}
