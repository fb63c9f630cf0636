//! A notice as a sentence: who did what to whom (server API, section 8.2).

use super::queue;
use crate::cli::record::Record;
use crate::cli::time;

/// The sentence of a notice; `None` where it is none.
pub(super) fn sentence(notice: &Record) -> Option<String> {
    let id = notice.number("id")?;
    let data = notice.inner("data").ok()?;
    let told = Told { operator: data.text("operator"), data };
    let sentence = told.sentence(id);
    // An entering member attaches whatever its application likes; who acts on others attaches a reason.
    let reason = told.data.text("ext");
    let has_reason = !reason.is_empty() && !matches!(id, 301 | 302 | 316);
    Some(if has_reason { format!("{sentence}: {reason}") } else { sentence })
}

struct Told {
    operator: String,
    data: Record,
}

impl Told {
    fn sentence(&self, id: i64) -> String {
        let (operator, who, tag) = (&self.operator, self.who(), self.data.text("targetTag"));
        match id {
            301 => format!("{who} entered"),
            302 => format!("{who} left"),
            303 => format!("{operator} put {who} on the blocklist"),
            304 => format!("{operator} took {who} off the blocklist"),
            305 => format!("{operator} muted {who}"),
            306 => format!("{operator} lifted the mute of {who}"),
            307 => format!("{operator} made {who} a manager"),
            308 => format!("{operator} took the manager role from {who}"),
            309 => format!("{operator} made {who} a fixed member"),
            310 => format!("{operator} took the fixed membership from {who}"),
            311 => format!("{operator} closed the room"),
            312 => format!("{operator} changed the room"),
            313 => format!("{operator} kicked {who}"),
            314 => format!("{operator} muted {who}{}", self.duration()),
            315 => format!("{operator} lifted the temporary mute of {who}"),
            316 => format!("{who} changed nick, avatar or ext"),
            317 | 320 | 324 => queue::sentence(operator, &self.data),
            318 => format!("{operator} muted the room"),
            319 => format!("{operator} lifted the mute of the room"),
            321 => format!("{operator} muted all with the tag {tag}{}", self.duration()),
            322 => format!("{operator} lifted the mute of all with the tag {tag}"),
            323 => format!("{operator} recalled a message of {who}"),
            325 => format!("{who} has other tags{}", self.tags()),
            326 => format!("{operator} changed the role of {who}"),
            other => format!("notice {other} by {operator}"),
        }
    }

    /// Those it happened to; where nobody is named, the one who acted.
    fn who(&self) -> String {
        let targets = self.data.texts("target");
        if targets.is_empty() { self.operator.clone() } else { targets.join(", ") }
    }

    fn tags(&self) -> String {
        if self.data.has("tags") { format!(": {}", self.data.text("tags")) } else { String::new() }
    }

    fn duration(&self) -> String {
        let seconds = self.data.number("muteDuration").and_then(|seconds| u64::try_from(seconds).ok());
        seconds.map(|seconds| format!(" for {}", time::say(seconds))).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(id: u16, data: &Value) -> String {
        sentence(&Record::read(&json!({"id": id, "data": data}).to_string()).unwrap()).unwrap()
    }

    #[test]
    fn every_notice_has_a_sentence() {
        let data = json!({"operator": "host", "opeNick": "The host", "target": ["bob"], "tarNick": ["Bob"],
                          "muteDuration": 250, "targetTag": "vip"});
        let sentences = [
            (301, "bob entered"),
            (302, "bob left"),
            (303, "host put bob on the blocklist"),
            (304, "host took bob off the blocklist"),
            (305, "host muted bob"),
            (306, "host lifted the mute of bob"),
            (307, "host made bob a manager"),
            (308, "host took the manager role from bob"),
            (309, "host made bob a fixed member"),
            (310, "host took the fixed membership from bob"),
            (311, "host closed the room"),
            (312, "host changed the room"),
            (313, "host kicked bob"),
            (314, "host muted bob for 4 m 10 s"),
            (315, "host lifted the temporary mute of bob"),
            (316, "bob changed nick, avatar or ext"),
            (317, "host changed the queue"),
            (318, "host muted the room"),
            (319, "host lifted the mute of the room"),
            (320, "host changed the queue"),
            (321, "host muted all with the tag vip for 4 m 10 s"),
            (322, "host lifted the mute of all with the tag vip"),
            (323, "host recalled a message of bob"),
            (324, "host changed the queue"),
            (325, "bob has other tags"),
            (326, "host changed the role of bob"),
            (999, "notice 999 by host"),
        ];
        for (id, sentence) in sentences {
            assert_eq!(told(id, &data), sentence);
        }
    }

    #[test]
    fn a_reason_is_told_and_what_an_application_attaches_to_entering_is_not() {
        let data = json!({"operator": "host", "target": ["ann", "bob"], "ext": "spam"});
        assert_eq!(told(313, &data), "host kicked ann, bob: spam");
        assert_eq!(told(301, &data), "ann, bob entered");
        assert_eq!(told(325, &json!({"operator": "ann", "tags": "[\"vip\"]"})), "ann has other tags: [\"vip\"]");
    }

    #[test]
    fn who_is_named_alone_did_it_too() {
        assert_eq!(told(301, &json!({"operator": "ann"})), "ann entered");
        assert_eq!(told(314, &json!({"operator": "host", "target": ["bob"]})), "host muted bob");
    }

    #[test]
    fn a_change_of_the_queue_says_which() {
        let changes = [
            (json!({"_e": "OFFER", "key": "song", "content": "x"}), "ann put song in the queue"),
            (json!({"_e": "POLL", "key": "song"}), "ann took song from the queue"),
            (json!({"_e": "DROP"}), "ann emptied the queue"),
            (json!({"_e": "PARTCLEAR", "kvObject": {"a": "1", "b": "2"}}), "a, b left the queue with ann"),
            (json!({"_e": "BATCH_UPDATE", "kvObject": {"a": "1"}}), "ann changed a in the queue"),
            (json!({"_e": "BATCH_OFFER", "kvObject": {}}), "ann put something in the queue"),
            (json!({"_e": "NEW"}), "ann changed the queue"),
        ];
        for (change, sentence) in changes {
            assert_eq!(told(317, &json!({"operator": "ann", "queueChange": change.to_string()})), sentence);
        }
    }

    #[test]
    fn what_is_no_notice_has_no_sentence() {
        for json in ["{}", "3", r#"{"id":301}"#, r#"{"id":"x","data":{}}"#, r#"{"data":{}}"#] {
            assert_eq!(sentence(&Record::read(json).unwrap()), None, "{json}");
        }
    }
}
