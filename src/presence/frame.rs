//! A frame to be delivered: shared bytes, and how a lane may treat them.

use crate::base::{Accid, MsgId, RoomId};
use crate::model::Lane;
use crate::wire::Text;

/// Encoded once, shared by every recipient.
#[derive(Debug)]
pub struct Frame {
    /// The bytes.
    pub text: Text,
    /// Which lane it takes.
    pub lane: Lane,
    /// A full lane must not drop it: it is an answer or a state, not a message.
    pub keep: bool,
    /// Which message it is, so that a re-send can tell who lost it.
    pub key: Option<MessageKey>,
}

impl Frame {
    /// A message of a room.
    pub fn message(text: Text, lane: Lane, key: Option<MessageKey>) -> Frame {
        Frame { text, lane, keep: false, key }
    }

    /// An answer or a state of the session: in its turn behind the messages before it, so that an answer tells that all before it has
    /// arrived, and never dropped.
    pub fn reply(text: Text) -> Frame {
        Frame { text, lane: Lane::Normal, keep: true, key: None }
    }

    /// The same message, but in its turn.
    pub(super) fn in_turn(&self) -> Frame {
        Frame::message(self.text.clone(), Lane::Normal, self.key)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.text.bytes()
    }
}

/// What tells one message from another: its room, its sender and its msgId, hashed to 128 bits under keys of this process,
/// so that nobody can make two messages collide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MessageKey(u64, u64);

/// Makes [`MessageKey`]s.
#[derive(Debug, Default)]
pub(super) struct KeyMaker(std::hash::RandomState, std::hash::RandomState);

impl KeyMaker {
    pub(super) fn key(&self, room: RoomId, sender: &Accid, msg_id: &MsgId) -> MessageKey {
        use std::hash::BuildHasher;
        let message = (room, sender, msg_id);
        MessageKey(self.0.hash_one(message), self.1.hash_one(message))
    }
}
