//! What members say on their sockets, and what they are told. Of JSON only what the load writes is understood.

use std::time::{SystemTime, UNIX_EPOCH};

use memchr::memmem;

use super::FanOut;
use super::peers::{Number, Peers};

/// Serves one text frame.
pub(super) fn hear(peers: &mut Peers, from: Number, text: &[u8], fan_out: &mut impl FanOut) {
    let id = number(text, "id").unwrap_or_default();
    match string(text, "op") {
        "send" => {
            let message = Message {
                msg_id: string(text, "msgId"),
                client: "Web",
                attach: string(text, "attach"),
                room: string(text, "roomid"),
                from: peers.accid(from),
                directed: false,
            };
            let message = message.object();
            let reply = frame(&format!(r#"{{"op":"reply","id":{id},"code":200,"desc":{message}}}"#));
            fan_out.message(peers, frame(&format!(r#"{{"op":"message","message":{message}}}"#)), from, reply);
        }
        op @ ("login" | "join") => {
            if op == "login" {
                peers.log_in(from, string(text, "accid"));
            } else {
                peers.join(from);
            }
            peers.write(from, &frame(&format!(r#"{{"op":"reply","id":{id},"code":200}}"#)));
        }
        // Nobody waits for an answer to anything else.
        _ => {}
    }
}

/// A message, as roomgate shows it to members.
pub(super) struct Message<'a> {
    pub(super) msg_id: &'a str,
    pub(super) client: &'a str,
    pub(super) attach: &'a str,
    pub(super) room: &'a str,
    pub(super) from: &'a str,
    pub(super) directed: bool,
}

impl Message<'_> {
    pub(super) fn object(&self) -> String {
        let Message { msg_id, client, attach, room, from, directed } = self;
        let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let flag = if *directed { r#","directedFlag":1"# } else { "" };
        format!(
            r#"{{"time":"{time}","fromAvator":"","msgid_client":"{msg_id}","fromClientType":"{client}","attach":"{attach}","roomId":"{room}","fromAccount":"{from}","fromNick":"{from}","type":"0","ext":""{flag}}}"#
        )
    }
}

/// A server's text frame.
pub(super) fn frame(text: &str) -> Vec<u8> {
    let mut frame = Vec::with_capacity(text.len() + 4);
    frame.push(0x81);
    match (u8::try_from(text.len()), u16::try_from(text.len())) {
        (Ok(length @ ..126), _) => frame.push(length),
        (_, length) => {
            frame.push(126);
            frame.extend_from_slice(&length.expect("a frame with a length of two bytes").to_be_bytes());
        }
    }
    frame.extend_from_slice(text.as_bytes());
    frame
}

fn string<'a>(text: &'a [u8], name: &str) -> &'a str {
    let value = value(text, name).and_then(|value| value.strip_prefix(b"\""));
    let end = value.and_then(|value| memchr::memchr(b'"', value));
    let bytes = value.zip(end).map(|(value, end)| &value[..end]);
    bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
}

fn number(text: &[u8], name: &str) -> Option<u64> {
    let value = value(text, name)?;
    let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&value[..digits]).ok()?.parse().ok()
}

fn value<'a>(text: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let at = memmem::find(text, format!("\"{name}\":").as_bytes())?;
    Some(&text[at + name.len() + 3..])
}
