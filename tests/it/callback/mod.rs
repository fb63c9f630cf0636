//! The application server is asked before members' messages, joins and logins.

mod joins;
mod messages;

use roomgate::settings::{OnFailure, Settings};
use serde_json::Value;

use crate::support::House;
use crate::support::peer::{Heard, Peer, Say};

/// A house whose application server answers like this.
async fn house(script: impl Fn(usize, &Heard) -> Say + Send + Sync + 'static) -> (House, Peer) {
    house_with(script, |_| ()).await
}

async fn house_with(
    script: impl Fn(usize, &Heard) -> Say + Send + Sync + 'static,
    change: impl FnOnce(&mut Settings),
) -> (House, Peer) {
    let server = Peer::with(script).await;
    let url = server.url().parse().unwrap();
    let house = House::with(|settings| {
        settings.callback.url = Some(url);
        settings.callback.joins = false;
        change(settings);
    })
    .await;
    (house, server)
}

fn refusing(settings: &mut Settings) {
    settings.callback.on_failure = OnFailure::Refuse;
}

fn says(answer: &Value) -> Say {
    Say::Text(200, answer.to_string())
}
