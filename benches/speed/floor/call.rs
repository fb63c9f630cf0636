//! A directed message over the signed server API: the signature is checked, each account is looked up, each recipient gets one write, and
//! the caller an answer like roomgate's.

use std::time::{SystemTime, UNIX_EPOCH};

use roomgate::auth::{App, Signature};

use super::input::header;
use super::peers::{Number, Peers};
use super::words::{self, Message};

/// Serves one call.
pub(super) fn serve(app: &App, peers: &Peers, from: Number, head: &[u8], body: &[u8]) {
    let answer = send(app, peers, head, body).unwrap_or_else(|| r#"{"code":414,"desc":"not understood"}"#.to_owned());
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\r\n{answer}",
        answer.len()
    );
    peers.write(from, answer.as_bytes());
}

/// The answer, if it is a call as it must be.
fn send(app: &App, peers: &Peers, head: &[u8], body: &[u8]) -> Option<String> {
    let signature = Signature {
        app_key: header(head, "AppKey")?,
        nonce: header(head, "Nonce")?,
        cur_time: header(head, "CurTime")?,
        check_sum: header(head, "CheckSum")?,
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_millis();
    app.verify(&signature, u64::try_from(now).ok()?).ok()?;
    let (mut room, mut msg_id, mut from, mut to, mut attach) = Default::default();
    for (name, value) in form_urlencoded::parse(body) {
        match &*name {
            "roomid" => room = value,
            "msgId" => msg_id = value,
            "fromAccid" => from = value,
            "toAccids" => to = value,
            "attach" => attach = value,
            _ => {}
        }
    }
    peers.find(&from)?;
    let accids: Vec<&str> = serde_json::from_str(&to).ok()?;
    let message =
        Message { msg_id: &msg_id, client: "REST", attach: &attach, room: &room, from: &from, directed: true };
    let message = message.object();
    let frame = words::frame(&format!(r#"{{"op":"message","message":{message}}}"#));
    for accid in accids {
        if let Some(member) = peers.find(accid) {
            peers.write(member, &frame);
        }
    }
    Some(format!(r#"{{"code":200,"desc":{message}}}"#))
}
