//! What is not done, and why.

use super::super::album::Album;
use super::super::stage::Stage;

pub async fn play(album: &mut Album) {
    let mut stage = Stage::open(album).await;
    let mut eve = stage.connection("eve").await;
    stage.says(&mut eve, "join").await;
    stage.hears(&mut eve, "refused-before-login").await;
    stage.asks(&mut eve, "login-refused").await;
    eve.is_closed_with(4001).await;
    let mut ann = stage.actor("ann").await;
    stage.asks(&mut ann, "join-unknown").await;
    stage.asks(&mut ann, "unknown-op").await;
    stage.asks(&mut ann, "without-id").await;
    stage.says(&mut ann, "send").await;
    stage.hears(&mut ann, "refused-not-in-room").await;
}
