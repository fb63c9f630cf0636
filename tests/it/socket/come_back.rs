//! A member that was put out of a room comes back on the same connection.

use roomgate::client::{Event, Outgoing};

use crate::support::House;

#[tokio::test]
async fn it_stays_in() {
    let house = House::open().await;
    let room = house.room().await;
    let mut eve = house.member_in(room, "eve").await;
    let mut ann = house.member_in(room, "ann").await;
    eve.hears_notice(301, "ann").await;
    let id = room.to_string();
    for _ in 0..5 {
        house.call("chatroom/kickMember", &[("roomid", &id), ("accid", "owner"), ("targetAccid", "ann")]).await;
        eve.hears_notice(313, "ann").await;
        assert!(matches!(ann.event().await, Event::Kicked { reason: 2, .. }));
        ann.enters(room).await;
        eve.hears_notice(301, "ann").await;
        ann.sends(room, Outgoing::text("here")).await;
        for member in [&mut ann, &mut eve] {
            member.hears_text("here").await;
            member.hears_nothing().await;
        }
    }
    ann.client.leave(room).await.unwrap();
    eve.hears_notice(302, "ann").await;
}
