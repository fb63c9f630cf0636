//! Whoever shall not know that it was refused sees what it would have seen.

use roomgate::base::RoomId;
use roomgate::client::Outgoing;
use roomgate::settings::Refused;

use super::house_of_words;
use crate::support::{House, Member};

/// A room with ann, who hears nothing of bob's, and bob, who shall not know.
async fn pretending() -> (House, RoomId, Member, Member) {
    let house = house_of_words(|settings| settings.moderation.refused = Refused::Pretend).await;
    let room = house.room().await;
    let (mut ann, bob) = (house.member_in(room, "ann").await, house.member_in(room, "bob").await);
    ann.hears_notice(301, "bob").await;
    (house, room, ann, bob)
}

#[tokio::test]
async fn it_is_told_outcomes_as_if_they_were() {
    let (_house, room, mut ann, mut bob) = pretending().await;
    let message = |text: &str| Outgoing::text(text).to(["ann", "bob", "nobody"]).outcomes();
    let refused = bob.sends(room, message("bad")).await;
    bob.hears_text("bad").await;
    ann.hears_nothing().await;
    let sent = bob.sends(room, message("good")).await;
    bob.hears_text("good").await;
    ann.hears_text("good").await;
    assert_eq!(refused.outcomes, sent.outcomes);
}

#[tokio::test]
async fn it_sees_the_lane_that_it_asked_for() {
    let (_house, room, mut ann, mut bob) = pretending().await;
    let sent = bob.sends(room, Outgoing::text("bad").high()).await;
    assert!(sent.message.is_high() && bob.hears_text("bad").await.is_high());
    ann.hears_nothing().await;
}

#[tokio::test]
async fn sent_again_it_comes_once_as_everything_does() {
    let (_house, room, mut ann, mut bob) = pretending().await;
    for text in ["bad", "good"] {
        bob.sends(room, Outgoing::text(text).id(text)).await;
        bob.sends(room, Outgoing::text(text).id(text).resend()).await;
        bob.hears_text(text).await;
        bob.hears_nothing().await;
    }
    ann.hears_text("good").await;
    ann.hears_nothing().await;
}
