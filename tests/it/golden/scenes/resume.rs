//! Connections that break, and sessions that go on.

use super::super::album::Album;
use super::super::stage::Stage;

pub async fn play(album: &mut Album) {
    let mut stage = Stage::open(album).await;
    let mut ann = stage.connection("ann").await;
    stage.asks(&mut ann, "login").await;
    stage.says(&mut ann, "login-resume").await;
    drop(ann);
    let mut ann = stage.connection("ann").await;
    stage.says(&mut ann, "login-resume").await;
    stage.hears(&mut ann, "reply-login-not-resumed").await;
}
