//! Tags and places.

use serde_json::json;

use super::super::album::Album;
use super::super::stage::Stage;

pub async fn play(album: &mut Album) {
    let mut stage = Stage::open(album).await;
    let mut owner = stage.actor_in_room("owner").await;
    let mut ann = stage.actor("ann").await;
    stage.repeats(&mut ann, "join-full").await;
    for member in [&mut ann, &mut owner] {
        member.overhears(301).await;
    }
    stage.asks(&mut owner, "tagMembersCount").await;
    stage.asks(&mut owner, "tagMembersQuery").await;
    stage.asks(&mut owner, "tagTemporaryMute").await;
    stage.hears(&mut ann, "notice-321-tag-muted").await;
    owner.asks(json!({"op": "tagTemporaryMute", "id": 64, "roomid": "1", "targetTag": "red", "muteDuration": 0})).await;
    stage.hears(&mut ann, "notice-322-tag-not-muted").await;
    stage.does(&mut ann, "updateChatRoomRoleTag", 325).await;
    stage.hears(&mut owner, "notice-325-tags").await;
    stage.asks(&mut ann, "updateLocation").await;
}
