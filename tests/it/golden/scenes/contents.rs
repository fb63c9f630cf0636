//! A message of every type.

use super::super::album::Album;
use super::super::stage::Stage;

pub async fn play(album: &mut Album) {
    let mut stage = Stage::open(album).await;
    let mut ann = stage.actor_in_room("ann").await;
    for kind in ["image", "audio", "video", "location", "file", "tip", "custom"] {
        stage.says(&mut ann, &format!("send-{kind}")).await;
        let message = ann.hears_text().await;
        let reply = ann.hears_text().await;
        stage.script.compare(&ann, &format!("server/reply-send-{kind}"), &reply);
        let object = message.strip_prefix(r#"{"op":"message","message":"#).and_then(|rest| rest.strip_suffix('}'));
        assert!(reply.ends_with(&format!(r#""desc":{}}}"#, object.expect("a message"))), "{message} {reply}");
    }
}
