//! `resendFlag`: sent again means once for whoever has it, and at last for whoever misses it.

use std::time::Duration;

use roomgate::client::{Event, Outgoing};

use crate::support::{House, Member};

fn outcomes(sent: &roomgate::client::Sent) -> Vec<&str> {
    sent.outcomes.iter().map(|(_, outcome)| outcome.as_str()).collect()
}

#[tokio::test]
async fn a_directed_message_reaches_only_who_misses_it() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let message = || Outgoing::text("x").id("m").to(["ann", "bob"]).outcomes();
    house.account("late").await;
    let first = house.server_sends(room, "owner", message()).await;
    assert_eq!(outcomes(&first), ["queued", "unknown"]);
    let mut bob = house.member_in(room, "bob").await;
    let again = house.server_sends(room, "owner", message().resend()).await;
    assert_eq!(outcomes(&again), ["duplicate", "queued"]);
    let third = house.server_sends(room, "owner", message().resend()).await;
    assert_eq!(outcomes(&third), ["duplicate", "duplicate"]);
    ann.hears_text("x").await;
    bob.hears_text("x").await;
    ann.hears_nothing_but_notices().await;
    bob.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn a_room_message_reaches_only_who_misses_it() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    house.server_sends(room, "owner", Outgoing::text("x").id("m")).await;
    let mut bob = house.member_in(room, "bob").await;
    for _ in 0..3 {
        house.server_sends(room, "owner", Outgoing::text("x").id("m").resend()).await;
    }
    ann.hears_text("x").await;
    bob.hears_text("x").await;
    ann.hears_nothing_but_notices().await;
    bob.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn a_new_session_misses_what_the_old_one_had() {
    let house = House::open().await;
    let room = house.room().await;
    let mut phone = house.member_in(room, "ann").await;
    house.server_sends(room, "owner", Outgoing::text("x").id("m").to(["ann"])).await;
    let mut tablet = house.log_in("ann", &phone.token).await;
    tablet.client.join(room).await.unwrap();
    let again = house.server_sends(room, "owner", Outgoing::text("x").id("m").to(["ann"]).resend().outcomes()).await;
    assert_eq!(outcomes(&again), ["queued"], "one session got it");
    phone.hears_text("x").await;
    tablet.hears_text("x").await;
    phone.hears_nothing_but_notices().await;
    tablet.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn without_the_flag_it_is_delivered_again() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for _ in 0..3 {
        house.server_sends(room, "owner", Outgoing::text("x").id("m").to(["ann"])).await;
    }
    for _ in 0..3 {
        ann.hears_text("x").await;
    }
    ann.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn the_same_id_of_another_sender_or_room_is_another_message() {
    let house = House::open().await;
    let (room, other) = (house.room().await, house.room().await);
    let mut ann = house.member_in(room, "ann").await;
    ann.enters(other).await;
    for (room, from, text) in [(room, "owner", "1"), (room, "ann", "2"), (other, "owner", "3")] {
        house.server_sends(room, from, Outgoing::text(text).id("m").to(["ann"]).resend()).await;
        ann.hears_text(text).await;
    }
}

#[tokio::test]
async fn after_five_minutes_it_is_a_new_message() {
    let house = House::with_still_clock(|settings| settings.socket.ping_interval = Duration::from_secs(3600)).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let send = async |again: bool| {
        let message = Outgoing::text("x").id("m").to(["ann"]).outcomes();
        let sent = house.server_sends(room, "owner", if again { message.resend() } else { message }).await;
        sent.outcomes[0].1.clone()
    };
    assert_eq!(send(false).await, "queued");
    house.clock.advance(Duration::from_secs(299));
    assert_eq!(send(true).await, "duplicate");
    house.clock.advance(Duration::from_secs(300));
    assert_eq!(send(true).await, "queued");
    ann.hears_text("x").await;
    ann.hears_text("x").await;
}

#[tokio::test]
async fn what_a_full_lane_dropped_comes_with_a_resend() {
    let house = House::with(|settings| settings.lanes.normal_bytes = 32 * 1024).await;
    let room = house.room().await;
    let mut slow = house.member_in(room, "slow").await;
    let mut kept: Member = house.member_in(room, "ann").await;
    let text = |number: usize| format!("{number} {}", "x".repeat(4000));
    // More than the kernel's buffers and the lane hold together.
    for number in 0..400 {
        house.server_sends(room, "owner", Outgoing::text(text(number)).id(number.to_string())).await;
        kept.hears_text(&text(number)).await;
    }
    let (mut heard, mut lost) = (Vec::new(), 0);
    while heard.len() + lost < 400 {
        match slow.event().await {
            Event::Message(message) if message.is_notice() => {}
            Event::Message(message) => heard.push(message.msg_id().parse::<usize>().unwrap()),
            Event::Lost { count, .. } => lost += usize::try_from(count).unwrap(),
            other => panic!("{other:?}"),
        }
    }
    assert!(lost > 0, "the lane was full");
    for number in 0..400 {
        house.server_sends(room, "owner", Outgoing::text(text(number)).id(number.to_string()).resend()).await;
        if !heard.contains(&number) {
            slow.hears_text(&text(number)).await;
        }
    }
    slow.hears_nothing_but_notices().await;
    kept.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn a_loss_in_one_room_is_not_taken_for_one_in_another() {
    let house = House::with(|settings| settings.lanes.normal_bytes = 32 * 1024).await;
    let (room, other) = (house.room().await, house.room().await);
    let mut slow = house.member_in(room, "slow").await;
    slow.enters(other).await;
    let text = "x".repeat(4000);
    // In the middle of those of the first room, where a full lane drops them.
    house.server_sends(other, "owner", Outgoing::text("seen").id("200")).await;
    slow.hears_text("seen").await;
    for number in 0..400 {
        house.server_sends(room, "owner", Outgoing::text(&text).id(number.to_string())).await;
    }
    house.server_sends(other, "owner", Outgoing::text("seen").id("200").resend()).await;
    let last = house.server_sends(other, "owner", Outgoing::text("last").to(["slow"])).await;
    loop {
        match slow.event().await {
            Event::Message(message) if message.raw() == last.message.raw() => return,
            Event::Message(message) => assert_ne!(message.attach(), "seen", "it has this one"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn more_losses_than_are_remembered_are_no_reason_to_miss_a_resend() {
    const MESSAGES: usize = roomgate::base::limits::MISSED_ENTRIES + 1500;
    let house = House::with(|settings| {
        settings.lanes.normal_bytes = 32 * 1024;
        // On a busy machine ten seconds may not be enough for all of it.
        settings.socket.stall_timeout = Duration::from_secs(600);
    })
    .await;
    let room = house.room().await;
    let mut slow = house.member_in(room, "slow").await;
    let mut bob = house.member_in(room, "bob").await;
    let filling = |number: usize| Outgoing::text("x".repeat(1000)).id(number.to_string());
    for number in 0..MESSAGES {
        bob.sends(room, filling(number)).await;
        while bob.client.try_next().is_some() {}
    }
    let (mut heard, mut lost) = (Vec::new(), 0);
    while heard.len() + lost < MESSAGES {
        match slow.event().await {
            Event::Message(message) if message.is_notice() => {}
            Event::Message(message) => heard.push(message.msg_id().parse::<usize>().unwrap()),
            Event::Lost { count, .. } => lost += usize::try_from(count).unwrap(),
            other => panic!("{other:?}"),
        }
    }
    let missed = (0..MESSAGES).filter(|number| !heard.contains(number));
    for number in missed.step_by(500) {
        bob.sends(room, filling(number).resend()).await;
        assert_eq!(slow.hears().await.msg_id(), number.to_string());
    }
}

#[tokio::test]
async fn where_nobody_is_it_stands_in_the_history_once() {
    let house = House::open().await;
    let room = house.room().await;
    for _ in 0..3 {
        house.server_sends(room, "owner", Outgoing::text("x").id("m").resend()).await;
    }
    assert_eq!(house.past_texts(room).await, ["x"]);
}
