//! The life of rooms.

use serde_json::{Value, json};

use crate::walk::call::Call;
use crate::walk::dice::Draw;

pub fn create(draw: &mut Draw<'_>) -> Option<Call> {
    let creator = draw.account();
    Some(create_by(draw, &creator))
}

/// One that must succeed.
pub fn create_surely(draw: &mut Draw<'_>) -> Call {
    let creator = draw.known_account();
    create_by(draw, &creator)
}

fn create_by(draw: &mut Draw<'_>, creator: &str) -> Call {
    let name = json!(format!("room {}", draw.dice.serial()));
    let (level, notices) = (draw.perhaps(30, 1), draw.dice.of(&[json!(null), json!(1), json!(0)]));
    let [(policy, value), (seconds, length)] = closing(draw);
    let announcement = draw.perhaps(30, "read this");
    Call::server(
        "chatroom/create",
        [
            ("creator", json!(creator)),
            ("name", name),
            ("queuelevel", level),
            ("inOutNotification", notices),
            ("announcement", announcement),
            (policy, value),
            (seconds, length),
        ],
    )
}

/// A closing by itself, never soon.
fn closing(draw: &mut Draw<'_>) -> [(&'static str, Value); 2] {
    let policy = draw.dice.of(&[json!(null), json!(0), json!(1), json!(2)]);
    [("delayClosePolicy", policy), ("delaySeconds", draw.perhaps(50, 86_400))]
}

pub fn update(draw: &mut Draw<'_>) -> Option<Call> {
    let serial = draw.dice.serial();
    let name = draw.perhaps(30, format!("room {serial}"));
    let announcement = draw.perhaps(30, format!("announcement {serial}"));
    let (ext, level) = (draw.perhaps(30, format!("ext {serial}")), draw.dice.of(&[json!(null), json!(0), json!(1)]));
    let (notify, told) = (draw.perhaps(30, false), draw.perhaps(30, format!("told {serial}")));
    let mut call = draw.both(
        "chatroom/update",
        "",
        [
            ("name", name),
            ("announcement", announcement),
            ("ext", ext),
            ("queuelevel", level),
            ("needNotify", notify),
            ("notifyExt", told),
        ],
    );
    call.params.remove("operator");
    Some(call)
}

/// Closing, and more often opening again.
pub fn toggle(draw: &mut Draw<'_>) -> Option<Call> {
    let [policy, seconds] = closing(draw);
    let open = draw.dice.chance(80);
    let mut call = draw.both("chatroom/toggleCloseStat", "operator", [("valid", json!(open)), policy, seconds]);
    let creator = draw.world.rooms.get(&call.room()).map(|room| room.creator.clone());
    if let (Some(creator), true) = (creator, call.has("operator") && draw.dice.chance(85)) {
        call.params.insert("operator".into(), json!(creator));
    }
    Some(call)
}

pub fn settings(draw: &mut Draw<'_>) -> Option<Call> {
    let room = json!(draw.room());
    if draw.flag() {
        let close = draw.perhaps(50, true);
        return Some(Call::server("chatroom/updateInOutNotification", [("roomid", room), ("close", close)]));
    }
    let [policy, seconds] = closing(draw);
    Some(Call::server("chatroom/updateDelayClosePolicy", [("roomid", room), policy, seconds]))
}

pub fn look(draw: &mut Draw<'_>) -> Option<Call> {
    let room = json!(draw.room());
    Some(match draw.dice.below(5) {
        0 => Call::server("chatroom/requestAddr", [("roomid", room), ("accid", json!(draw.account()))]),
        1 => Call::server("chatroom/queryUserRoomIds", [("creator", json!(draw.account()))]),
        2 => Call::server("chatroom/getBatch", [("roomids", json!([room, "1000000000"]))]),
        _ => draw.both("chatroom/get", "", []),
    })
}
