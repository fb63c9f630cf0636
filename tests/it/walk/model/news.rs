//! What rooms are told, as one line each: what a socket heard and what a history holds can then be compared with what should be there.

use serde_json::{Map, Value, json};

/// A message that somebody sent.
pub fn message(msg_id: &str, from: &str) -> String {
    format!("message {msg_id} from {from}")
}

/// One to this member alone.
pub fn directed(msg_id: &str, from: &str) -> String {
    format!("directed {msg_id} from {from}")
}

pub fn kicked(reason: u8) -> String {
    format!("kicked {reason}")
}

/// A notification by its `attach`, but for what depends on the very moment.
pub fn notice(attach: &Value) -> String {
    let mut data = attach["data"].as_object().cloned().unwrap_or_default();
    let id = attach["id"].as_u64().unwrap_or(0);
    for name in ["muteTtl", "tempMuted", "msgTime"] {
        data.remove(name);
    }
    // Of a mute that is lifted it is what was left.
    if matches!(id, 315 | 322) {
        data.remove("muteDuration");
    }
    if let Some(Value::String(text)) = data.get("queueChange") {
        let change: Value = serde_json::from_str(text).unwrap_or_default();
        data.insert("queueChange".into(), change);
    }
    format!("notice {id} {}", Value::Object(data))
}

/// A notification as the model expects it, of these members: account and nick.
pub fn attach(id: u64, by: &(String, String), targets: &[(String, String)], more: Map<String, Value>) -> Value {
    let accids: Vec<&str> = targets.iter().map(|(accid, _)| accid.as_str()).collect();
    let nicks: Vec<&str> = targets.iter().map(|(_, nick)| nick.as_str()).collect();
    let mut data = more;
    data.insert("operator".into(), json!(by.0));
    data.insert("opeNick".into(), json!(by.1));
    data.insert("target".into(), json!(accids));
    data.insert("tarNick".into(), json!(nicks));
    json!({"id": id, "data": data})
}
