//! What an application server is told happened (message sync, section 9.1): a flat JSON object in which every value is a text.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::base::{Millis, RoomId};

/// The types of events, by the hosted service's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventType {
    /// A message to a room, or to some of its members.
    Message = 4,
    /// Somebody enters, leaves or is put out.
    InOut = 9,
    /// A queue changed.
    Queue = 14,
    /// A picture, a sound, a film or a file was judged after its delivery.
    Moderated = 20,
    /// A callback did not answer.
    CallbackFailed = 83,
    /// A login, or an attempt to enter a room, was refused.
    LoginFailed = 84,
}

/// One event on its way into the ledger.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its type.
    pub kind: EventType,
    /// The room it happened in, if it did in one.
    pub room: Option<RoomId>,
    /// The address it is for, by its name; empty for the main one.
    pub target: String,
    /// When it happened.
    pub made: Millis,
    /// What there is to say, beside the type, the id and the sequence number.
    pub fields: Fields,
}

/// The members of its body.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(&'static str, String)>);

impl Fields {
    /// With this member.
    #[allow(clippy::needless_pass_by_value, reason = "numbers and borrowed texts are given alike")]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Fields {
        self.0.push((name, value.to_string()));
        self
    }

    /// Name and value of each, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// With this member, where there is something to say.
    pub fn with_some(self, name: &'static str, value: Option<impl ToString>) -> Fields {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

impl Event {
    /// The body without what only the ledger knows; [`body`] adds that.
    pub fn text(&self) -> String {
        struct Whole<'a>(&'a Event);
        impl Serialize for Whole<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut object = serializer.serialize_map(None)?;
                object.serialize_entry("eventType", &(self.0.kind as u8).to_string())?;
                // Kept with it, since an event may move to the main address later and its number does not.
                if !self.0.target.is_empty() {
                    object.serialize_entry("env", &self.0.target)?;
                }
                for (name, value) in self.0.fields.pairs() {
                    object.serialize_entry(name, value)?;
                }
                object.end()
            }
        }
        crate::base::json(&Whole(self))
    }
}

/// The whole body of an event: its text, its id, and its number among those of its room for its address. The same each time.
pub fn body(text: &str, id: &str, sequence: i64) -> String {
    let open = text.strip_suffix('}').unwrap_or(text);
    // Neither the id nor the number has anything to escape.
    format!(r#"{open},"eventId":"{id}","sequence":"{sequence}"}}"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_a_word() {
        use EventType::{CallbackFailed, InOut, LoginFailed, Message, Moderated, Queue};
        for kind in [Message, InOut, Queue, Moderated, CallbackFailed, LoginFailed] {
            assert!(crate::base::event_kind(kind as i64).is_some(), "{kind:?}");
        }
    }

    #[test]
    fn every_value_is_a_text() {
        let fields = Fields::default()
            .with("msgTimestamp", 7)
            .with_some("ext", Some("say \"hi\""))
            .with_some("tags", None::<&str>);
        let event = Event { kind: EventType::Message, room: None, target: String::new(), made: 7, fields };
        let text = body(&event.text(), "5f3a-12", 3);
        assert_eq!(
            text,
            r#"{"eventType":"4","msgTimestamp":"7","ext":"say \"hi\"","eventId":"5f3a-12","sequence":"3"}"#
        );
    }

    #[test]
    fn an_event_for_a_named_address_says_so() {
        let (target, fields) = ("b".to_owned(), Fields::default().with("code", 200));
        let event = Event { kind: EventType::InOut, room: None, target, made: 7, fields };
        assert_eq!(event.text(), r#"{"eventType":"9","env":"b","code":"200"}"#);
    }
}
