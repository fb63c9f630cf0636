//! Who is what in a room, and who is put out of it.

use serde_json::json;

use super::super::album::Album;
use super::super::stage::{Actor, Stage};

/// The frame of a role that is set or cancelled, the number of its notice, and the file of that.
const ROLES: [(i64, bool, u64, &str); 5] = [
    (1, false, 308, "notice-308-manager-removed"),
    (2, true, 309, "notice-309-common-added"),
    (2, false, 310, "notice-310-common-removed"),
    (-2, true, 305, "notice-305-muted"),
    (-2, false, 306, "notice-306-unmuted"),
];

pub async fn play(album: &mut Album) {
    let mut stage = Stage::open(album).await;
    let [mut ann, mut owner, mut bob] = stage.three_in_room().await;

    stage.does(&mut owner, "setMemberRole", 307).await;
    stage.hears(&mut ann, "notice-307-manager-added").await;
    bob.overhears(307).await;
    stage.asks(&mut ann, "queryMembersByRole").await;
    for (opt, value, notice, file) in ROLES {
        owner.asks(set_role(opt, value)).await;
        stage.hears(&mut ann, file).await;
        bob.overhears(notice).await;
    }
    owner.asks(set_role(-1, true)).await;
    stage.hears(&mut bob, "kicked-5-blocklisted").await;
    stage.hears(&mut ann, "notice-303-blocklisted").await;
    stage.says(&mut bob, "join").await;
    stage.hears(&mut bob, "refused-blocklisted").await;
    owner.asks(set_role(-1, false)).await;
    stage.hears(&mut ann, "notice-304-not-blocklisted").await;

    comes_back(&mut bob, &mut ann, &mut owner).await;
    stage.does(&mut owner, "kickMember", 313).await;
    stage.hears(&mut bob, "kicked-2-by-manager").await;
    stage.hears(&mut ann, "notice-313-kicked").await;

    comes_back(&mut bob, &mut ann, &mut owner).await;
    stage.does(&mut bob, "updateMyRoomRole", 316).await;
    stage.hears(&mut ann, "notice-316-looks").await;
    stage.asks(&mut ann, "queryMembers").await;
    stage.asks(&mut ann, "membersByPage").await;
}

fn set_role(opt: i64, value: bool) -> serde_json::Value {
    let notify_ext = if opt == -1 { json!("house rules") } else { json!(null) };
    json!({"op": "setMemberRole", "id": 60, "roomid": "1", "target": "bob", "opt": opt, "optvalue": value, "notifyExt": notify_ext})
}

async fn comes_back(bob: &mut Actor, ann: &mut Actor, owner: &mut Actor) {
    bob.asks(json!({"op": "join", "id": 61, "roomid": "1"})).await;
    for member in [bob, ann, owner] {
        member.overhears(301).await;
    }
}
