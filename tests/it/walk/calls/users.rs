//! `/user/…`

use serde_json::json;

use crate::walk::call::Call;
use crate::walk::dice::Draw;

pub fn create(draw: &mut Draw<'_>) -> Option<Call> {
    let (accid, serial) = (draw.any_account(), draw.dice.serial());
    let (name, token) = (format!("name {serial}"), format!("token {serial}"));
    Some(Call::server("user/create", [("accid", json!(accid)), ("name", json!(name)), ("token", json!(token))]))
}

pub fn token(draw: &mut Draw<'_>) -> Option<Call> {
    let (accid, serial) = (json!(draw.account()), draw.dice.serial());
    Some(if draw.flag() {
        Call::server("user/update", [("accid", accid), ("token", json!(format!("token {serial}")))])
    } else {
        Call::server("user/refreshToken", [("accid", accid)])
    })
}

pub fn profile(draw: &mut Draw<'_>) -> Option<Call> {
    let (accid, serial) = (draw.account(), draw.dice.serial());
    let name = draw.dice.of(&[json!(format!("name {serial}")), json!(""), json!(null)]);
    Some(Call::server("user/updateUinfo", [("accid", json!(accid)), ("name", name)]))
}

pub fn block(draw: &mut Draw<'_>) -> Option<Call> {
    let needkick = draw.perhaps(60, true);
    Some(Call::server("user/block", [("accid", json!(draw.account())), ("needkick", needkick)]))
}

pub fn unblock(draw: &mut Draw<'_>) -> Option<Call> {
    Some(Call::server("user/unblock", [("accid", json!(draw.account()))]))
}

/// More often lifted than set, so that most may speak.
pub fn mute(draw: &mut Draw<'_>) -> Option<Call> {
    let (accid, mute) = (json!(draw.account()), json!(draw.dice.chance(10)));
    if draw.flag() {
        return Some(Call::server("user/mute", [("accid", accid), ("mute", mute)]));
    }
    let (p2p, team) = (draw.perhaps(50, true), draw.perhaps(50, false));
    let modules = [("accid", accid), ("muteP2P", p2p), ("muteTeam", team), ("muteRoom", mute)];
    Some(Call::server("user/muteModule", modules))
}

pub fn look(draw: &mut Draw<'_>) -> Option<Call> {
    let accids = json!(draw.accounts(5));
    let action = draw.dice.of(&["user/getUinfos", "user/userOnlineStatus"]);
    Some(Call::server(action, [("accids", accids)]))
}
