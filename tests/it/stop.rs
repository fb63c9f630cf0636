//! Going away: everybody is told, what waits is written, nobody new comes in.

use std::time::Duration;

use roomgate::client::{Client, Event, Outgoing};

use crate::support::{House, SOON};

#[tokio::test]
async fn everybody_is_told_to_come_back_and_gets_what_waits() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    ann.hears_notice(301, "bob").await;
    for number in 0..50 {
        house.server_sends(room, "owner", Outgoing::text(number.to_string())).await;
    }
    let addr = house.gateway.addr();
    let stopped = tokio::spawn(house.gateway.stop(SOON));
    for member in [&mut ann, &mut bob] {
        for number in 0..50 {
            member.hears_text(&number.to_string()).await;
        }
        let drain = member.event().await;
        let Event::Drain { reconnect_after } = drain else { panic!("{drain:?}") };
        assert!((500..=5500).contains(&reconnect_after.as_millis()), "{reconnect_after:?}");
        member.is_closed_with(1001).await;
    }
    stopped.await.unwrap();
    assert!(Client::connect(addr).await.is_err(), "nobody new comes in");
}

#[tokio::test]
async fn clients_come_back_spread_over_time() {
    let house = House::with(|settings| settings.writers = 1).await;
    let token = house.account("ann").await;
    let mut members = Vec::new();
    for _ in 0..10 {
        members.push(house.log_in("ann", &token).await);
    }
    let stopped = tokio::spawn(house.gateway.stop(SOON));
    let mut after = Vec::new();
    for member in &mut members {
        let Event::Drain { reconnect_after } = member.event().await else { panic!("a drain") };
        after.push(reconnect_after);
        member.is_closed_with(1001).await;
    }
    stopped.await.unwrap();
    after.sort();
    after.dedup();
    assert_eq!(after.len(), 10, "each has a moment of its own: {after:?}");
}

#[tokio::test]
async fn a_member_that_does_not_read_does_not_hold_it_up() {
    let house = House::open().await;
    let room = house.room().await;
    let _silent = house.member_in(room, "silent").await;
    for number in 0..600 {
        house.server_sends(room, "owner", Outgoing::text(format!("{number} {}", "x".repeat(4000)))).await;
    }
    let start = std::time::Instant::now();
    house.gateway.stop(Duration::from_millis(300)).await;
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_member_that_reads_slowly_has_the_whole_grace() {
    let house = House::with_still_clock(|settings| settings.socket.ping_interval = Duration::from_secs(3600)).await;
    let room = house.room().await;
    let mut slow = house.member_in(room, "slow").await;
    let text = |number: usize| format!("{number} {}", "x".repeat(4000));
    for number in 0..80 {
        house.server_sends(room, "owner", Outgoing::text(text(number))).await;
    }
    let clock = house.clock.clone();
    let stopped = tokio::spawn(house.gateway.stop(SOON));
    for number in 0..80 {
        slow.hears_text(&text(number)).await;
        // In sum more than a close may take; but it goes on taking what waits.
        clock.advance(Duration::from_millis(100));
    }
    assert!(matches!(slow.event().await, Event::Drain { .. }));
    slow.is_closed_with(1001).await;
    drop(slow);
    stopped.await.unwrap();
}

#[tokio::test]
async fn it_can_start_again_at_once_in_the_same_folder() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..20 {
        let house = House::with(|settings| settings.data = Some(folder.path().to_owned())).await;
        let member = house.member(&format!("a{round}")).await;
        // Even when somebody does not let go.
        house.gateway.stop(Duration::from_millis(if round % 2 == 0 { 0 } else { 100 })).await;
        drop(member);
    }
}

#[tokio::test]
async fn no_task_is_left_behind() {
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let before = tasks();
    for _ in 0..3 {
        House::open().await.gateway.stop(SOON).await;
        House::with_still_clock(|_| ()).await.gateway.stop(SOON).await;
    }
    crate::support::eventually("all tasks ended", || tasks() <= before).await;
}

#[tokio::test]
async fn dropping_a_gateway_closes_it() {
    let house = House::open().await;
    let mut ann = house.member("ann").await;
    let addr = house.gateway.addr();
    drop(house);
    ann.is_closed_with(1001).await;
    assert!(Client::connect(addr).await.is_err());
}
