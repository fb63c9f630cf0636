//! Accounts blocked and muted, and what is told of that (section 7).

use roomgate::client::Event;
use serde_json::{Value, json};

use crate::support::{House, SOON, code};

async fn profile(house: &House, accid: &str) -> Value {
    let accids = json!([accid]).to_string();
    house.call("user/getUinfos", &[("accids", &accids), ("muteStatus", "true")]).await["uinfos"][0].clone()
}

#[tokio::test]
async fn a_blocked_account_can_not_log_in_until_it_is_unblocked() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    assert_eq!(house.call("user/block", &[("accid", "Ann")]).await, json!({"code": 200}));
    ann.client.ping().await.expect("who is in stays in, since nobody said needkick");
    for token in [&*ann.token, "wrong"] {
        let mut visitor = house.visitor().await;
        let (refused, closed) = if token == "wrong" { (302, 4001) } else { (422, 4002) };
        assert_eq!(code(visitor.login("key", "ann", token).await), Some(refused));
        let end = visitor.next().await;
        assert!(matches!(end, Some(Event::Closed { code: Some(code), .. }) if code == closed), "{end:?}");
    }
    assert_eq!(house.call("user/unblock", &[("accid", "ann")]).await, json!({"code": 200}));
    house.log_in("ann", &ann.token).await;
}

#[tokio::test]
async fn needkick_ends_every_session_of_the_account_and_no_other() {
    let house = House::open().await;
    let room = house.room().await;
    let mut bob = house.member_in(room, "bob").await;
    let mut phone = house.member_in(room, "ann").await;
    let mut tablet = house.log_in("ann", &phone.token).await;
    bob.hears_notice(301, "ann").await;
    let block =
        [("accid", "ann"), ("needkick", "true"), ("kickNotifyExt", "not JSON"), ("needUnbindPushToken", "true")];
    assert_eq!(house.call("user/block", &block).await, json!({"code": 200}));
    phone.is_closed_with(4002).await;
    tablet.is_closed_with(4002).await;
    bob.hears_notice(302, "ann").await;
    assert_eq!(house.call("user/block", &block).await, json!({"code": 200}), "also where nobody is online");
    bob.client.ping().await.unwrap();
}

#[tokio::test]
async fn what_a_profile_says_of_blocks_and_mutes_is_told_when_asked_for() {
    let house = House::open().await;
    house.account("ann").await;
    let plain = json!({"accid": "ann", "name": "ANN", "icon": "", "sign": "", "email": "", "birth": "", "mobile": "",
        "gender": 0, "ex": ""});
    let with = |changes: Value| {
        let mut all = plain.clone();
        let free = json!({"valid": true, "mute": false, "muteP2P": false, "muteTeam": false, "muteRoom": false,
            "muteQChat": false});
        for more in [free, changes] {
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        }
        all
    };
    assert_eq!(profile(&house, "ann").await, with(json!({})));
    house.call("user/block", &[("accid", "ann")]).await;
    assert_eq!(house.call("user/mute", &[("accid", "ann"), ("mute", "true")]).await, json!({"code": 200}));
    house.call("user/muteModule", &[("accid", "ann"), ("muteTeam", "true")]).await;
    assert_eq!(profile(&house, "ann").await, with(json!({"valid": false, "mute": true, "muteTeam": true})));
    let unasked = house.call("user/getUinfos", &[("accids", r#"["ann"]"#), ("muteStatus", "false")]).await;
    assert_eq!(unasked["uinfos"], json!([plain]));
    house.call("user/unblock", &[("accid", "ann")]).await;
    house.call("user/mute", &[("accid", "ann"), ("mute", "false")]).await;
    house.call("user/muteModule", &[("accid", "ann"), ("muteTeam", "0")]).await;
    assert_eq!(profile(&house, "ann").await, with(json!({})));
}

#[tokio::test]
async fn modules_are_muted_one_by_one_and_all_are_answered() {
    let house = House::open().await;
    house.account("ann").await;
    let data = |p2p: bool, team: bool, room: bool, qchat: bool| json!({"code": 200, "data": {"muteP2P": p2p, "muteTeam": team, "muteRoom": room, "muteQChat": qchat}});
    for (changes, expected) in [
        (&[][..], data(false, false, false, false)),
        (&[("muteP2P", "true")], data(true, false, false, false)),
        (&[("muteRoom", "true"), ("muteQChat", "1")], data(true, false, true, true)),
        (&[("muteP2P", "false"), ("muteRoom", "")], data(false, false, true, true)),
        (
            &[("muteP2P", "true"), ("muteTeam", "true"), ("muteRoom", "true"), ("muteQChat", "true")],
            data(true, true, true, true),
        ),
    ] {
        assert_eq!(house.call("user/muteModule", &[&[("accid", "ann")], changes].concat()).await, expected);
    }
    assert_eq!(house.refusal("user/muteModule", &[("accid", "ann"), ("muteRoom", "maybe")]).await.0, 414);
}

/// The official Go SDK can't take a `desc` that is no text there.
#[tokio::test]
async fn an_acknowledgement_says_nothing_else() {
    let house = House::open().await;
    for accid in ["ann", "bob"] {
        house.account(accid).await;
    }
    for (path, params) in [
        ("user/update", &[("token", "t")][..]),
        ("user/updateUinfo", &[("name", "A")]),
        ("user/block", &[]),
        ("user/unblock", &[]),
        ("user/mute", &[]),
    ] {
        let answer = house.call(path, &[&[("accid", "ann")], params].concat()).await;
        assert_eq!(answer, json!({"code": 200}), "{path}");
    }
}

#[tokio::test]
async fn who_is_not_there_can_not_be_blocked_or_muted() {
    let house = House::open().await;
    for path in ["user/block", "user/unblock", "user/mute", "user/muteModule", "user/refreshToken", "user/updateUinfo"]
    {
        let (code, desc) = house.refusal(path, &[("accid", "nobody")]).await;
        assert_eq!((code, desc.contains("nobody")), (404, true), "{path}: {desc}");
        let (code, desc) = house.refusal(path, &[]).await;
        assert_eq!((code, desc.starts_with("accid: expected")), (414, true), "{path}: {desc}");
    }
}

#[tokio::test]
async fn blocks_and_mutes_outlive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = Some(folder.path().to_owned());
    let house = House::with(|settings| settings.data = data.clone()).await;
    let token = house.account("ann").await;
    house.call("user/block", &[("accid", "ann")]).await;
    house.call("user/mute", &[("accid", "ann"), ("mute", "true")]).await;
    house.call("user/muteModule", &[("accid", "ann"), ("muteRoom", "true")]).await;
    let before = profile(&house, "ann").await;
    house.gateway.stop(SOON).await;
    let house = House::with(|settings| settings.data = data).await;
    assert_eq!(profile(&house, "ann").await, before);
    assert_eq!(code(house.visitor().await.login("key", "ann", &token).await), Some(422));
}
