//! Members put out of a room: kicked, who may come back, and blocklisted, who may not.

use roomgate::base::{Clock, RoomId};
use roomgate::client::Outgoing;
use serde_json::json;

use crate::support::{House, Member, code};

async fn kick(house: &House, room: RoomId, target: &str, ext: &str) {
    let params = [("roomid", &*room.to_string()), ("accid", "owner"), ("targetAccid", target), ("notifyExt", ext)];
    house.call("chatroom/kickMember", &params).await;
}

/// It is not in the room: neither heard there nor hearing anything.
async fn is_outside(house: &House, room: RoomId, member: &mut Member, others: &mut Member) {
    house.server_sends(room, "owner", Outgoing::text("to those inside")).await;
    let directed = house.server_sends(room, "owner", Outgoing::text("x").to([&*member.accid]).outcomes()).await;
    assert_eq!(directed.outcomes[0].1, "not_in_room");
    others.hears_text("to those inside").await;
    assert_eq!(code(member.client.leave(room).await), Some(403));
    member.hears_nothing().await;
}

#[tokio::test]
async fn a_kicked_member_hears_why_and_the_others_that() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    let mut tablet = house.log_in("bob", &bob.token).await;
    tablet.client.join(room).await.unwrap();
    ann.hears_notice(301, "bob").await;
    kick(&house, room, "bob", "spam").await;
    assert_eq!(bob.is_out(room, 2).await.as_deref(), Some("spam"));
    assert_eq!(tablet.is_out(room, 2).await.as_deref(), Some("spam"));
    let notice = ann.hears_notice(313, "bob").await;
    let data =
        json!({"operator": "owner", "opeNick": "The owner", "target": ["bob"], "tarNick": ["BOB"], "ext": "spam"});
    assert_eq!(notice["data"], data);
    ann.hears_nothing().await;
    for member in [&mut bob, &mut tablet] {
        assert_eq!(code(member.client.send(room, Outgoing::text("x")).await), Some(403));
        is_outside(&house, room, member, &mut ann).await;
    }
    assert_eq!(house.look_at(room).await["onlineusercount"], 1);
    let again = [("roomid", &*room.to_string()), ("accid", "owner"), ("targetAccid", "bob")];
    assert_eq!(house.refusal("chatroom/kickMember", &again).await.0, 404);
}

#[tokio::test]
async fn a_kicked_member_may_come_back_and_stays() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    for _ in 0..3 {
        kick(&house, room, "bob", "").await;
        assert_eq!(bob.is_out(room, 2).await, None);
        bob.enters(room).await;
        bob.sends(room, Outgoing::text("back")).await;
        bob.hears_text("back").await;
        ann.hears_text("back").await;
    }
    assert_eq!(house.look_at(room).await["onlineusercount"], 2);
}

#[tokio::test]
async fn a_kicked_virtual_member_is_gone_too() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    house.account("bot").await;
    house.call("chatroom/addRobot", &[("roomid", &room.to_string()), ("accids", r#"["bot"]"#)]).await;
    ann.hears_notice(301, "bot").await;
    kick(&house, room, "bot", "").await;
    ann.hears_notice(313, "bot").await;
    assert_eq!(house.look_at(room).await["onlineusercount"], 1);
}

#[tokio::test]
async fn the_blocklist_puts_out_and_keeps_out() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    ann.hears_notice(301, "bob").await;
    house.assigns(room, "bob", -1, true).await;
    bob.is_out(room, 5).await;
    ann.hears_notice(303, "bob").await;
    ann.hears_nothing().await;
    assert_eq!(code(bob.client.join(room).await), Some(13003));
    assert_eq!(code(bob.client.send(room, Outgoing::text("x")).await), Some(403));
    is_outside(&house, room, &mut bob, &mut ann).await;
    let in_its_name = house.api.send(room, "bob", Outgoing::text("x")).await;
    assert_eq!(in_its_name.unwrap_err().code(), Some(13003));
    let other = house.room().await;
    bob.enters(other).await;
    house.assigns(room, "bob", -1, false).await;
    ann.hears_notice(304, "bob").await;
    bob.enters(room).await;
    bob.sends(room, Outgoing::text("back")).await;
    ann.hears_text("back").await;
}

#[tokio::test]
async fn whoever_is_not_in_is_blocked_all_the_same_and_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::in_folder(folder.path(), &Clock::system()).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let token = house.account("bob").await;
    house.assigns(room, "bob", -1, true).await;
    ann.hears_notice(303, "bob").await;
    house.gateway.stop(std::time::Duration::ZERO).await;
    let house = House::in_folder(folder.path(), &Clock::system()).await;
    let mut bob = house.log_in("bob", &token).await;
    assert_eq!(code(bob.client.join(room).await), Some(13003));
    house.assigns(room, "bob", 2, true).await;
    bob.enters(room).await;
}

#[tokio::test]
async fn a_blocked_virtual_member_is_put_out_too() {
    let house = House::open().await;
    let room = house.room().await;
    house.account("bot").await;
    let bots = [("roomid", &*room.to_string()), ("accids", r#"["bot"]"#)];
    house.call("chatroom/addRobot", &bots).await;
    house.assigns(room, "bot", -1, true).await;
    assert_eq!(house.look_at(room).await["onlineusercount"], 0);
    let answer = house.call("chatroom/addRobot", &bots).await;
    assert_eq!(answer["desc"]["failAccids"], r#"["bot"]"#, "and does not come back");
}
