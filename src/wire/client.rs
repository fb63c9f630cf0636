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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    pub fn name(self) -> &'static str {
        OPS.iter().find_map(|&(name, op)| (op == self).then_some(name)).unwrap_or_default()
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
    let rule = || format!("one of {}", OPS.map(|(name, _)| name).join(", "));
    match value {
        None => Err(Invalid::missing("op", rule())),
        Some(Value::String(name)) => OPS
            .iter()
            .find_map(|&(known, op)| (known == name).then_some(op))
            .ok_or_else(|| Invalid::value("op", rule(), &name)),
        Some(other) => Err(Invalid::value("op", rule(), &other.to_string())),
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
            assert_eq!((frame.op, frame.id, frame.op.name()), (op, Some(3), name));
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
            (r#"{"op":"dance","id":4}"#, Some(4)),
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
