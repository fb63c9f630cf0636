//! What the gateway says, as the history has it.

use serde::Deserialize;

use crate::client::{ReceivedMessage, Sent};

use super::history::{Answer, Frame, Lane, Message, Text};
use super::recorder::Recorder;

/// Of a frame that is not understood, so many bytes are kept.
const OTHER_BYTES: usize = 400;

/// The members that short frames and replies have.
#[derive(Deserialize)]
pub(super) struct Short {
    pub(super) op: String,
    pub(super) id: Option<u64>,
    pub(super) code: Option<u16>,
    pub(super) session: Option<String>,
    pub(super) resumed: Option<bool>,
    #[serde(default)]
    roomid: serde_json::Value,
    reason: Option<u8>,
    lane: Option<String>,
    count: Option<u64>,
    #[serde(default)]
    desc: serde_json::Value,
}

/// One text frame.
pub(super) enum Said {
    /// A message, or another short frame.
    Frame(Frame),
    /// An answer to a request or a login.
    Reply(Short),
}

/// Reads one.
pub(super) fn said(text: &str, recorder: &Recorder) -> Said {
    let other = || Said::Frame(Frame::Other { text: recorder.text(beginning(text)) });
    // Most frames are messages; they are not looked at twice.
    if let Some(object) = text.strip_prefix(r#"{"op":"message","message":"#).and_then(|rest| rest.strip_suffix('}')) {
        return message(object, recorder).map_or_else(other, |message| Said::Frame(Frame::Message(message)));
    }
    if let Ok(Whole { op, message: object }) = serde_json::from_str::<Whole<'_>>(text)
        && op == "message"
    {
        return message(object.get(), recorder).map_or_else(other, |message| Said::Frame(Frame::Message(message)));
    }
    let Ok(short) = serde_json::from_str::<Short>(text) else { return other() };
    let room = short.roomid.as_u64().or_else(|| short.roomid.as_str()?.parse().ok());
    match (&*short.op, room, short.reason, &short.lane, short.count) {
        ("reply", ..) if short.code.is_some() => Said::Reply(short),
        ("kicked", Some(room), Some(reason), ..) => Said::Frame(Frame::Kicked { room, reason }),
        ("lost", _, _, Some(lane), Some(count)) => Said::Frame(Frame::Lost { lane: recorder.text(lane), count }),
        ("drain", ..) => Said::Frame(Frame::Drain),
        _ => other(),
    }
}

#[derive(Deserialize)]
struct Whole<'a> {
    op: String,
    #[serde(borrow)]
    message: &'a serde_json::value::RawValue,
}

/// A message object, if it is one.
fn message(raw: &str, recorder: &Recorder) -> Option<Message> {
    ReceivedMessage::read(raw).ok().map(|message| noted(&message, recorder))
}

fn noted(message: &ReceivedMessage, recorder: &Recorder) -> Message {
    Message {
        room: message.room().as_row().unsigned_abs(),
        from: recorder.text(message.from()),
        msg_id: recorder.text(message.msg_id()),
        time: message.time(),
        lane: if message.is_high() { Lane::High } else { Lane::Normal },
        directed: message.is_directed(),
        kind: message.kind(),
        content: recorder.text(message.attach()),
        ext: recorder.text(message.ext()),
        digest: digest(message.raw().as_bytes()),
    }
}

/// The answer to a send with code 200, of either door.
pub(super) fn sent(text: &str, recorder: &Recorder) -> Answer {
    match Sent::read(text) {
        Ok(sent) => Answer::Sent {
            message: noted(&sent.message, recorder),
            outcomes: (sent.outcomes.iter())
                .map(|(accid, outcome)| (recorder.text(accid), recorder.text(outcome)))
                .collect(),
        },
        Err(error) => Answer::Unknown { why: recorder.text(&format!("accepted, but {error}")) },
    }
}

impl Short {
    /// What it answers to a request that is not a send.
    pub(super) fn answer(&self, recorder: &Recorder) -> Answer {
        match self.code {
            Some(200) => Answer::Done,
            Some(code) => Answer::Refused { code, desc: recorder.text(self.desc.as_str().unwrap_or_default()) },
            None => Answer::Unknown { why: recorder.text("a reply without a code") },
        }
    }
}

fn beginning(text: &str) -> &str {
    let mut end = text.len().min(OTHER_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// FNV-1a: the same in every build, so that a history can be read by another.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A text that is only used once.
pub(super) fn text(text: impl AsRef<str>) -> Text {
    Text::from(text.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(text: &str) -> Frame {
        match said(text, &Recorder::begin()) {
            Said::Frame(frame) => frame,
            Said::Reply(_) => panic!("a reply: {text}"),
        }
    }

    const OBJECT: &str =
        r#"{"time":"7","msgid_client":"m","attach":"a","roomId":"3","fromAccount":"ann","type":"0","directedFlag":1}"#;

    #[test]
    fn a_message_is_read_however_its_frame_is_written() {
        let usual = frame(&format!(r#"{{"op":"message","message":{OBJECT}}}"#));
        let Frame::Message(message) = &usual else { panic!("{usual:?}") };
        assert_eq!((message.room, &*message.from, &*message.msg_id, message.directed), (3, "ann", "m", true));
        assert_eq!(frame(&format!(r#"{{ "message" : {OBJECT}, "op":"message" }}"#)), usual);
        let changed = frame(&format!(r#"{{"op":"message","message":{}}}"#, OBJECT.replace("\"a\"", "\"b\"")));
        assert!(matches!(changed, Frame::Message(other) if other.digest != message.digest));
    }

    #[test]
    fn short_frames_are_read_and_others_are_kept() {
        assert_eq!(frame(r#"{"op":"kicked","roomid":"5","reason":2}"#), Frame::Kicked { room: 5, reason: 2 });
        assert_eq!(
            frame(r#"{"op":"lost","lane":"normal","count":9}"#),
            Frame::Lost { lane: "normal".into(), count: 9 }
        );
        for other in [r#"{"op":"dance"}"#, "x", r#"{"op":"message","message":{}}"#] {
            assert_eq!(frame(other), Frame::Other { text: other.into() });
        }
    }
}
