//! Members on their sockets.

use serde_json::json;

use super::messages::{message, target};
use crate::walk::call::{Call, Door};
use crate::walk::dice::Draw;

pub fn login(draw: &mut Draw<'_>) -> Option<Call> {
    let (slot, accid) = (draw.free_slot()?, draw.account());
    // What an answer that was cut off said is known to nobody.
    let token = match draw.world.accounts.get(&accid.to_lowercase()) {
        Some(account) => account.token.clone()?,
        None => "token".to_owned(),
    };
    let token = if draw.dice.chance(10) { "wrong".to_owned() } else { token };
    Some(Call::new(Door::Socket(slot), "@login", [("accid", json!(accid)), ("token", json!(token))]))
}

pub fn join(draw: &mut Draw<'_>) -> Option<Call> {
    let (slot, room, serial) = (draw.socket()?, json!(draw.room()), draw.dice.serial());
    let (nick, ext) = (draw.perhaps(30, format!("nick {serial}")), draw.perhaps(30, format!("ext {serial}")));
    let (tags, told) = (json!(draw.tags()), draw.perhaps(30, format!("told {serial}")));
    let (tags, target) = (draw.perhaps(60, tags), target(draw));
    let params = [
        ("roomid", room),
        ("nick", nick),
        ("ext", ext),
        ("tags", tags),
        ("notifyTargetTags", target),
        ("notifyExt", told),
    ];
    Some(Call::new(Door::Socket(slot), "@join", params))
}

pub fn leave(draw: &mut Draw<'_>) -> Option<Call> {
    let (slot, room) = draw.guest()?;
    Some(Call::new(Door::Socket(slot), "@leave", [("roomid", json!(room))]))
}

pub fn send(draw: &mut Draw<'_>) -> Option<Call> {
    let ((slot, room), [id, kind, attach, high, resend, skip]) = (draw.guest()?, message(draw));
    let (room, target) = (("roomid", json!(room)), ("notifyTargetTags", target(draw)));
    if draw.dice.chance(20) {
        let (to, outcomes) = (("toAccids", json!(draw.accounts(4))), ("outcomes", json!(true)));
        return Some(Call::new(Door::Socket(slot), "@send", [room, id, kind, attach, high, to, outcomes]));
    }
    // Only the application server may ignore mutes.
    let ignore = ("ignoreMute", draw.perhaps(10, true));
    Some(Call::new(Door::Socket(slot), "@send", [room, id, kind, attach, high, resend, skip, target, ignore]))
}

/// Says goodbye, or breaks off.
pub fn end(draw: &mut Draw<'_>) -> Option<Call> {
    let slot = draw.socket()?;
    Some(Call::new(Door::Socket(slot), draw.dice.of(&["@close", "@drop"]), []))
}
