use roomgate::client::Outgoing;

use crate::support::{House, eventually};

#[tokio::test]
async fn a_thousand_members_who_come_and_go_leave_nothing_behind() {
    let house = House::without_resume().await;
    let room = house.room().await;
    let token = house.account("ann").await;
    for round in 0..100 {
        let mut members = Vec::new();
        for _ in 0..10 {
            let mut member = house.log_in("ann", &token).await;
            member.client.join(room).await.unwrap();
            members.push(member);
        }
        for (at, member) in members.into_iter().enumerate() {
            if (round + at) % 2 == 0 {
                member.client.close().await;
            }
        }
        // The other half has just hung up; an account may have ten sessions, so they must be gone before the next ten come.
        eventually("all are gone", || house.metric("roomgate_sessions") == 0.0).await;
    }
    eventually("the room is empty", || house.metric("roomgate_rooms") == 0.0).await;
    eventually("no connection is left", || house.metric("roomgate_connections") <= 1.0).await;
    assert_eq!(house.metric("roomgate_queue_bytes"), 0.0);
}

#[tokio::test]
async fn what_was_sent_before_a_close_still_arrives() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for number in 0..100 {
        house.server_sends(room, "owner", Outgoing::text(number.to_string())).await;
    }
    for _ in 0..10 {
        ann.client.send_raw("nonsense").await.unwrap();
    }
    for number in 0..100 {
        ann.hears_text(&number.to_string()).await;
    }
    ann.is_closed_with(4100).await;
}
