//! What a client says (socket protocol, section 2): a verb, an id to answer to, and parameters.

use serde_json::Value;

use crate::base::{Invalid, Params, read_json};

/// The largest id: what JavaScript counts exactly.
const LARGEST_ID: u64 = (1 << 53) - 1;

/// One frame of a client.
#[derive(Debug)]
pub struct Frame {
    /// What its reply carries; without one, only a refusal is answered.
    pub id: Option<u64>,
    /// What it asks for.
    pub op: Op,
    /// The rest of it.
    pub params: Params,
}

/// The verbs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Op {
    /// Says who it is.
    Login,
    /// Enters a room.
    Join,
    /// Leaves a room.
    Leave,
    /// Sends a message.
    Send,
    /// Says how many frames it has taken in.
    Ack,
    /// Asks whether anybody is there.
    Ping,
    /// Any other: the name of an action, if there is one of that name.
    Named(Box<str>),
}

const OPS: [(&str, Op); 6] = [
    ("login", Op::Login),
    ("join", Op::Join),
    ("leave", Op::Leave),
    ("send", Op::Send),
    ("ack", Op::Ack),
    ("ping", Op::Ping),
];

impl Op {
    /// The verb as it stands in a frame.
    pub fn name(&self) -> &str {
        match self {
            Op::Named(name) => name,
            own => OPS.iter().find_map(|(name, op)| (op == own).then_some(*name)).unwrap_or_default(),
        }
    }

    /// The verbs that are a connection's own and no actions.
    pub fn own_names() -> impl Iterator<Item = &'static str> {
        OPS.iter().map(|(name, _)| *name)
    }
}

/// A frame that can't be read.
#[derive(Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Not a JSON object at all: counts as malformed.
    NotAnObject(Invalid),
    /// An object whose `id` or `op` is wrong: answered and forgotten.
    Wrong(Option<u64>, Invalid),
}

impl Frame {
    /// Reads a text frame.
    pub fn read(text: &str) -> Result<Frame, Unreadable> {
        let Ok(Value::Object(mut object)) = read_json(text) else {
            return Err(Unreadable::NotAnObject(Invalid::value("frame", "one JSON object", text)));
        };
        let id = read_id(object.remove("id")).map_err(|invalid| Unreadable::Wrong(None, invalid))?;
        let op = read_op(object.remove("op")).map_err(|invalid| Unreadable::Wrong(id, invalid))?;
        Ok(Frame { id, op, params: Params::from_json(object) })
    }
}

fn read_id(value: Option<Value>) -> Result<Option<u64>, Invalid> {
    let Some(value) = value else { return Ok(None) };
    match value.as_u64() {
        Some(id) if id <= LARGEST_ID => Ok(Some(id)),
        _ => Err(Invalid::value("id", format!("a whole number from 0 to {LARGEST_ID}"), &value.to_string())),
    }
}

fn read_op(value: Option<Value>) -> Result<Op, Invalid> {
    const RULE: &str = "a verb as text";
    match value {
        None => Err(Invalid::missing("op", RULE)),
        Some(Value::String(name)) => {
            let own = OPS.iter().find_map(|(known, op)| (*known == name).then(|| op.clone()));
            Ok(own.unwrap_or_else(|| Op::Named(name.into())))
        }
        Some(other) => Err(Invalid::value("op", RULE, &other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_verb_is_read_by_its_name() {
        for (name, op) in OPS {
            let frame = Frame::read(&format!(r#"{{"op":"{name}","id":3}}"#)).unwrap();
            assert_eq!((frame.op.name(), frame.op == op, frame.id), (name, true, Some(3)));
        }
    }

    #[test]
    fn a_frame_that_is_no_object_counts_as_malformed() {
        for text in ["", "[]", "1", "null", "{", "\"op\"", "{\"op\":\"ping\"}x"] {
            assert!(matches!(Frame::read(text), Err(Unreadable::NotAnObject(_))), "{text}");
        }
    }

    #[test]
    fn a_wrong_id_or_verb_is_answered() {
        for (text, id) in [
            (r#"{"op":"ping","id":-1}"#, None),
            (r#"{"op":"ping","id":"1"}"#, None),
            (r#"{"op":"ping","id":1.5}"#, None),
            (r#"{"op":"ping","id":9007199254740992}"#, None),
            (r#"{"op":5,"id":4}"#, Some(4)),
            (r#"{"id":4}"#, Some(4)),
        ] {
            assert!(matches!(Frame::read(text), Err(Unreadable::Wrong(came, _)) if came == id), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,200}") {
            let _ = Frame::read(&text);
        }
    }
}
