//! What a moderation service answers, read strictly: what is not documented is no verdict.

use serde_json::Value;

use crate::outbound::Reply;

use super::verdict::{Action, Finding, NoVerdict, Verdict, What};

/// One answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) action: Action,
    labels: Vec<Value>,
    /// The whole result, where it is of the newer kind.
    result: Option<Value>,
}

impl Answer {
    /// Reads the reply of v5, or of v3.
    pub(super) fn read(reply: &Reply) -> Result<Answer, NoVerdict> {
        let nonsense = |what: &str| NoVerdict::BadAnswer(what.to_owned());
        if reply.status != 200 {
            return Err(NoVerdict::BadAnswer(format!("HTTP status {}", reply.status)));
        }
        let mut body: Value = serde_json::from_slice(&reply.body).map_err(|_| nonsense("an answer that is no JSON"))?;
        match body["code"].as_i64() {
            Some(200) => {}
            Some(code) => return Err(NoVerdict::Declined(format!("code {code} {}", quoted(&body["msg"])))),
            None => return Err(nonsense("an answer without a code")),
        }
        let result = body.get_mut("result").map(Value::take).unwrap_or_default();
        let newer = result.get("antispam");
        let judged = newer.unwrap_or(&result);
        let action = judged[if newer.is_some() { "suggestion" } else { "action" }].as_i64();
        let action = action.and_then(Action::from_number).ok_or_else(|| nonsense("an answer without a suggestion"))?;
        let labels = read_labels(&judged["labels"]).ok_or_else(|| nonsense("an answer with bad labels"))?;
        Ok(Answer { action, labels, result: newer.is_some().then_some(result) })
    }

    /// The verdict that it is.
    pub(super) fn verdict(&self, what: What) -> Verdict {
        let finding = || Finding::new(what, self.action, &self.labels, self.result.as_ref(), self.why());
        match self.action {
            Action::Pass => Verdict::Passed,
            Action::Suspect => Verdict::Suspect(finding()),
            Action::Refuse => Verdict::Refused(finding()),
        }
    }

    pub(super) fn refuses(&self) -> bool {
        self.action == Action::Refuse
    }

    fn why(&self) -> String {
        let labels: Vec<String> = self.labels.iter().map(|label| label["label"].to_string()).collect();
        match labels.as_slice() {
            [] => "no label".to_owned(),
            [label] => format!("label {label}"),
            more => format!("labels {}", more.join(", ")),
        }
    }
}

/// A list of objects that have a number each; where nothing was found there may be none.
fn read_labels(labels: &Value) -> Option<Vec<Value>> {
    match labels {
        Value::Null => Some(Vec::new()),
        Value::Array(labels) => labels.iter().all(|label| label["label"].is_i64()).then(|| labels.clone()),
        _ => None,
    }
}

/// Enough of a service's words for a log.
fn quoted(words: &Value) -> String {
    words.as_str().unwrap_or_default().chars().filter(|c| !c.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use proptest::prelude::*;

    fn read(body: &str) -> Result<Answer, NoVerdict> {
        Answer::read(&Reply { status: 200, retry_after: None, body: Bytes::copy_from_slice(body.as_bytes()) })
    }

    #[test]
    fn the_documented_answer_is_read() {
        let body = r#"{"code":200,"msg":"ok","result":{"antispam":{"taskId":"t","dataId":"d","suggestion":2,"labels":[{"label":100,"level":2,"rate":0.99,"subLabels":[]},{"label":600}]}}}"#;
        let verdict = read(body).unwrap().verdict(What::Text);
        assert_eq!(verdict.name(), "refused");
        let finding = verdict.finding().unwrap();
        assert_eq!(finding.why, "labels 100, 600");
        let told: Value = serde_json::from_str(&finding.yidun_res).unwrap();
        let whole: Value = serde_json::from_str(body).unwrap();
        assert_eq!(told["result"], whole["result"]);
        assert_eq!(told["labels"], whole["result"]["antispam"]["labels"]);
        assert_eq!(told["yidunApiVersion"], 2);
    }

    #[test]
    fn the_older_answer_is_read_too() {
        let verdict =
            read(r#"{"code":200,"msg":"ok","result":{"action":1,"taskId":"t","labels":[{"label":600,"level":1}]}}"#)
                .unwrap()
                .verdict(What::Text);
        assert_eq!(verdict.name(), "suspect");
        let finding = verdict.finding().unwrap();
        assert_eq!(finding.why, "label 600");
        assert_eq!(finding.yidun_res, r#"{"yidunBusType":0,"action":1,"labels":[{"label":600,"level":1}]}"#);
    }

    #[test]
    fn a_pass_needs_no_labels() {
        for body in [
            r#"{"code":200,"result":{"antispam":{"suggestion":0}}}"#,
            r#"{"code":200,"result":{"antispam":{"suggestion":0,"labels":[]}}}"#,
            r#"{"code":200,"result":{"action":0}}"#,
        ] {
            assert_eq!(read(body).unwrap().verdict(What::Text), Verdict::Passed);
        }
    }

    #[test]
    fn what_is_not_documented_is_no_verdict() {
        for body in [
            "",
            "[]",
            "ok",
            r#"{"code":"200","result":{"antispam":{"suggestion":0}}}"#,
            r#"{"result":{"antispam":{"suggestion":0}}}"#,
            r#"{"code":200}"#,
            r#"{"code":200,"result":[]}"#,
            r#"{"code":200,"result":{"antispam":{}}}"#,
            r#"{"code":200,"result":{"antispam":null,"action":0}}"#,
            r#"{"code":200,"result":{"antispam":{"suggestion":3}}}"#,
            r#"{"code":200,"result":{"antispam":{"suggestion":"0"}}}"#,
            r#"{"code":200,"result":{"antispam":{"suggestion":1.0}}}"#,
            r#"{"code":200,"result":{"antispam":{"suggestion":2,"labels":{}}}}"#,
            r#"{"code":200,"result":{"antispam":{"suggestion":2,"labels":[100]}}}"#,
            r#"{"code":200,"result":{"antispam":{"suggestion":2,"labels":[{"label":"100"}]}}}"#,
        ] {
            assert!(matches!(read(body), Err(NoVerdict::BadAnswer(_))), "{body}");
        }
        let declined = read(r#"{"code":411,"msg":"param error"}"#).unwrap_err();
        assert_eq!(declined, NoVerdict::Declined("code 411 param error".into()));
    }

    proptest! {
        #[test]
        fn no_body_makes_it_panic(body in "(\\{\"code\":200,\"result\":)?[\\PC{}\\[\\]\":,0-2]{0,60}") {
            let _ = read(&body);
        }
    }
}
