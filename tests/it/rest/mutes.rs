//! Mutes: of one account for a time or for good, and of a whole room.

use roomgate::base::{Clock, RoomId};
use roomgate::client::{ClientError, Outgoing, Sent};
use serde_json::{Value, json};

use crate::support::{House, Member};

async fn mute(house: &House, room: RoomId, target: &str, seconds: u64) -> Value {
    let (room, seconds) = (room.to_string(), seconds.to_string());
    let params = [("roomid", &*room), ("operator", "owner"), ("target", target), ("muteDuration", &seconds)];
    house.call("chatroom/temporaryMute", &params).await["desc"]["muteDuration"].take()
}

async fn mute_room(house: &House, room: RoomId, mute: &str) {
    let params = [("roomid", &*room.to_string()), ("operator", "owner"), ("mute", mute)];
    let answer = house.call("chatroom/muteRoom", &params).await;
    assert_eq!(answer["desc"], json!({"success": true}));
}

/// Refused with this code, and with this in its text.
fn refused(result: Result<Sent, ClientError>, code: u16, text: &str) {
    let refusal = result.expect_err("muted");
    assert_eq!(refusal.code(), Some(code), "{refusal}");
    assert!(refusal.to_string().contains(text), "{refusal}");
}

async fn tries(member: &mut Member, room: RoomId) -> Result<Sent, ClientError> {
    member.client.send(room, Outgoing::text("hello")).await
}

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
    assert_eq!(mute(&house, room, "bob", 300).await, 300);
    for (after, left) in [(0, 300), (1, 300), (999, 299), (100_000, 199), (198_000, 1), (999, 1)] {
        house.turn(after);
        refused(tries(&mut bob, room).await, 13004, &format!("for {left} s more"));
        assert_eq!(mutes_of(&house, room, "bob").await, json!([null, true, left]));
    }
    house.turn(1);
    tries(&mut bob, room).await.expect("it is over");
    assert_eq!(mutes_of(&house, room, "bob").await, json!([null, null, null]));
    assert_eq!(mute(&house, room, "bob", 0).await, 0, "nothing was left to lift");
}

#[tokio::test]
async fn a_new_mute_replaces_the_old_and_0_lifts_it() {
    let house = House::with_patient_clock().await;
    let room = house.room().await;
    let mut bob = house.member_in(room, "bob").await;
    mute(&house, room, "bob", 300).await;
    assert_eq!(mute(&house, room, "bob", 50).await, 50, "shorter");
    refused(tries(&mut bob, room).await, 13004, "for 50 s more");
    mute(&house, room, "bob", 100).await;
    house.turn(50_000);
    refused(tries(&mut bob, room).await, 13004, "for 50 s more");
    assert_eq!(mute(&house, room, "bob", 0).await, 50, "what was left");
    tries(&mut bob, room).await.expect("it is lifted");
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
    refused(tries(&mut bob, room).await, 13004, "bob is muted");
    mute(&house, room, "bob", 100).await;
    assert_eq!(mutes_of(&house, room, "bob").await, json!([true, true, 100]));
    house.assigns(room, "bob", -2, false).await;
    refused(tries(&mut bob, room).await, 13004, "for 100 s more");
    house.assigns(room, "bob", -2, true).await;
    mute(&house, room, "bob", 0).await;
    refused(tries(&mut bob, room).await, 13004, "bob is muted");
    mute(&house, room, "bob", 100).await;
    house.turn(100_000);
    refused(tries(&mut bob, room).await, 13004, "bob is muted");
    house.assigns(room, "bob", -2, false).await;
    tries(&mut bob, room).await.expect("neither is left");
}

#[tokio::test]
async fn whoever_enters_shows_its_mutes() {
    let house = House::with_patient_clock().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for accid in ["bob", "cid", "dan"] {
        house.account(accid).await;
    }
    mute(&house, room, "bob", 300).await;
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
    mute(&house, room, "bob", 300).await;
    house.gateway.stop(std::time::Duration::ZERO).await;
    clock.advance(std::time::Duration::from_secs(100));
    let house = House::in_folder(folder.path(), &clock).await;
    let mut bob = house.log_in("bob", &token).await;
    bob.enters(room).await;
    refused(tries(&mut bob, room).await, 13004, "for 200 s more");
    house.turn(200_000);
    tries(&mut bob, room).await.expect("it is over");
}

#[tokio::test]
async fn a_mute_is_at_most_thirty_days() {
    let house = House::open().await;
    let room = house.room().await;
    house.account("bob").await;
    assert_eq!(mute(&house, room, "bob", 2_592_000).await, 2_592_000);
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

#[tokio::test]
async fn in_a_muted_room_only_managers_speak() {
    let house = House::open().await;
    let room = house.room().await;
    let mut owner = house.owner().await;
    owner.enters(room).await;
    let mut members = Vec::new();
    for (accid, opt) in [("boss", Some(1)), ("pal", Some(2)), ("guest", None)] {
        let mut member = house.member_in(room, accid).await;
        if let Some(opt) = opt {
            house.assigns(room, accid, opt, true).await;
        }
        member.has_heard().await;
        members.push(member);
    }
    let [boss, pal, guest] = members.as_mut_slice() else { panic!() };
    mute_room(&house, room, "true").await;
    guest.hears_of_room(318).await;
    mute_room(&house, room, "true").await;
    guest.hears_nothing().await;
    assert_eq!(house.look_at(room).await["muted"], true);
    for member in [&mut *pal, guest] {
        refused(tries(member, room).await, 13006, "muted");
    }
    let in_its_name = house.api.send(room, "pal", Outgoing::text("x")).await;
    assert_eq!(in_its_name.unwrap_err().code(), Some(13006));
    tries(boss, room).await.expect("a manager speaks");
    tries(&mut owner, room).await.expect("the creator speaks");
    mute(&house, room, "boss", 10).await;
    refused(tries(boss, room).await, 13004, "for 10 s more");
    guest.has_heard().await;
    mute_room(&house, room, "").await;
    guest.hears_of_room(319).await;
    tries(guest, room).await.expect("all speak again");
}

#[tokio::test]
async fn a_room_is_muted_silently_where_nobody_shall_be_told() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let id = room.to_string();
    let params = |ext| [("roomid", &*id), ("operator", "owner"), ("mute", "true"), ext];
    house.call("chatroom/muteRoom", &params(("needNotify", "false"))).await;
    ann.hears_nothing().await;
    refused(tries(&mut ann, room).await, 13006, "muted");
    mute_room(&house, room, "false").await;
    ann.hears_of_room(319).await;
    // What is no JSON is carried all the same.
    house.call("chatroom/muteRoom", &params(("notifyExt", "test"))).await;
    let data = json!({"operator": "owner", "opeNick": "The owner", "target": [], "tarNick": [], "ext": "test"});
    assert_eq!(ann.hears_of_room(318).await["data"], data);
}

#[tokio::test]
async fn the_application_server_may_ignore_every_mute_but_not_the_blocklist() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for accid in ["bob", "cid", "dan", "out"] {
        house.account(accid).await;
    }
    mute(&house, room, "bob", 300).await;
    house.assigns(room, "cid", -2, true).await;
    house.assigns(room, "out", -1, true).await;
    mute_room(&house, room, "true").await;
    let id = room.to_string();
    for (number, (from, code)) in [("bob", 13004), ("cid", 13004), ("dan", 13006)].into_iter().enumerate() {
        let (to_all, to_one) = (format!("all-{number}"), format!("one-{number}"));
        let params = |msg_id| [("roomid", &*id), ("fromAccid", from), ("msgId", msg_id), ("attach", msg_id)];
        let ignoring = [&params(&to_all)[..], &[("ignoreMute", "true")]].concat();
        let directed = [&params(&to_one)[..], &[("toAccids", r#"["ann"]"#)]].concat();
        let directed_ignoring = [&directed[..], &[("ignoreMute", "true")]].concat();
        assert_eq!(house.refusal("chatroom/sendMsg", &params("no")).await.0, code);
        assert_eq!(house.refusal("chatroom/sendMsgToSomeone", &directed).await.0, code);
        house.call("chatroom/sendMsg", &ignoring).await;
        ann.hears_text(&to_all).await;
        house.call("chatroom/sendMsgToSomeone", &directed_ignoring).await;
        ann.hears_text(&to_one).await;
    }
    let blocked = [("roomid", &*id), ("fromAccid", "out"), ("msgId", "m"), ("ignoreMute", "true")];
    assert_eq!(house.refusal("chatroom/sendMsg", &blocked).await.0, 13003);
    let send = json!({"msgId": "m", "msgType": 0, "attach": "x", "ignoreMute": true});
    assert_eq!(ann.is_refused("send", room, send).await.0, 13006, "a member may not");
}
