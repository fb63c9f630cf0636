//! Messages.

use serde_json::{Value, json};

use crate::walk::call::{Call, Door};
use crate::walk::dice::{Draw, NOBODY};

pub fn msg_id(draw: &mut Draw<'_>) -> String {
    format!("m{}-{}", draw.dice.lane(), draw.dice.serial())
}

pub fn target(draw: &mut Draw<'_>) -> Value {
    let tags = draw.tags();
    let expression: Vec<String> = tags.iter().map(|tag| format!(r#"{{"tag": "{tag}"}}"#)).collect();
    if tags.is_empty() { Value::Null } else { draw.perhaps(50, expression.join(" or ")) }
}

/// A message as both doors send it. What is urgent is not kept for those who come back: that has tests of its own.
pub fn message(draw: &mut Draw<'_>) -> [(&'static str, Value); 6] {
    let (kind, high) = (draw.dice.of(&[0, 0, 10, 100]), draw.perhaps(15, true));
    [
        ("msgId", json!(msg_id(draw))),
        ("msgType", json!(kind)),
        ("attach", json!("hello")),
        ("highPriority", high),
        ("needHighPriorityMsgResend", json!(false)),
        ("skipHistory", draw.perhaps(10, 1)),
    ]
}

pub fn send(draw: &mut Draw<'_>) -> Option<Call> {
    let [id, kind, attach, high, resend, skip] = message(draw);
    let (room, from) = (("roomid", json!(draw.room())), ("fromAccid", json!(draw.account())));
    let target = ("notifyTargetTags", target(draw));
    let ignore = ("ignoreMute", draw.perhaps(15, true));
    Some(Call::server("chatroom/sendMsg", [room, from, id, kind, attach, high, resend, skip, target, ignore]))
}

fn list(draw: &mut Draw<'_>) -> Value {
    (0..=draw.dice.below(3)).map(|_| json!({"msgId": msg_id(draw), "msgType": 0, "attach": "one of some"})).collect()
}

pub fn batch(draw: &mut Draw<'_>) -> Option<Call> {
    let (room, from) = (("roomid", json!(draw.room())), ("fromAccid", json!(draw.account())));
    let target = ("notifyTargetTags", target(draw));
    let (list, ignore) = (("msgList", list(draw)), ("ignoreMute", draw.perhaps(30, true)));
    Some(Call::server("chatroom/batchSendMsg", [room, from, list, ignore, target]))
}

pub fn directed(draw: &mut Draw<'_>) -> Option<Call> {
    let [id, kind, attach, high, ..] = message(draw);
    let (room, from) = (("roomid", json!(draw.room())), ("fromAccid", json!(draw.account())));
    let (to, outcomes) = (("toAccids", json!(draw.accounts(4))), ("outcomes", json!(true)));
    Some(Call::server("chatroom/sendMsgToSomeone", [room, from, id, kind, attach, high, to, outcomes]))
}

pub fn batch_directed(draw: &mut Draw<'_>) -> Option<Call> {
    let (room, from) = (("roomid", json!(draw.room())), ("fromAccid", json!(draw.account())));
    let (list, to) = (("msgList", list(draw)), ("toAccids", json!(draw.accounts(4))));
    Some(Call::server("chatroom/batchSendMsgToSomeone", [room, from, list, to]))
}

pub fn broadcast(draw: &mut Draw<'_>) -> Option<Call> {
    let (id, from) = (json!(msg_id(draw)), json!(draw.known_account()));
    Some(Call::server("chatroom/broadcast", [("msgId", id), ("fromAccid", from), ("msgType", json!(0))]))
}

/// Mostly a message that there is.
fn known(draw: &mut Draw<'_>, room: u64) -> (Value, Value, Value) {
    let past = draw.world.rooms.get(&room).map_or(&[][..], |room| &room.past.0);
    let messages: Vec<_> = past.iter().filter(|entry| entry.msg_id.is_some() && entry.time.is_some()).collect();
    if messages.is_empty() || draw.dice.chance(10) {
        return (json!("none"), json!(NOBODY), json!(1_000_000_000_000_u64));
    }
    let entry = draw.dice.of(&messages);
    (json!(entry.msg_id), json!(entry.from), json!(entry.time))
}

pub fn recall(draw: &mut Draw<'_>) -> Option<Call> {
    let mut call = draw.both("chatroom/recall", "operatorAcc", [("notifyExt", json!("oops"))]);
    let (id, from, time) = known(draw, call.room());
    call.params.insert("msgId".into(), id);
    // A member recalls its own at times.
    let own = matches!(call.door, Door::Socket(_)) && draw.flag();
    let from = if own { json!(draw.account()) } else { from };
    call.params.insert("fromAcc".into(), from);
    call.params.insert("msgTimetag".into(), time);
    Some(call)
}

pub fn delete(draw: &mut Draw<'_>) -> Option<Call> {
    let room = draw.room();
    let (_, from, time) = known(draw, room);
    let params = [("roomid", json!(room)), ("fromAcc", from), ("msgTimetag", time)];
    Some(Call::server("chatroom/deleteHistoryMessage", params))
}
