//! Mutes of one account: for a time, and for good.

use roomgate::base::{Clock, RoomId};
use serde_json::{Value, json};

use crate::support::House;

/// The members of an object that speak of mutes.
async fn mutes_of(house: &House, room: RoomId, accid: &str) -> Value {
    let accids = json!([accid]).to_string();
    let found = house.call("chatroom/queryMembers", &[("roomid", &room.to_string()), ("accids", &accids)]).await;
    let member = &found["desc"]["data"][0];
    json!([member["muted"], member["tempMuted"], member["tempMuteTtl"]])
}

#[tokio::test]
async fn a_mute_ends_by_itself_to_the_second() {
    let house = House::with_patient_clock().await;
    let room = house.room().await;
    let mut bob = house.member_in(room, "bob").await;
    assert_eq!(house.mutes(room, "bob", 300).await, 300);
    for (after, left) in [(0, 300), (1, 300), (999, 299), (100_000, 199), (198_000, 1), (999, 1)] {
        house.turn(after);
        bob.may_not_speak(room, 13004, &format!("for {left} s more")).await;
        assert_eq!(mutes_of(&house, room, "bob").await, json!([null, true, left]));
    }
    house.turn(1);
    bob.speaks(room).await;
    assert_eq!(mutes_of(&house, room, "bob").await, json!([null, null, null]));
    assert_eq!(house.mutes(room, "bob", 0).await, 0, "nothing was left to lift");
}

#[tokio::test]
async fn a_new_mute_replaces_the_old_and_0_lifts_it() {
    let house = House::with_patient_clock().await;
    let room = house.room().await;
    let mut bob = house.member_in(room, "bob").await;
    house.mutes(room, "bob", 300).await;
    assert_eq!(house.mutes(room, "bob", 50).await, 50, "shorter");
    bob.may_not_speak(room, 13004, "for 50 s more").await;
    house.mutes(room, "bob", 100).await;
    house.turn(50_000);
    bob.may_not_speak(room, 13004, "for 50 s more").await;
    assert_eq!(house.mutes(room, "bob", 0).await, 50, "what was left");
    bob.speaks(room).await;
}

#[tokio::test]
async fn the_room_is_told_how_long_unless_nobody_wants_that() {
    let house = House::with_patient_clock().await;
    let room = house.room().await;
    let mut bob = house.member_in(room, "bob").await;
    let id = room.to_string();
    let call = async |seconds, more: &[(&str, &str)]| {
        let params = [("roomid", &*id), ("operator", "owner"), ("target", "bob"), ("muteDuration", seconds)];
        house.call("chatroom/temporaryMute", &[&params[..], more].concat()).await;
    };
    let data = |seconds: u64| {
        json!({"operator": "owner", "opeNick": "The owner", "target": ["bob"], "tarNick": ["BOB"],
            "ext": "why", "muteDuration": seconds})
    };
    call("300", &[("notifyExt", "why")]).await;
    assert_eq!(bob.hears_notice(314, "bob").await["data"], data(300));
    house.turn(100_500);
    call("0", &[("notifyExt", "why")]).await;
    assert_eq!(bob.hears_notice(315, "bob").await["data"], data(200), "what was left");
    call("", &[]).await;
    bob.hears_nothing().await;
    call("300", &[("needNotify", "false")]).await;
    call("0", &[("needNotify", "false")]).await;
    bob.hears_nothing().await;
}

#[tokio::test]
async fn both_mutes_of_an_account_stand_for_themselves() {
    let house = House::with_patient_clock().await;
    let room = house.room().await;
    let mut bob = house.member_in(room, "bob").await;
    house.assigns(room, "bob", -2, true).await;
    bob.may_not_speak(room, 13004, "bob is muted").await;
    house.mutes(room, "bob", 100).await;
    assert_eq!(mutes_of(&house, room, "bob").await, json!([true, true, 100]));
    house.assigns(room, "bob", -2, false).await;
    bob.may_not_speak(room, 13004, "for 100 s more").await;
    house.assigns(room, "bob", -2, true).await;
    house.mutes(room, "bob", 0).await;
    bob.may_not_speak(room, 13004, "bob is muted").await;
    house.mutes(room, "bob", 100).await;
    house.turn(100_000);
    bob.may_not_speak(room, 13004, "bob is muted").await;
    house.assigns(room, "bob", -2, false).await;
    bob.speaks(room).await;
}

#[tokio::test]
async fn whoever_enters_shows_its_mutes() {
    let house = House::with_patient_clock().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for accid in ["bob", "cid", "dan"] {
        house.account(accid).await;
    }
    house.mutes(room, "bob", 300).await;
    house.assigns(room, "cid", -2, true).await;
    ann.hears_notice(314, "bob").await;
    ann.hears_notice(305, "cid").await;
    house.turn(100_000);
    for (accid, muted, temp, ttl) in [("bob", 0, 1, 200), ("cid", 1, 0, 0), ("dan", 0, 0, 0)] {
        let token = house.call("user/refreshToken", &[("accid", accid)]).await;
        let mut member = house.log_in(accid, token["info"]["token"].as_str().unwrap()).await;
        member.enters(room).await;
        let data = ann.hears_notice(301, accid).await["data"].take();
        let shown = json!([data["muted"], data["tempMuted"], data["muteTtl"]]);
        assert_eq!(shown, json!([muted, temp, ttl]), "{accid}");
        member.client.leave(room).await.unwrap();
        ann.hears_notice(302, accid).await;
    }
}

#[tokio::test]
async fn a_mute_outlives_a_restart_and_goes_on_running() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::test();
    let house = House::in_folder(folder.path(), &clock).await;
    let room = house.room().await;
    let token = house.account("bob").await;
    house.mutes(room, "bob", 300).await;
    house.gateway.stop(std::time::Duration::ZERO).await;
    clock.advance(std::time::Duration::from_secs(100));
    let house = House::in_folder(folder.path(), &clock).await;
    let mut bob = house.log_in("bob", &token).await;
    bob.enters(room).await;
    bob.may_not_speak(room, 13004, "for 200 s more").await;
    house.turn(200_000);
    bob.speaks(room).await;
}

#[tokio::test]
async fn a_mute_is_at_most_thirty_days() {
    let house = House::open().await;
    let room = house.room().await;
    house.account("bob").await;
    assert_eq!(house.mutes(room, "bob", 2_592_000).await, 2_592_000);
    let id = room.to_string();
    for wrong in ["2592001", "-1", "x", "1.5"] {
        let params = [("roomid", &*id), ("operator", "owner"), ("target", "bob"), ("muteDuration", wrong)];
        let (code, desc) = house.refusal("chatroom/temporaryMute", &params).await;
        assert_eq!((code, desc.starts_with("muteDuration")), (414, true), "{desc}");
    }
    for (room, operator, target) in [("77", "owner", "bob"), (&*id, "nobody", "bob"), (&id, "owner", "nobody")] {
        let params = [("roomid", room), ("operator", operator), ("target", target), ("muteDuration", "1")];
        assert_eq!(house.refusal("chatroom/temporaryMute", &params).await.0, 404);
    }
}
