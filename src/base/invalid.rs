//! A value that breaks a rule: which parameter, which rule, what came.

use std::borrow::Cow;

/// How much of an offending value is quoted back, in characters: enough to recognise it, too little to fill a log.
const QUOTED_CHARS: usize = 64;

/// Why a value was refused. Its text names the parameter, the rule and what came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{parameter}: expected {rule}, got {came}")]
pub struct Invalid {
    parameter: Cow<'static, str>,
    rule: Cow<'static, str>,
    came: String,
}

impl Invalid {
    /// `came` is already a phrase, such as `101 accounts`.
    pub fn new(
        parameter: impl Into<Cow<'static, str>>,
        rule: impl Into<Cow<'static, str>>,
        came: impl Into<String>,
    ) -> Invalid {
        Invalid { parameter: parameter.into(), rule: rule.into(), came: came.into() }
    }

    /// `came` is the offending value itself and is quoted, shortened where it is long.
    pub fn value(parameter: impl Into<Cow<'static, str>>, rule: impl Into<Cow<'static, str>>, came: &str) -> Invalid {
        Invalid::new(parameter, rule, quote(came))
    }

    /// A required parameter is absent or empty.
    pub fn missing(parameter: impl Into<Cow<'static, str>>, rule: impl Into<Cow<'static, str>>) -> Invalid {
        Invalid::new(parameter, rule, "nothing")
    }

    /// The same complaint about the parameter as its sender knows it, such as `msgList[2].attach`.
    pub fn inside(mut self, outer: &str) -> Invalid {
        self.parameter = format!("{outer}.{}", self.parameter).into();
        self
    }
}

fn quote(value: &str) -> String {
    let mut shown: String = value.chars().take(QUOTED_CHARS).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    format!("{shown:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_parameter_rule_and_value() {
        let invalid = Invalid::value("roomid", "a positive whole number", "abc");
        assert_eq!(invalid.to_string(), "roomid: expected a positive whole number, got \"abc\"");
    }

    #[test]
    fn quotes_no_more_than_a_line() {
        let invalid = Invalid::value("attach", "short", &"语".repeat(500));
        assert!(invalid.to_string().chars().count() < 120);
    }
}
