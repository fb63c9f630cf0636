//! From a message to the receiver, through the whole gateway.

use std::time::Duration;

use roomgate::auth::App;
use roomgate::client::Outgoing;

use super::tell;
use crate::support::peer::{Gate, Peer, Say};
use crate::support::{House, SOON};

#[tokio::test]
async fn a_room_is_told_of_in_the_order_in_which_it_happened() {
    let peer = Peer::good().await;
    let house = House::with(tell(&peer)).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for number in 0..20 {
        ann.sends(room, Outgoing::text(number.to_string())).await;
    }
    // Ann's coming in is the first.
    let heard = peer.hears(21).await;
    let sequences: Vec<_> = heard.iter().map(|heard| heard.json()["sequence"].clone()).collect();
    assert_eq!(sequences, (1..=21).map(|number| number.to_string()).collect::<Vec<_>>());
    let said: Vec<_> = heard[1..].iter().map(|heard| heard.json()["attach"].clone()).collect();
    assert_eq!(said, (0..20).map(|number| number.to_string()).collect::<Vec<_>>());
    for heard in &heard {
        let wrong = App::new("key", "secret").wrong_post_headers(heard.body.as_bytes(), |name| heard.header(name));
        assert!(wrong.is_empty(), "{wrong:?}");
        let json = heard.json();
        assert!(json.as_object().unwrap().values().all(serde_json::Value::is_string), "{json}");
        assert_eq!(heard.header("X-Roomgate-Event-Id"), json["eventId"].as_str());
        assert_eq!(heard.header("X-Roomgate-Sequence"), json["sequence"].as_str());
    }
    house.events("delivered", 21).await;
    assert_eq!(house.metric(r#"roomgate_webhook_attempts_total{env="default",result="200"}"#), 21.0);
}

#[tokio::test]
async fn every_member_that_is_sent_is_documented() {
    let peer = Peer::good().await;
    let house = House::with(tell(&peer)).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    house.server_sends(room, "owner", Outgoing::text("hi").to(["ann"])).await;
    let form = room.to_string();
    house.call("chatroom/queueOffer", &[("roomid", &form), ("key", "k"), ("value", "v"), ("operator", "owner")]).await;
    let mut stranger = house.visitor().await;
    assert!(stranger.login("key", "ann", "wrong").await.is_err());
    ann.client.leave(room).await.unwrap();
    let heard = peer.hears(5).await;
    let mut kinds: Vec<_> = heard.iter().map(|heard| heard.json()["eventType"].as_str().unwrap().to_owned()).collect();
    kinds.sort();
    assert_eq!(kinds, ["14", "4", "84", "9", "9"]);
    let documented = include_str!("../../../docs/webhooks.md");
    for heard in heard {
        for name in heard.json().as_object().unwrap().keys() {
            assert!(
                documented.contains(&format!("`{name}`")),
                "docs/webhooks.md does not tell of {name}: {}",
                heard.body
            );
        }
    }
}

#[tokio::test]
async fn a_receiver_that_is_away_hears_it_later_with_the_same_body() {
    let elsewhere = Peer::good().await;
    let other_place = elsewhere.url();
    let peer = Peer::with(move |before, _| match before {
        0 => Say::Status(503),
        1 => Say::Header(302, "Location", other_place.clone()),
        _ => Say::Status(200),
    })
    .await;
    let house = House::with_patience(tell(&peer)).await;
    let room = house.room().await;
    house.server_sends(room, "owner", Outgoing::text("hi")).await;
    for (attempts, wait, result) in [(1, 1, "HTTP 503"), (2, 2, "HTTP 302")] {
        let tried = async {
            loop {
                let pending = house.events("pending", 1).await;
                if pending[0]["attempts"] == attempts {
                    return pending[0]["result"].clone();
                }
            }
        };
        let said = tokio::time::timeout(SOON, tried).await;
        assert_eq!(said.unwrap_or_else(|_| panic!("not tried {attempts} times")), result);
        house.clock.advance(Duration::from_secs(wait));
    }
    let heard = peer.hears(3).await;
    assert!(heard.iter().all(|again| again.body == heard[0].body && again.path == "/hook"));
    assert!(elsewhere.heard().is_empty(), "a redirect is not followed");
    assert_eq!(house.events("delivered", 1).await[0]["attempts"], 3);
}

#[tokio::test]
async fn what_was_not_told_before_the_end_is_told_after_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let place = Peer::nobody();
    let url = format!("http://{place}/").parse().ok();
    let settings = |settings: &mut roomgate::settings::Settings| {
        settings.data = Some(folder.path().to_owned());
        settings.webhook.url = url;
    };
    let house = House::with(settings.clone()).await;
    let room = house.room().await;
    house.server_sends(room, "owner", Outgoing::text("hi")).await;
    house.events("pending", 1).await;
    house.gateway.stop(Duration::from_secs(1)).await;
    let peer = Peer::at(place, |_, _| Say::Status(200)).await;
    let house = House::with(settings).await;
    assert_eq!(peer.hears(1).await[0].json()["attach"], "hi");
    house.events("delivered", 1).await;
}

#[tokio::test]
async fn a_slow_receiver_holds_up_neither_members_nor_other_addresses_nor_the_end() {
    let gate = Gate::closed();
    let never = gate.clone();
    let slow = Peer::with(move |_, _| Say::When(never.clone(), 200)).await;
    let other = Peer::good().await;
    let other_url = other.url().parse().unwrap();
    let to_slow = tell(&slow);
    let house = House::with(|settings| {
        to_slow(settings);
        settings.webhook.env.insert("other".to_owned(), other_url);
    })
    .await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    slow.hears(1).await;
    let (form, to) = (room.to_string(), [("fromAccid", "owner"), ("msgType", "0"), ("env", "other")]);
    for number in 0..10 {
        let id = format!("id-{number}");
        let params = [&to[..], &[("roomid", &form), ("msgId", &id), ("attach", "to other")]].concat();
        house.call("chatroom/sendMsg", &params).await;
        ann.hears_text("to other").await;
    }
    let heard = other.hears(10).await;
    assert!(heard.iter().all(|heard| heard.json()["env"] == "other"));
    house.gateway.stop(Duration::from_millis(100)).await;
}
