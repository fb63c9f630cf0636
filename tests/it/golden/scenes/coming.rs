//! Logging in, entering, leaving.

use super::super::album::Album;
use super::super::stage::Stage;

pub async fn play(album: &mut Album) {
    let mut stage = Stage::open(album).await;
    let mut bob = stage.actor_in_room("bob").await;
    let mut ann = stage.connection("ann").await;
    stage.asks(&mut ann, "login").await;
    stage.says(&mut ann, "ack").await;
    stage.asks(&mut ann, "ping").await;
    stage.asks(&mut ann, "join").await;
    for member in [&mut ann, &mut bob] {
        stage.hears(member, "notice-301-enter").await;
    }
    stage.asks(&mut ann, "leave").await;
    stage.hears(&mut bob, "notice-302-exit").await;
    stage.asks(&mut ann, "join-full").await;
    for member in [&mut ann, &mut bob] {
        stage.hears(member, "notice-301-enter-full").await;
    }
    let mut tablet = stage.connection("ann").await;
    stage.asks(&mut tablet, "login-dynamic").await;
    stage.hears(&mut ann, "kicked-3-elsewhere").await;
    ann.is_closed_with(4003).await;
}
