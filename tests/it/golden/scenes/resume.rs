//! A connection that breaks, and its session, which goes on or does not.

use std::time::Duration;

use roomgate::base::RoomId;
use roomgate::client::Outgoing;

use super::super::album::Album;
use super::super::stage::Stage;
use crate::support::eventually;

pub async fn play(album: &mut Album) {
    let mut stage = Stage::open(album).await;
    let mut ann = stage.connection("ann").await;
    stage.asks(&mut ann, "login").await;
    stage.repeats(&mut ann, "join").await;
    ann.overhears(301).await;
    drop(ann);
    are_away(&stage, 1.0).await;
    let room = RoomId::parse("roomid", "1").expect("a room id");
    let sent = stage.house.server_sends(room, "owner", Outgoing::text("Are you there?").to(["ann"]).outcomes()).await;
    assert_eq!(sent.outcomes, [("ann".into(), "queued".into())]);

    let mut ann = stage.connection("ann").await;
    stage.asks(&mut ann, "login-resume").await;
    let missed = ann.hears_text().await;
    assert!(missed.contains("Are you there?"), "the fourth frame comes next: {missed}");
    drop(ann);
    are_away(&stage, 1.0).await;
    stage.house.clock.advance(Duration::from_secs(30));
    are_away(&stage, 0.0).await;

    let mut ann = stage.connection("ann").await;
    stage.says(&mut ann, "login-resume").await;
    stage.hears(&mut ann, "reply-login-not-resumed").await;
}

async fn are_away(stage: &Stage<'_>, sessions: f64) {
    eventually("so many sessions are away", || stage.house.metric("roomgate_sessions_away") == sessions).await;
}
