//! What application servers are told, and what operators may do about it.

mod commands;
mod delivery;
mod ledger;
mod listen;
mod pages;

use roomgate::settings::Settings;
use serde_json::Value;

use crate::support::peer::Peer;
use crate::support::{House, Http, SOON};

/// Has this peer told of everything.
pub fn tell(peer: &Peer) -> impl FnOnce(&mut Settings) {
    let url = peer.url().parse().ok();
    |settings| settings.webhook.url = url
}

impl House {
    /// What an operator is answered: the HTTP status and JSON.
    async fn desk(&self, method: &str, path: &str) -> (u16, Value) {
        let answer = Http::to(self.gateway.internal_addr()).send(method, path, &[], b"").await;
        let json = serde_json::from_str(&answer.body);
        (answer.status, json.unwrap_or_else(|_| panic!("no JSON: {answer:?}")))
    }

    /// What an operator is shown; it must be there.
    async fn shows(&self, path: &str) -> Value {
        let (status, json) = self.desk("GET", path).await;
        assert_eq!(status, 200, "{path}: {json}");
        json
    }

    /// The events that are so far, once there are so many; the newest first.
    async fn events(&self, state: &str, count: usize) -> Vec<Value> {
        let listed = async {
            loop {
                let json = self.shows(&format!("/webhook/events?state={state}")).await;
                let events = json["events"].as_array().expect("a list").clone();
                if events.len() == count {
                    return events;
                }
            }
        };
        tokio::time::timeout(SOON, listed).await.unwrap_or_else(|_| panic!("not {count} events are {state}"))
    }
}
