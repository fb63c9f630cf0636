//! Queues.

use serde_json::{Map, Value, json};

use crate::walk::call::Call;
use crate::walk::dice::Draw;

const KEYS: [&str; 6] = ["a", "b", "c", "d", "e", "clé"];

fn key(draw: &mut Draw<'_>) -> &'static str {
    draw.dice.of(&KEYS)
}

fn value(draw: &mut Draw<'_>) -> String {
    format!("value {}", draw.dice.serial())
}

fn urgency(draw: &mut Draw<'_>) -> (&'static str, Value) {
    ("highPriority", draw.dice.of(&[json!(null), json!(null), json!(0), json!(1)]))
}

/// Small ones fill up.
pub fn init(draw: &mut Draw<'_>) -> Option<Call> {
    let size = draw.dice.of(&[json!(null), json!(0), json!(2), json!(3), json!(4), json!(1000)]);
    Some(Call::server("chatroom/queueInit", [("roomid", json!(draw.room())), ("sizeLimit", size)]))
}

pub fn offer(draw: &mut Draw<'_>) -> Option<Call> {
    let (key, value, urgency) = (json!(key(draw)), json!(value(draw)), urgency(draw));
    let transient = draw.dice.of(&[json!(null), json!(false), json!(true), json!(true)]);
    let mut call = draw.both(
        "chatroom/queueOffer",
        "operator",
        [("key", key), ("value", value), ("transient", transient), urgency],
    );
    say_who(draw, &mut call);
    Some(call)
}

/// The application server names mostly somebody who is in the room, or nobody.
fn say_who(draw: &mut Draw<'_>, call: &mut Call) {
    if !call.has("operator") {
        return;
    }
    let here: Vec<String> =
        draw.world.rooms.get(&call.room()).map(|room| room.here.keys().cloned().collect()).unwrap_or_default();
    match draw.dice.below(5) {
        0 => drop(call.params.remove("operator")),
        1..4 if !here.is_empty() => drop(call.params.insert("operator".into(), json!(draw.dice.of(&here)))),
        _ => {}
    }
}

pub fn offer_all(draw: &mut Draw<'_>) -> Option<Call> {
    let elements: Vec<Value> = (0..=draw.dice.below(3)).map(|_| element(draw)).collect();
    let (transient, notify, urgency) = (draw.perhaps(20, true), draw.perhaps(30, false), urgency(draw));
    let params = [("elements", json!(elements)), ("transient", transient), ("needNotify", notify), urgency];
    let mut call = draw.both("chatroom/queueBatchOffer", "operator", params);
    say_who(draw, &mut call);
    Some(call)
}

fn element(draw: &mut Draw<'_>) -> Value {
    let mut element = json!({"key": key(draw), "value": value(draw)});
    if draw.dice.chance(20) {
        element["accid"] = json!(draw.account());
    }
    if draw.dice.chance(40) {
        element["transient"] = json!(draw.flag());
    }
    element
}

pub fn update(draw: &mut Draw<'_>) -> Option<Call> {
    let pairs: Map<String, Value> =
        (0..=draw.dice.below(3)).map(|_| (key(draw).to_owned(), json!(value(draw)))).collect();
    let (notify, urgency) = (draw.perhaps(30, false), urgency(draw));
    let told = draw.perhaps(20, "told");
    let params = [("elements", Value::Object(pairs)), ("needNotify", notify), ("notifyExt", told), urgency];
    Some(draw.both("chatroom/queueBatchUpdateElements", "operator", params))
}

pub fn poll(draw: &mut Draw<'_>) -> Option<Call> {
    let (key, urgency) = (json!(key(draw)), urgency(draw));
    let key = draw.perhaps(50, key);
    Some(draw.both("chatroom/queuePoll", "", [("key", key), urgency]))
}

pub fn clear(draw: &mut Draw<'_>) -> Option<Call> {
    let urgency = urgency(draw);
    Some(draw.both("chatroom/queueDrop", "", [urgency]))
}

pub fn look(draw: &mut Draw<'_>) -> Option<Call> {
    let keys = json!([key(draw), "x"]);
    Some(if draw.flag() {
        draw.both("chatroom/queueMultiGet", "", [("keys", keys)])
    } else {
        draw.both("chatroom/queueList", "", [])
    })
}
