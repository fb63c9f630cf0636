//! A client that reads too slowly, and a gateway that goes away.

use roomgate::base::RoomId;
use roomgate::client::Outgoing;
use serde_json::json;

use super::super::album::Album;
use super::super::stage::{Actor, Stage};
use crate::support::SOON;
use crate::support::raw::Raw;

pub async fn play(album: &mut Album) {
    too_slow(album).await;
    going_away(album).await;
}

async fn too_slow(album: &mut Album) {
    let mut stage = Stage::open(album).await;
    let raw = Raw::connect_narrow(stage.house.gateway.addr(), "/ws", 16 * 1024).await;
    let mut slow = Actor::over("ann", raw);
    slow.asks(json!({"op": "login", "id": 1, "appKey": "key", "accid": "ann", "token": "ann-token"})).await;
    slow.asks(json!({"op": "join", "id": 2, "roomid": "1"})).await;
    let room = RoomId::parse("roomid", "1").expect("a room id");
    while stage.house.metric("roomgate_frames_dropped_total") == 0.0 {
        stage.house.server_sends(room, "owner", Outgoing::text("x".repeat(4000))).await;
        tokio::task::yield_now().await;
    }
    loop {
        let text = slow.hears_text().await;
        if !text.starts_with(r#"{"op":"message","#) {
            stage.script.compare(&slow, "server/lost", &text);
            return;
        }
    }
}

async fn going_away(album: &mut Album) {
    let stage = Stage::open(album).await;
    let mut ann = stage.actor("ann").await;
    let Stage { house, mut script } = stage;
    let stopped = tokio::spawn(house.gateway.stop(SOON));
    let drain = ann.hears_text().await;
    script.compare(&ann, "server/drain", &drain);
    ann.is_closed_with(1001).await;
    stopped.await.expect("it stopped");
}
