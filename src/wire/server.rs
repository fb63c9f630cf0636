//! What the gateway says to a client (socket protocol, section 3).

use serde::Serialize;

use crate::base::{Code, RoomId};
use crate::model::Lane;

use super::Text;

const MESSAGE_HEAD: &str = r#"{"op":"message","message":"#;

/// Why a session is put out of a room; the hosted service's numbers (section 12.2 of the server API).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KickReason {
    /// The room was closed.
    Closed = 1,
    /// A manager put it out.
    Manager = 2,
    /// The same account logged in elsewhere.
    LoginElsewhere = 3,
    /// It is in the blocklist.
    Blocked = 5,
}

#[derive(Serialize)]
#[serde(tag = "op", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Frame<'a, T: Serialize> {
    Message {
        message: T,
    },
    Reply {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<u64>,
        code: Code,
        #[serde(flatten)]
        body: T,
    },
    Kicked {
        roomid: String,
        reason: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        notify_ext: Option<&'a str>,
    },
    Lost {
        lane: &'static str,
        count: u64,
    },
    Drain {
        reconnect_after: u64,
    },
}

/// A frame that carries nothing of another kind.
type Plain<'a> = Frame<'a, ()>;

#[derive(Serialize)]
struct Desc<'a> {
    desc: &'a str,
}

/// A message of a room, or directed to this member.
pub fn message(message: &impl Serialize) -> Text {
    Text::json(&Frame::Message { message })
}

/// The message object inside a [`message`] frame, byte for byte.
pub fn message_object(frame: &Text) -> &str {
    let payload = frame.payload();
    &payload[MESSAGE_HEAD.len()..payload.len() - 1]
}

/// A request was done; `body` adds its members to the reply.
pub fn reply(id: Option<u64>, body: &impl Serialize) -> Text {
    Text::json(&Frame::Reply { id, code: Code::OK, body })
}

/// A request was done; `answer` is a JSON object whose members, `code` among them, become those of the reply.
pub fn reply_with(id: Option<u64>, answer: &str) -> Text {
    let members = answer.strip_prefix('{').unwrap_or(answer);
    let id = id.map(|id| format!("\"id\":{id},")).unwrap_or_default();
    Text::copy_of_text(&format!(r#"{{"op":"reply",{id}{members}"#))
}

/// A request was refused.
pub fn refusal(id: Option<u64>, code: Code, desc: &str) -> Text {
    Text::json(&Frame::Reply { id, code, body: &Desc { desc } })
}

/// The session is out of a room; `notify_ext` is what whoever put it out has to say.
pub fn kicked(room: RoomId, reason: KickReason, notify_ext: Option<&str>) -> Text {
    Text::json(&Plain::Kicked { roomid: room.to_string(), reason: reason as u8, notify_ext })
}

/// So many frames of the normal lane are missing here. The high lane never drops: it closes.
pub fn lost(count: u64) -> Text {
    Text::json(&Plain::Lost { lane: Lane::Normal.name(), count })
}

/// The gateway is going away; come back after so many milliseconds.
pub fn drain(reconnect_after: u64) -> Text {
    Text::json(&Plain::Drain { reconnect_after })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_object_in_a_message_frame_is_what_was_put_in() {
        let frame = message(&serde_json::json!({"attach": "}\"\u{1}"}));
        assert_eq!(frame.payload(), r#"{"op":"message","message":{"attach":"}\"\u0001"}}"#);
        assert_eq!(message_object(&frame), r#"{"attach":"}\"\u0001"}"#);
    }

    #[test]
    fn replies_carry_id_code_and_their_own_members() {
        assert_eq!(
            reply(Some(7), &serde_json::json!({"time": 1})).payload(),
            r#"{"op":"reply","id":7,"code":200,"time":1}"#
        );
        assert_eq!(
            reply_with(Some(7), r#"{"code":200,"desc":{}}"#).payload(),
            r#"{"op":"reply","id":7,"code":200,"desc":{}}"#
        );
        assert_eq!(
            refusal(None, Code::INVALID, "op: expected …").payload(),
            r#"{"op":"reply","code":414,"desc":"op: expected …"}"#
        );
    }

    #[test]
    fn the_short_frames_read_as_the_protocol_says() {
        let room = RoomId::parse("roomid", "5").unwrap();
        assert_eq!(
            kicked(room, KickReason::LoginElsewhere, None).payload(),
            r#"{"op":"kicked","roomid":"5","reason":3}"#
        );
        assert_eq!(
            kicked(room, KickReason::Manager, Some("bye")).payload(),
            r#"{"op":"kicked","roomid":"5","reason":2,"notifyExt":"bye"}"#
        );
        assert_eq!(lost(12).payload(), r#"{"op":"lost","lane":"normal","count":12}"#);
        assert_eq!(drain(1500).payload(), r#"{"op":"drain","reconnectAfter":1500}"#);
    }
}
