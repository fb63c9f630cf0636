//! What an operator sees of the ledger, and has sent again.

use roomgate::client::Outgoing;

use super::tell;
use crate::support::House;
use crate::support::peer::{Peer, Say};

#[tokio::test]
async fn events_are_listed_by_page_filtered_and_shown_with_their_body() {
    let peer = Peer::good().await;
    let house = House::with(tell(&peer)).await;
    let (one, two) = (house.room().await, house.room().await);
    for (room, text) in [(one, "a"), (two, "b"), (one, "c")] {
        house.server_sends(room, "owner", Outgoing::text(text)).await;
    }
    let all = house.events("delivered", 3).await;
    let rooms: Vec<_> = all.iter().map(|event| event["roomid"].to_string().replace('"', "")).collect();
    assert_eq!(rooms, [one.to_string(), two.to_string(), one.to_string()]);
    let page = house.shows("/webhook/events?limit=2").await;
    assert_eq!(page["events"].as_array().unwrap(), &all[..2]);
    let after = all[1]["eventId"].as_str().unwrap();
    let rest = house.shows(&format!("/webhook/events?limit=2&after={after}")).await;
    assert_eq!(rest["events"].as_array().unwrap(), &all[2..]);
    let of_two = house.shows(&format!("/webhook/events?room={two}&env=default")).await;
    assert_eq!(of_two["events"].as_array().unwrap(), &all[1..2]);
    for nothing in ["state=dead", "state=pending", "room=99"] {
        assert_eq!(house.shows(&format!("/webhook/events?{nothing}")).await["events"], serde_json::json!([]));
    }
    let shown = house.shows(&format!("/webhook/events/{after}")).await;
    assert_eq!((&shown["body"]["attach"], &shown["state"]), (&"b".into(), &"delivered".into()));
    let heard = peer.heard();
    assert!(heard.iter().any(|heard| heard.json() == shown["body"]));
}

#[tokio::test]
async fn what_was_given_up_on_or_delivered_is_sent_again() {
    let peer = Peer::with(|before, _| Say::Status(if before < 2 { 400 } else { 200 })).await;
    let told = tell(&peer);
    let house = House::with(|settings| {
        told(settings);
        settings.webhook.attempts = 1;
    })
    .await;
    let room = house.room().await;
    for text in ["a", "b"] {
        house.server_sends(room, "owner", Outgoing::text(text)).await;
    }
    let dead = house.events("dead", 2).await;
    let id = dead[0]["eventId"].as_str().unwrap();
    assert_eq!(
        house.desk("POST", &format!("/webhook/events/{id}/retry")).await,
        (200, serde_json::json!({"again": 1}))
    );
    house.events("delivered", 1).await;
    assert_eq!(house.desk("POST", "/webhook/retry?state=dead").await, (200, serde_json::json!({"again": 1})));
    house.events("delivered", 2).await;
    house.desk("POST", &format!("/webhook/events/{id}/retry")).await;
    peer.hears(5).await;
}

#[tokio::test]
async fn a_misspelt_address_is_no_empty_one() {
    let peer = Peer::good().await;
    let house = House::with(tell(&peer)).await;
    let calls = [
        ("GET", "/webhook/events?env=typo"),
        ("POST", "/webhook/retry?state=dead&env=typo"),
        ("POST", "/webhook/forget?state=dead&env=typo"),
    ];
    for (method, path) in calls {
        let error = serde_json::json!({"error": "there is no webhook address \"typo\", expected one of: default"});
        assert_eq!(house.desk(method, path).await, (404, error), "{path}");
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_words() {
    let house = House::open().await;
    let cases = [
        ("GET", "/webhook/events?state=lost", 400, "state: expected pending, delivered or dead, got \"lost\""),
        ("GET", "/webhook/events?limit=0", 400, "limit: expected a number from 1 to 1000, got \"0\""),
        ("GET", "/webhook/events?room=lobby", 400, "room"),
        ("GET", "/webhook/events?rooom=1", 400, "unknown parameter rooom: expected state, env, room, after, limit"),
        ("GET", "/webhook/events?after=nonsense", 400, "after: expected the id of an event, got \"nonsense\""),
        ("GET", "/webhook/events/", 400, "expected the id of an event behind /webhook/events/"),
        ("POST", "/webhook/forget", 400, "state: expected dead"),
        ("POST", "/webhook/events/x-1/forget", 404, "there is no event x-1"),
        ("GET", "/webhook/events/x-1", 404, "there is no event x-1"),
        ("POST", "/webhook/events", 405, "this path takes GET"),
        ("GET", "/webhook/test", 405, "this path takes POST"),
        ("POST", "/webhook/retry", 400, "state: expected dead"),
        ("POST", "/webhook/retry?state=dead", 409, "no webhook address is configured"),
        ("POST", "/webhook/test", 409, "no webhook address is configured"),
    ];
    for (method, path, expected, words) in cases {
        let (status, json) = house.desk(method, path).await;
        let error = json["error"].as_str().unwrap_or_default();
        assert_eq!((status, error.contains(words)), (expected, true), "{method} {path}: {json}");
    }
}
