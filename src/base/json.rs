//! JSON as clients really send it, and as we write it.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

/// Compact JSON of our own plain data, which always has a JSON form.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data with text keys has a JSON form")
}

/// Reads JSON text. A client that cuts a text in the middle of an emoji writes half a surrogate pair (`JSON.stringify` does); it is
/// read as U+FFFD, as a browser would send it in UTF-8, instead of refusing all the rest.
pub(crate) fn read_json(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str(text).or_else(|error| match mend_surrogates(text) {
        Cow::Borrowed(_) => Err(error),
        Cow::Owned(mended) => serde_json::from_str(&mended),
    })
}

/// Replaces every `\u` escape of half a surrogate pair; borrowed where there is none.
fn mend_surrogates(text: &str) -> Cow<'_, str> {
    let mut mended = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find('\\') {
        let escape = at + found;
        let (length, whole) = match surrogate(text, escape) {
            None => (2, true),
            Some(0xD800..=0xDBFF) => match surrogate(text, escape + 6) {
                Some(0xDC00..=0xDFFF) => (12, true),
                _ => (6, false),
            },
            Some(_) => (6, false),
        };
        at = ceil_boundary(text, escape + length);
        if !whole {
            mended.push_str(&text[copied..escape]);
            mended.push_str("\\ufffd");
            copied = at;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    mended.push_str(&text[copied..]);
    Cow::Owned(mended)
}

/// The surrogate that is escaped at `at`, if one is.
fn surrogate(text: &str, at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    u16::from_str_radix(digits, 16).ok().filter(|unit| (0xD800..=0xDFFF).contains(unit))
}

/// An escaped character may have more than one byte.
fn ceil_boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_a_pair_is_replaced_and_a_whole_one_stays() {
        for (text, expected) in [
            (r#""x \ud83d""#, "x \u{FFFD}"),
            (r#""\ude00x""#, "\u{FFFD}x"),
            (r#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
            (r#""\\ud83d""#, r"\ud83d"),
            (r#""\ud83d\ude00""#, "😀"),
        ] {
            assert_eq!(read_json(text).unwrap(), expected, "{text}");
        }
        assert!(read_json(r#"{"a": \ud83d}"#).is_err());
    }

    proptest! {
        #[test]
        fn any_utf16_text_is_read_as_a_lossy_decoder_reads_it(
            units in proptest::collection::vec(prop_oneof![any::<u16>(), 0xD800u16..0xE000], 0..20)
        ) {
            let escaped: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let expected = String::from_utf16_lossy(&units);
            prop_assert_eq!(read_json(&format!("\"{escaped}\"")).unwrap(), expected);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[\\\\u0-9a-fA-F\"é😀]{0,40}") {
            let _ = read_json(&text);
        }
    }
}
