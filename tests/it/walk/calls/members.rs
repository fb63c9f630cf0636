//! What members do to each other.

use serde_json::{Value, json};

use crate::walk::call::Call;
use crate::walk::dice::Draw;

/// Whether and with what it is told.
fn telling(draw: &mut Draw<'_>) -> [(&'static str, Value); 2] {
    let serial = draw.dice.serial();
    [
        ("needNotify", draw.dice.of(&[json!(null), json!(true), json!(false)])),
        ("notifyExt", draw.perhaps(30, format!("told {serial}"))),
    ]
}

pub fn set_role(draw: &mut Draw<'_>) -> Option<Call> {
    let (target, opt) = (json!(draw.account()), json!(draw.dice.of(&[1, 1, 2, 2, -1, -2])));
    // Limits are lifted as often as they are set, or nobody could do anything any more.
    let (set, [_, ext]) = (json!(draw.dice.chance(55)), telling(draw));
    let params = [("target", target), ("opt", opt), ("optvalue", set), ext];
    Some(draw.both("chatroom/setMemberRole", "operator", params))
}

pub fn kick(draw: &mut Draw<'_>) -> Option<Call> {
    let [_, ext] = telling(draw);
    let mut call = draw.both("chatroom/kickMember", "accid", [ext]);
    let online = draw.world.rooms.get(&call.room()).map(|room| room.online()).unwrap_or_default();
    let is_there = !online.is_empty() && draw.dice.chance(60);
    let target = if is_there { draw.dice.of(&online).to_owned() } else { draw.account() };
    call.params.insert("targetAccid".into(), json!(target));
    Some(call)
}

/// For an eye-blink, which ends while the walk goes on, for long, or not any more.
fn duration(draw: &mut Draw<'_>) -> Value {
    draw.dice.of(&[json!(1), json!(1), json!(600), json!(2_592_000), json!(0), json!(0), json!(null)])
}

pub fn mute(draw: &mut Draw<'_>) -> Option<Call> {
    let (target, duration, [notify, ext]) = (json!(draw.account()), duration(draw), telling(draw));
    let params = [("target", target), ("muteDuration", duration), notify, ext];
    Some(draw.both("chatroom/temporaryMute", "operator", params))
}

pub fn mute_tag(draw: &mut Draw<'_>) -> Option<Call> {
    let (duration, [notify, ext]) = (duration(draw), telling(draw));
    let tag = json!(draw.dice.of(&crate::walk::model::TAGS));
    let params = [("targetTag", tag), ("muteDuration", duration), notify, ext];
    Some(draw.both("chatroom/tagTemporaryMute", "operator", params))
}

pub fn mute_room(draw: &mut Draw<'_>) -> Option<Call> {
    let (mute, [notify, ext]) = (json!(draw.dice.chance(35)), telling(draw));
    Some(draw.both("chatroom/muteRoom", "operator", [("mute", mute), notify, ext]))
}

pub fn looks(draw: &mut Draw<'_>) -> Option<Call> {
    let (serial, [notify, ext]) = (draw.dice.serial(), telling(draw));
    let (nick, free) = (draw.perhaps(60, format!("nick {serial}")), draw.perhaps(40, format!("ext {serial}")));
    let save = draw.perhaps(50, true);
    Some(draw.both("chatroom/updateMyRoomRole", "accid", [("nick", nick), ("ext", free), ("save", save), notify, ext]))
}

pub fn tags(draw: &mut Draw<'_>) -> Option<Call> {
    let (tags, notify) = (json!(draw.tags()), draw.perhaps(30, false));
    let mut call = draw.both("chatroom/updateChatRoomRoleTag", "accid", [("tags", tags), ("needNotify", notify)]);
    if call.has("accid") {
        call.params.insert("accid".into(), json!(draw.account()));
    }
    Some(call)
}

pub fn robots(draw: &mut Draw<'_>) -> Option<Call> {
    let (room, serial) = (json!(draw.room()), draw.dice.serial());
    Some(match draw.dice.below(10) {
        0..6 => {
            let (accids, ext) = (json!(draw.accounts(3)), draw.perhaps(40, format!("robot {serial}")));
            let told = draw.perhaps(30, format!("told {serial}"));
            let params = [("roomid", room), ("accids", accids), ("roleExt", ext), ("notifyExt", told)];
            Call::server("chatroom/addRobot", params)
        }
        6..9 => Call::server("chatroom/removeRobot", [("roomid", room), ("accids", json!(draw.accounts(3)))]),
        _ => Call::server("chatroom/cleanRobot", [("roomid", room), ("notify", draw.perhaps(50, true))]),
    })
}

pub fn look(draw: &mut Draw<'_>) -> Option<Call> {
    let accids = json!(draw.accounts(3));
    Some(match draw.dice.below(4) {
        0 => draw.both("chatroom/queryMembers", "", [("accids", accids)]),
        1 => draw.both("chatroom/queryMembersByRole", "", [("roles", json!({"creator": true}))]),
        2 => draw.both("chatroom/tagMembersCount", "", [("tag", json!("red"))]),
        _ => draw.both("chatroom/membersByPage", "", [("type", json!(0)), ("limit", json!(3))]),
    })
}
