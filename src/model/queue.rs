//! What may be done with a room's queue, and how a change of it is told (server API, sections 6.1 and 8.2).

use serde::{Serialize, Serializer};

use super::notice::Details;
use super::{Refusal, Room, Standing, roles};

/// Whether whoever has this standing may change the queue.
pub fn require_level(room: &Room, operator: &Standing) -> Result<(), Refusal> {
    if room.facts.queuelevel == 0 { Ok(()) } else { roles::require_manager(operator) }
}

/// `queueChange` of section 8.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    #[serde(rename = "_e")]
    what: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(rename = "kvObject", skip_serializing_if = "Option::is_none")]
    pairs: Option<Pairs>,
}

/// Elements as one object, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pairs(Vec<(String, String)>);

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl Change {
    /// An element was put in.
    pub fn offer(key: &str, value: &str) -> Change {
        Change::single("OFFER", key, value)
    }

    /// An element was taken out.
    pub fn poll(key: &str, value: &str) -> Change {
        Change::single("POLL", key, value)
    }

    /// All were taken out.
    pub fn cleared() -> Change {
        Change { what: "DROP", key: None, content: None, pairs: None }
    }

    /// Several at once.
    pub fn batch<'a>(what: &'static str, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Change {
        let pairs = pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        Change { what, key: None, content: None, pairs: Some(Pairs(pairs)) }
    }

    fn single(what: &'static str, key: &str, value: &str) -> Change {
        Change { what, key: Some(key.to_owned()), content: Some(value.to_owned()), pairs: None }
    }

    /// The same without these keys; `None` where nothing is left.
    pub fn without(mut self, keys: &[String]) -> Option<Change> {
        if self.key.as_ref().is_some_and(|key| keys.contains(key)) {
            return None;
        }
        if let Some(Pairs(pairs)) = &mut self.pairs {
            pairs.retain(|(key, _)| !keys.contains(key));
        }
        let nothing = self.pairs.as_ref().is_some_and(|pairs| pairs.0.is_empty());
        (!nothing).then_some(self)
    }

    /// As a notification carries it: JSON text inside JSON.
    pub fn details(&self) -> Details {
        Details { queue_change: Some(crate::base::json(self)), ..Details::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_read_as_documented() {
        let text = |change: &Change| crate::base::json(change);
        assert_eq!(text(&Change::offer("k", "v")), r#"{"_e":"OFFER","key":"k","content":"v"}"#);
        assert_eq!(text(&Change::cleared()), r#"{"_e":"DROP"}"#);
        let batch = Change::batch("BATCH_UPDATE", [("b", "1"), ("a", "2")].into_iter());
        assert_eq!(text(&batch), r#"{"_e":"BATCH_UPDATE","kvObject":{"b":"1","a":"2"}}"#);
    }

    #[test]
    fn what_failed_is_not_told() {
        let batch = Change::batch("BATCH_OFFER", [("a", "1"), ("b", "2")].into_iter());
        assert_eq!(batch.clone().without(&["a".into()]), Some(Change::batch("BATCH_OFFER", [("b", "2")].into_iter())));
        assert_eq!(batch.without(&["a".into(), "b".into()]), None);
        assert_eq!(Change::offer("a", "1").without(&["a".into()]), None);
        assert_eq!(Change::cleared().without(&[]), Some(Change::cleared()));
    }
}
