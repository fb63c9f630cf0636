//! From text to a tag expression. Its grammar:
//!
//! ```text
//! any = all ("or" all)…
//! all = one ("and" one)…
//! one = {"tag": "…"} | "(" any ")"
//! ```

use serde::Deserialize;

use crate::base::Invalid;

use super::{All, Any, One, Tag};

/// The JSON object around one tag. A member that we don't know might narrow it, so it is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    tag: String,
}

/// Reads from the front of what is left; one function for each line of the grammar. It goes as deep as there are parentheses, so the text
/// must be of bounded length.
pub(super) struct Reader<'a> {
    parameter: &'static str,
    rest: &'a str,
}

impl<'a> Reader<'a> {
    pub(super) fn new(parameter: &'static str, text: &'a str) -> Reader<'a> {
        Reader { parameter, rest: text }
    }

    /// Reads everything there is.
    pub(super) fn whole(mut self) -> Result<Any, Invalid> {
        let any = self.any()?;
        if self.rest.trim_start().is_empty() { Ok(any) } else { Err(self.expected(r#""and", "or" or the end"#)) }
    }

    fn any(&mut self) -> Result<Any, Invalid> {
        let mut alls = vec![self.all()?];
        while self.take("or") {
            alls.push(self.all()?);
        }
        Ok(Any(alls))
    }

    fn all(&mut self) -> Result<All, Invalid> {
        let mut ones = vec![self.one()?];
        while self.take("and") {
            ones.push(self.one()?);
        }
        Ok(All(ones))
    }

    fn one(&mut self) -> Result<One, Invalid> {
        if !self.take("(") {
            return self.tag().map(One::Tag);
        }
        let any = self.any()?;
        if self.take(")") { Ok(One::Group(any)) } else { Err(self.expected(r#""and", "or" or ")""#)) }
    }

    fn tag(&mut self) -> Result<Tag, Invalid> {
        self.rest = self.rest.trim_start();
        let mut conditions = serde_json::Deserializer::from_str(self.rest).into_iter::<Condition>();
        match conditions.next() {
            // serde would read an array as well.
            Some(Ok(condition)) if self.rest.starts_with('{') => {
                self.rest = &self.rest[conditions.byte_offset()..];
                Tag::parse(self.parameter, &condition.tag)
            }
            _ => Err(self.expected(r#"{"tag": "…"} or "(""#)),
        }
    }

    /// Goes past `word`, in any case and with any blanks before it, if it comes next.
    fn take(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start();
        let next = rest.get(..word.len()).is_some_and(|next| next.eq_ignore_ascii_case(word));
        if next {
            self.rest = &rest[word.len()..];
        }
        next
    }

    fn expected(&self, rule: &'static str) -> Invalid {
        match self.rest.trim_start() {
            "" => Invalid::new(self.parameter, rule, "the end"),
            rest => Invalid::value(self.parameter, rule, rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_say_where() {
        for (text, complaint) in [
            ("", r#"expected {"tag": "…"} or "(", got the end"#),
            ("abc", r#"expected {"tag": "…"} or "(", got "abc""#),
            (r#"["a"]"#, r#"expected {"tag": "…"} or "(", got "[\"a\"]""#),
            (r#"{"tag":"a"} or"#, r#"expected {"tag": "…"} or "(", got the end"#),
            (r#"{"tag":"a","n":1}"#, r#"expected {"tag": "…"} or "(", got "{\"tag\":\"a\",\"n\":1}""#),
            (r#"{"tag":7}"#, r#"expected {"tag": "…"} or "(", got "{\"tag\":7}""#),
            (r#"({"tag":"a"}"#, r#"expected "and", "or" or ")", got the end"#),
            (r#"{"tag":"a"})"#, r#"expected "and", "or" or the end, got ")""#),
            (r#"{"tag":"a"} xor {"tag":"b"}"#, r#"expected "and", "or" or the end, got "xor {\"tag\":\"b\"}""#),
            (r#"{"tag":""}"#, "expected a tag of 1 to 32 characters, got nothing"),
        ] {
            assert_eq!(
                Reader::new("notifyTargetTags", text).whole().unwrap_err().to_string(),
                format!("notifyTargetTags: {complaint}"),
                "{text}"
            );
        }
    }
}
