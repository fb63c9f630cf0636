//! Messages to the room and to some of it, and looking back at them.

use roomgate::settings::Settings;
use serde_json::json;

use super::super::album::Album;
use super::super::stage::Stage;
use crate::support::peer::{Peer, Say};

pub async fn play(album: &mut Album) {
    to_the_room_and_to_some(album).await;
    with_all_that_may_be_said(album).await;
    with_a_word_of_the_application_server(album).await;
}

async fn to_the_room_and_to_some(album: &mut Album) {
    let mut stage = Stage::open(album).await;
    let mut bob = stage.actor_in_room("bob").await;
    let mut ann = stage.actor_in_room("ann").await;
    bob.overhears(301).await;
    stage.says(&mut ann, "send").await;
    for member in [&mut ann, &mut bob] {
        stage.hears(member, "message").await;
    }
    stage.hears(&mut ann, "reply-send").await;
    stage.asks(&mut ann, "send-directed").await;
    stage.hears(&mut bob, "message-directed").await;
    stage.asks(&mut ann, "send-again").await;
    stage.says(&mut ann, "send-urgent").await;
    for member in [&mut ann, &mut bob] {
        stage.hears(member, "message-urgent").await;
    }
    stage.hears(&mut ann, "reply-send-urgent").await;
    stage.asks(&mut bob, "history").await;
    stage.says(&mut ann, "recall").await;
    for member in [&mut ann, &mut bob] {
        stage.hears(member, "notice-323-recalled").await;
    }
    stage.hears(&mut ann, "reply-done").await;
}

async fn with_all_that_may_be_said(album: &mut Album) {
    let mut stage = Stage::open(album).await;
    let mut ann = stage.actor("ann").await;
    stage.repeats(&mut ann, "join-full").await;
    ann.overhears(301).await;
    stage.says(&mut ann, "send-full").await;
    stage.hears(&mut ann, "message-full").await;
    stage.hears(&mut ann, "reply-send-full").await;
}

async fn with_a_word_of_the_application_server(album: &mut Album) {
    let answer = json!({"errCode": 0, "callbackExt": "{\"rank\":3}"}).to_string();
    let server = Peer::with(move |_, _| Say::Text(200, answer.clone())).await;
    let url = server.url().parse().expect("an address");
    let asking = |settings: &mut Settings| {
        settings.callback.url = Some(url);
        settings.callback.joins = false;
    };
    let mut stage = Stage::open_with(album, asking).await;
    let mut ann = stage.actor_in_room("ann").await;
    stage.says(&mut ann, "send").await;
    stage.hears(&mut ann, "message-callback").await;
}
