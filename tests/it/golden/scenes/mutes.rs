//! Who may not speak for a while.

use std::time::Duration;

use serde_json::json;

use super::super::album::Album;
use super::super::stage::Stage;

pub async fn play(album: &mut Album) {
    let mut stage = Stage::open(album).await;
    let mut owner = stage.actor_in_room("owner").await;
    let mut ann = stage.actor_in_room("ann").await;
    owner.overhears(301).await;
    stage.assign("bob", "2", true).await;
    let mut bob = stage.actor("bob").await;
    bob.asks(json!({"op": "join", "id": 2, "roomid": "1"})).await;
    for member in [&mut owner, &mut ann] {
        member.overhears(309).await;
        member.overhears(301).await;
    }
    bob.overhears(301).await;

    stage.does(&mut owner, "temporaryMute", 314).await;
    for member in [&mut ann, &mut bob] {
        stage.hears(member, "notice-314-muted-for-a-time").await;
    }
    stage.says(&mut bob, "send").await;
    stage.hears(&mut bob, "refused-muted").await;
    stage.house.clock.advance(Duration::from_secs(20));
    owner.asks(json!({"op": "temporaryMute", "id": 62, "roomid": "1", "target": "bob", "muteDuration": 0})).await;
    for member in [&mut ann, &mut bob] {
        stage.hears(member, "notice-315-not-muted-for-a-time").await;
    }

    stage.does(&mut owner, "muteRoom", 318).await;
    for member in [&mut ann, &mut bob] {
        stage.hears(member, "notice-318-room-muted").await;
    }
    stage.says(&mut bob, "send").await;
    stage.hears(&mut bob, "refused-room-muted").await;
    owner.asks(json!({"op": "muteRoom", "id": 63, "roomid": "1", "mute": false})).await;
    stage.hears(&mut ann, "notice-319-room-not-muted").await;
}
