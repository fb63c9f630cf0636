//! What became of something that was judged, and what others may know of the reasons.

use serde::Serialize;
use serde_json::Value;

use crate::base::{json, limits};

use super::brief::{brief_labels, brief_result};

/// What moderation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It may be delivered.
    Passed,
    /// It may be delivered, and somebody should look at it.
    Suspect(Finding),
    /// This may be delivered in its place.
    Replaced(String, Finding),
    /// It may not.
    Refused(Finding),
}

/// Why something did not just pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// For the webhook: `yidunRes` as in section 10.2, JSON text.
    pub yidun_res: String,
    /// For logs, such as `refuse_words line 12` or `label 600`.
    pub why: String,
}

/// What is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// What somebody says.
    Text,
    /// What a message leads to: a picture, a sound, a film, a file.
    Media,
    /// How somebody looks in a room.
    Looks,
}

/// How bad it is, by the numbers of `action` and `suggestion`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Action {
    /// 0.
    Pass,
    /// 1.
    Suspect,
    /// 2.
    Refuse,
}

/// Why there is no verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoVerdict {
    /// It took too long.
    #[error("no verdict: {0}")]
    Timeout(String),
    /// What came is none that is documented.
    #[error("no verdict: {0}")]
    BadAnswer(String),
    /// The service works, and says that it does not judge this.
    #[error("no verdict: {0}")]
    Declined(String),
    /// Nothing came, or nobody was asked.
    #[error("no verdict: {0}")]
    Broken(String),
}

/// `yidunRes`, in its old form where there is no result, else in its new one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct YidunRes<'a> {
    yidun_bus_type: u8,
    action: u8,
    labels: &'a [Value],
    #[serde(skip_serializing_if = "Option::is_none")]
    yidun_api_version: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a Value>,
}

impl Verdict {
    /// As metrics name it.
    pub fn name(&self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Suspect(_) => "suspect",
            Verdict::Replaced(..) => "replaced",
            Verdict::Refused(_) => "refused",
        }
    }

    /// The worse, the higher.
    pub(super) fn severity(&self) -> u8 {
        match self {
            Verdict::Passed => 0,
            Verdict::Suspect(_) => 1,
            Verdict::Replaced(..) => 2,
            Verdict::Refused(_) => 3,
        }
    }

    /// What there is to say of it.
    pub fn finding(&self) -> Option<&Finding> {
        match self {
            Verdict::Passed => None,
            Verdict::Suspect(finding) | Verdict::Replaced(_, finding) | Verdict::Refused(finding) => Some(finding),
        }
    }
}

impl Finding {
    /// `result` is what a service of the newer kind answered. What it says beyond [`limits::YIDUN_RES_BYTES`] is cut to what matters.
    pub(super) fn new(what: What, action: Action, labels: &[Value], result: Option<&Value>, why: String) -> Finding {
        let mut yidun_res = yidun_res(what, action, labels, result);
        if yidun_res.len() > limits::YIDUN_RES_BYTES {
            let labels = brief_labels(labels);
            let result = result.map(|result| brief_result(result, &labels));
            yidun_res = self::yidun_res(what, action, &labels, result.as_ref());
        }
        Finding { yidun_res, why }
    }
}

fn yidun_res(what: What, action: Action, labels: &[Value], result: Option<&Value>) -> String {
    json(&YidunRes {
        yidun_bus_type: what.bus_type(),
        action: action as u8,
        labels,
        yidun_api_version: result.map(|_| 2),
        result,
    })
}

impl What {
    /// As metrics and logs name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            What::Text => "text",
            What::Media => "media",
            What::Looks => "looks",
        }
    }

    fn bus_type(self) -> u8 {
        match self {
            What::Text => 0,
            What::Media => 1,
            What::Looks => 2,
        }
    }
}

impl Action {
    pub(super) fn from_number(number: i64) -> Option<Action> {
        match number {
            0 => Some(Action::Pass),
            1 => Some(Action::Suspect),
            2 => Some(Action::Refuse),
            _ => None,
        }
    }
}

impl NoVerdict {
    /// As metrics name it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            NoVerdict::Timeout(_) => "timeout",
            NoVerdict::BadAnswer(_) | NoVerdict::Declined(_) => "bad_answer",
            NoVerdict::Broken(_) => "broken",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_webhook_is_told_has_both_documented_forms() {
        let labels = [json!({"label": 600, "level": 2})];
        let old = Finding::new(What::Text, Action::Refuse, &labels, None, String::new());
        assert_eq!(old.yidun_res, r#"{"yidunBusType":0,"action":2,"labels":[{"label":600,"level":2}]}"#);
        let new = Finding::new(What::Looks, Action::Suspect, &[], Some(&json!({"antispam": {}})), String::new());
        assert_eq!(
            new.yidun_res,
            r#"{"yidunBusType":2,"action":1,"labels":[],"yidunApiVersion":2,"result":{"antispam":{}}}"#
        );
    }

    #[test]
    fn a_webhook_is_not_told_all_that_a_service_can_say() {
        let words = vec![json!({"word": "x".repeat(50), "positions": [1, 2]}); 50];
        let sub = json!({"subLabel": "s".repeat(24), "rate": 0.999, "details": {"keywords": words}});
        let label = json!({"label": i64::MIN, "level": i64::MIN, "rate": -1.234_567_890_123_456_7e-300, "subLabels": vec![sub; 9]});
        let labels = vec![label; 20];
        let result =
            json!({"antispam": {"taskId": "t".repeat(9000), "suggestion": 2, "labels": labels}, "language": {}});
        for result in [None, Some(&result)] {
            let finding = Finding::new(What::Text, Action::Refuse, &labels, result, String::new());
            assert!(finding.yidun_res.len() <= limits::YIDUN_RES_BYTES, "{} bytes", finding.yidun_res.len());
            let told: Value = serde_json::from_str(&finding.yidun_res).unwrap();
            assert_eq!(told["labels"][0]["subLabels"][0], json!({"subLabel": "s".repeat(24)}));
            assert_eq!(told["result"]["antispam"]["suggestion"].as_i64(), result.map(|_| 2));
        }
    }
}
