//! A room that is looked at, changed and closed.

use super::super::album::Album;
use super::super::stage::Stage;

pub async fn play(album: &mut Album) {
    let mut stage = Stage::open(album).await;
    let mut ann = stage.actor_in_room("ann").await;
    let mut owner = stage.actor_in_room("owner").await;
    ann.overhears(301).await;
    stage.asks(&mut ann, "get").await;
    stage.does(&mut owner, "update", 312).await;
    stage.hears(&mut ann, "notice-312-room-updated").await;
    stage.says(&mut owner, "toggleCloseStat").await;
    for member in [&mut owner, &mut ann] {
        stage.hears(member, "notice-311-room-closed").await;
        stage.hears(member, "kicked-1-closed").await;
    }
    stage.hears(&mut owner, "reply-toggleCloseStat").await;
    stage.says(&mut ann, "join").await;
    stage.hears(&mut ann, "refused-room-closed").await;
}
