//! The same in Rust, without switches.

use std::num::NonZeroU64;
use std::time::Duration;

use roomgate::base::{Clock, SessionId};

use crate::support::House;

use super::says;

const PACE: NonZeroU64 = NonZeroU64::new(1000).unwrap();

#[tokio::test]
async fn an_embedder_treats_an_account_or_one_session_badly() {
    let house = House::with_still_clock(|_| ()).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut second = house.log_in("ann", &ann.token).await;
    second.client.join(room).await.unwrap();
    let chaos = || house.gateway.chaos("ann").unwrap();
    let sessions: Vec<SessionId> = chaos().sessions().await.iter().map(|inside| inside.session).collect();
    assert_eq!(chaos().slow(PACE).await, Ok(2));
    assert_eq!(chaos().session(sessions[1]).fast().await, Ok(1));
    assert_eq!(chaos().freeze().await, Ok(2));
    says(&house, room, "hello").await;
    let seen = chaos().sessions().await;
    assert!(seen.iter().all(|inside| inside.waiting.frozen && inside.waiting.normal.frames == 1));
    assert_eq!([seen[0].waiting.pace, seen[1].waiting.pace], [Some(PACE), None]);
    assert_eq!(chaos().session(sessions[0]).thaw().await, Ok(1));
    ann.hears_text("hello").await;
    assert_eq!(chaos().cut(), Ok(2));
    ann.breaks_off().await;
    second.breaks_off().await;
}

#[tokio::test]
async fn whoever_is_not_there_is_named() {
    let house = House::open().await;
    let session = SessionId::fresh();
    let missing = house.gateway.chaos("Bob").unwrap().freeze().await.unwrap_err();
    assert_eq!(missing.to_string(), "bob has no connected session");
    let missing = house.gateway.chaos("bob").unwrap().session(session).cut().unwrap_err();
    assert_eq!(missing.to_string(), format!("bob has no connected session {session}"));
    assert!(house.gateway.chaos("not an account").unwrap_err().to_string().starts_with("accid: expected an account"));
}

#[tokio::test]
async fn the_clock_is_the_one_that_was_brought() {
    let clock = Clock::test();
    let house = House::start(clock.clone(), |_| ()).await;
    clock.advance(Duration::from_secs(3));
    assert_eq!(house.gateway.clock().turned(), Some(Duration::from_secs(3)));
    assert_eq!(House::open().await.gateway.clock().turned(), None);
}
