//! What a webhook is told of a service's answer that says too much: which labels, how sure, and no texts. Knows nothing of verdicts.

use serde_json::{Map, Value, json};

/// An answer that is as documented has no more that differ. With the bounds below, labels that are told twice stay within 4 KiB.
const LABELS: usize = 8;
const SUB_LABELS: usize = 3;

/// A name that a service gives something.
const NAME_CHARS: usize = 24;

/// The first labels, each without what was found where.
pub(super) fn brief_labels(labels: &[Value]) -> Vec<Value> {
    labels.iter().take(LABELS).map(brief_label).collect()
}

/// Of a whole result the suggestion and these labels.
pub(super) fn brief_result(result: &Value, labels: &[Value]) -> Value {
    json!({"antispam": {"suggestion": result["antispam"]["suggestion"], "labels": labels}})
}

fn brief_label(label: &Value) -> Value {
    let mut brief = Map::new();
    for name in ["label", "level", "rate"] {
        if let Some(number) = label.get(name).filter(|value| value.is_number()) {
            brief.insert(name.to_owned(), number.clone());
        }
    }
    if let Some(Value::Array(subs)) = label.get("subLabels") {
        let named = subs.iter().map(|sub| &sub["subLabel"]).filter(|name| is_name(name));
        let subs: Vec<Value> = named.take(SUB_LABELS).map(|name| json!({"subLabel": name})).collect();
        brief.insert("subLabels".to_owned(), subs.into());
    }
    brief.into()
}

fn is_name(value: &Value) -> bool {
    let fits = |text: &str| text.len() <= NAME_CHARS && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    value.is_number() || value.as_str().is_some_and(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_label_stays_what_it_is_and_how_sure() {
        let found = json!({"subLabel": "100001", "rate": 0.9, "details": {"keywords": [{"word": "x"}]}});
        let label = json!({"label": 100, "level": 2, "rate": 0.99, "details": {}, "subLabels": [found, 5, {"subLabel": "a b"}]});
        let brief = json!({"label": 100, "level": 2, "rate": 0.99, "subLabels": [{"subLabel": "100001"}]});
        assert_eq!(brief_labels(&[label])[0], brief);
        let result = json!({"antispam": {"suggestion": 2, "taskId": "t", "labels": []}, "language": {}});
        let told = brief_result(&result, std::slice::from_ref(&brief));
        assert_eq!(told, json!({"antispam": {"suggestion": 2, "labels": [brief]}}));
    }
}
