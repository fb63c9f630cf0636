//! `authType` 1: a token that the application's own server signed (section 7).

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use roomgate::auth::App;
use roomgate::base::Accid;
use roomgate::client::{Client, ClientError, Event};
use serde_json::{Value, json};

use crate::support::{House, code};

const TEN_MINUTES: Duration = Duration::from_secs(600);

fn ann() -> Accid {
    Accid::parse("accid", "ann").unwrap()
}

async fn log_in(house: &House, accid: &str, token: &str, auth_type: u8) -> (Result<Value, ClientError>, Client) {
    let mut visitor = house.visitor().await;
    let login = json!({"appKey": "key", "accid": accid, "token": token, "authType": auth_type});
    (visitor.request("login", login).await, visitor)
}

async fn is_refused(house: &House, accid: &str, token: &str) {
    let (refused, mut visitor) = log_in(house, accid, token, 1).await;
    assert_eq!(code(refused), Some(302), "{token}");
    let end = visitor.next().await;
    assert!(matches!(end, Some(Event::Closed { code: Some(4001), .. })), "{end:?}");
}

#[tokio::test]
async fn it_holds_until_its_time_is_over() {
    let house = House::with_patience(|_| ()).await;
    let room = house.room().await;
    house.account("ann").await;
    let token = house.gateway.app().dynamic_token(&ann(), house.clock.wall(), TEN_MINUTES);
    for moment in [Duration::ZERO, TEN_MINUTES - Duration::from_millis(1)] {
        house.clock.advance(moment);
        let (reply, mut client) = log_in(&house, "Ann", &token, 1).await;
        assert_eq!(reply.unwrap()["user"]["accid"], "ann");
        client.join(room).await.unwrap();
    }
    house.clock.advance(Duration::from_millis(1));
    is_refused(&house, "ann", &token).await;
}

#[tokio::test]
async fn it_is_for_one_account_of_one_application() {
    let house = House::open().await;
    house.account("ann").await;
    house.account("bob").await;
    let now = house.clock.wall();
    let token = |key, secret| App::new(key, secret).dynamic_token(&ann(), now, TEN_MINUTES);
    let good = token("key", "secret");
    is_refused(&house, "bob", &good).await;
    is_refused(&house, "nobody", &good).await;
    is_refused(&house, "ann", &token("key", "guess")).await;
    is_refused(&house, "ann", &token("other", "secret")).await;
    is_refused(&house, "ann", "nonsense").await;
    log_in(&house, "ann", &good, 1).await.0.unwrap();
}

#[tokio::test]
async fn each_kind_of_token_is_good_for_its_kind_of_login() {
    let house = House::open().await;
    let fixed = house.account("ann").await;
    let dynamic = house.gateway.app().dynamic_token(&ann(), house.clock.wall(), TEN_MINUTES);
    is_refused(&house, "ann", &fixed).await;
    let as_static = log_in(&house, "ann", &dynamic, 0).await.0.unwrap_err();
    assert!(matches!(as_static.code(), Some(302 | 414)), "{as_static}");
    let unknown = log_in(&house, "ann", &fixed, 2).await.0.unwrap_err();
    assert_eq!((unknown.code(), unknown.to_string().contains("authType: 2")), (Some(403), true), "{unknown}");
    house.call("user/refreshToken", &[("accid", "ann")]).await;
    log_in(&house, "ann", &dynamic, 1).await.0.expect("it does not depend on the static one");
}

/// As signers in other languages write it: with what else they like to say, and so longer than any static token.
#[tokio::test]
async fn a_token_of_two_hundred_characters_is_taken() {
    let house = House::open().await;
    house.account("ann").await;
    let token = house.gateway.app().dynamic_token(&ann(), house.clock.wall(), TEN_MINUTES);
    let mut claim: Value = serde_json::from_slice(&STANDARD.decode(token).unwrap()).unwrap();
    claim["issuer"] = json!("the application's own server, in so many words");
    let token = STANDARD.encode(serde_json::to_string_pretty(&claim).unwrap());
    assert!(token.len() >= 200, "{}", token.len());
    log_in(&house, "ann", &token, 1).await.0.unwrap();
}

#[tokio::test]
async fn it_does_not_open_a_blocked_account() {
    let house = House::open().await;
    house.account("ann").await;
    house.call("user/block", &[("accid", "ann")]).await;
    let token = house.gateway.app().dynamic_token(&ann(), house.clock.wall(), TEN_MINUTES);
    let (refused, mut visitor) = log_in(&house, "ann", &token, 1).await;
    assert_eq!(code(refused), Some(422));
    assert!(matches!(visitor.next().await, Some(Event::Closed { code: Some(4002), .. })));
}
