//! A room's queue: as the application server asks for it, and as a member sees it who knows only what notices say.

use std::fmt;

use roomgate::base::RoomId;
use roomgate::client::ReceivedMessage;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Value, json};

use super::{House, Member};

/// The server API's calls on one queue.
pub struct Queue<'a> {
    house: &'a House,
    room: String,
}

impl House {
    pub fn queue(&self, room: RoomId) -> Queue<'_> {
        Queue { house: self, room: room.to_string() }
    }
}

impl Queue<'_> {
    /// Calls `chatroom/queue…`; it must be done. Its `desc`.
    pub async fn call(&self, action: &str, params: &[(&str, &str)]) -> Value {
        self.house.call(&format!("chatroom/{action}"), &self.params(params)).await["desc"].clone()
    }

    /// Calls `chatroom/queue…`; it must be refused.
    pub async fn refusal(&self, action: &str, params: &[(&str, &str)]) -> (u16, String) {
        self.house.refusal(&format!("chatroom/{action}"), &self.params(params)).await
    }

    fn params<'p>(&'p self, params: &[(&'p str, &'p str)]) -> Vec<(&'p str, &'p str)> {
        [&[("roomid", self.room.as_str())], params].concat()
    }

    /// Offers an element of the creator's.
    pub async fn offer(&self, key: &str, value: &str) {
        assert_eq!(self.call("queueOffer", &[("key", key), ("value", value)]).await, json!({"highPriority": false}));
    }

    /// Offers an element of somebody's that leaves with it.
    pub async fn offer_transient(&self, owner: &str, key: &str, value: &str) {
        let params = [("key", key), ("value", value), ("operator", owner), ("transient", "true")];
        self.call("queueOffer", &params).await;
    }

    /// All elements in order, each as `key=value`.
    pub async fn list(&self) -> Vec<String> {
        elements(&self.call("queueList", &[]).await["list"])
    }
}

impl Member {
    /// All elements in order, each as `key=value`.
    pub async fn lists_queue(&mut self, room: RoomId) -> Vec<String> {
        elements(&self.asks(room, "queueList", json!({})).await["desc"]["list"])
    }

    /// The next event must be this notice with this `queueChange`, word for word: the message, and its `data` without that.
    pub async fn hears_of_queue(&mut self, id: u64, change: &str) -> (ReceivedMessage, Value) {
        let (message, mut data) = self.hears_event(id).await;
        assert_eq!(data["queueChange"], change, "{} hears of another change", self.accid);
        data.as_object_mut().expect("an object").remove("queueChange");
        (message, data)
    }
}

/// Objects with one member each, as `key=value`.
pub fn elements(list: &Value) -> Vec<String> {
    let element = |object: &Value| {
        let (key, value) = object.as_object().and_then(|object| object.iter().next()).expect("one member");
        format!("{key}={}", value.as_str().expect("a text"))
    };
    list.as_array().expect("a list").iter().map(element).collect()
}

/// A queue rebuilt from notices alone.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct QueueView(Vec<(String, String)>);

#[derive(Deserialize)]
struct Change {
    #[serde(rename = "_e")]
    what: String,
    key: Option<String>,
    content: Option<String>,
    #[serde(rename = "kvObject", default)]
    pairs: Pairs,
}

/// An object whose members keep their order: it is the order in which they were offered.
#[derive(Default)]
struct Pairs(Vec<(String, String)>);

impl QueueView {
    /// Takes in what a message says of the queue; most say nothing.
    pub fn take_in(&mut self, message: &ReceivedMessage) {
        let attach: Value = serde_json::from_str(message.attach()).unwrap_or_default();
        let Some(text) = attach["data"]["queueChange"].as_str() else { return };
        let Change { what, key, content, pairs: Pairs(pairs) } = serde_json::from_str(text).expect("a change");
        match (what.as_str(), key, content) {
            ("OFFER", Some(key), Some(value)) => self.put(key, value),
            ("POLL", Some(key), Some(value)) => self.take(&key, &value),
            ("DROP", None, None) => self.0.clear(),
            ("PARTCLEAR", None, None) => pairs.iter().for_each(|(key, value)| self.take(key, value)),
            ("BATCH_OFFER" | "BATCH_UPDATE", None, None) => {
                pairs.into_iter().for_each(|(key, value)| self.put(key, value));
            }
            _ => panic!("no change as documented: {text}"),
        }
    }

    /// All elements in order, each as `key=value`.
    pub fn list(&self) -> Vec<String> {
        self.0.iter().map(|(key, value)| format!("{key}={value}")).collect()
    }

    fn put(&mut self, key: String, value: String) {
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some(element) => element.1 = value,
            None => self.0.push((key, value)),
        }
    }

    /// Takes out what must be there, just so.
    fn take(&mut self, key: &str, value: &str) {
        let element = (key.to_owned(), value.to_owned());
        let at = self.0.iter().position(|known| *known == element);
        self.0.remove(at.unwrap_or_else(|| panic!("{element:?} is said to go, but there is only {:?}", self.0)));
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pairs, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of key and value")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
