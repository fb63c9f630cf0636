//! What the application server is told of what happens.

mod durable;
mod in_out;
mod messages;
mod queue;

use std::time::Duration;

use roomgate::settings::Settings;
use serde_json::Value;

use crate::support::House;
use crate::support::peer::{Heard, Peer};

/// A house that tells a receiver, which takes everything.
async fn house() -> (House, Peer) {
    let receiver = Peer::good().await;
    let url = receiver.url().parse().unwrap();
    let change = |settings: &mut Settings| {
        settings.webhook.url = Some(url);
        // Who breaks off is out at once.
        settings.socket.resume_time = Duration::ZERO;
    };
    (House::with(change).await, receiver)
}

/// The next `count` events of a type in all that was heard, checked as a receiver should.
async fn events(receiver: &Peer, of_type: &str, count: usize) -> Vec<Value> {
    let mut wanted = count;
    loop {
        let found: Vec<Value> =
            receiver.hears(wanted).await.iter().map(checked).filter(|event| event["eventType"] == of_type).collect();
        if found.len() >= count {
            assert_eq!(found.len(), count, "{found:#?}");
            return found;
        }
        wanted = receiver.heard().len() + 1;
    }
}

/// The body, once its signatures hold and every value in it is a text.
fn checked(heard: &Heard) -> Value {
    let app = roomgate::auth::App::new("key", "secret");
    assert_eq!(app.wrong_post_headers(heard.body.as_bytes(), |name| heard.header(name)), Vec::<&str>::new());
    let body = heard.json();
    let members = body.as_object().expect("an object");
    assert!(members.values().all(Value::is_string), "{body}");
    assert_eq!(body["eventId"], heard.header("X-Roomgate-Event-Id").unwrap_or_default());
    body
}

/// Some members of an event, in the order named.
fn members<'a, const N: usize>(event: &'a Value, names: [&str; N]) -> [&'a str; N] {
    names.map(|name| event[name].as_str().unwrap_or("-"))
}
