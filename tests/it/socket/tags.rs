//! Messages for some by their tags: each session for itself (server API, section 5.5).

use std::time::Duration;

use roomgate::base::RoomId;
use roomgate::client::{Client, Outgoing};
use serde_json::{Value, json};

use crate::support::{House, Member, code};

const A: &str = r#"{"tag": "a"}"#;
const B: &str = r#"{"tag": "b"}"#;
const A_AND_B: &str = r#"{"tag":"a"} and {"tag":"b"}"#;
const A_OR_B: &str = r#"{"tag":"a"} or {"tag":"b"}"#;

/// Four members: with tag a, with tag b, with both, with none.
async fn four(house: &House, room: RoomId) -> [Member; 4] {
    let mut members = Vec::new();
    for (accid, tags) in [("ann", json!(["a"])), ("bob", json!(["b"])), ("cat", json!(["a", "b"])), ("dan", json!([]))]
    {
        let mut member = house.member(accid).await;
        member.enters_with(room, json!({"tags": tags, "notifyTargetTags": A_OR_B})).await;
        members.push(member);
    }
    for member in &mut members {
        member.forgets_all().await;
    }
    members.try_into().ok().expect("four")
}

/// Each hears this text exactly where it should.
async fn is_heard_by(members: &mut [Member], text: &str, expected: &str) {
    for member in members {
        if expected.split(' ').any(|accid| accid == member.accid) {
            member.hears_text(text).await;
        }
        member.hears_nothing().await;
    }
}

async fn server_sends(house: &House, room: RoomId, text: &str, more: &[(&str, &str)]) {
    let room = room.to_string();
    let params = [("roomid", room.as_str()), ("msgId", text), ("fromAccid", "owner"), ("attach", text)];
    house.call("chatroom/sendMsg", &[&params, more].concat()).await;
}

async fn sends(client: &mut Client, room: RoomId, text: &str, more: Value) {
    let mut params = json!({"roomid": room.to_string(), "msgId": text, "msgType": 0, "attach": text});
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client.request("send", params).await.expect("accepted");
}

const CASES: [(&str, &str); 5] = [
    (A, "ann cat"),
    (A_AND_B, "cat"),
    (A_OR_B, "ann bob cat"),
    (r#"{"tag":"a"} and ({"tag":"x"} or {"tag":"b"})"#, "cat"),
    (r#"{"tag":"x"}"#, ""),
];

#[tokio::test]
async fn the_application_server_reaches_those_that_match() {
    let house = House::open().await;
    let room = house.room().await;
    let mut members = four(&house, room).await;
    for (number, (expression, heard)) in CASES.into_iter().enumerate() {
        let text = number.to_string();
        server_sends(&house, room, &text, &[("notifyTargetTags", expression)]).await;
        is_heard_by(&mut members, &text, heard).await;
    }
    server_sends(&house, room, "all", &[]).await;
    is_heard_by(&mut members, "all", "ann bob cat dan").await;
}

#[tokio::test]
async fn so_does_a_batch() {
    let house = House::open().await;
    let room = house.room().await;
    let mut members = four(&house, room).await;
    let list = json!([{"msgId": "1", "msgType": 0, "attach": "1"}, {"msgId": "2", "msgType": 0, "attach": "2"}]);
    let params = [
        ("roomid", room.to_string()),
        ("fromAccid", "owner".into()),
        ("msgList", list.to_string()),
        ("notifyTargetTags", A_AND_B.into()),
    ];
    house.call("chatroom/batchSendMsg", &params.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    members[2].hears_text("1").await;
    is_heard_by(&mut members, "2", "cat").await;
}

#[tokio::test]
async fn so_does_a_member() {
    let house = House::open().await;
    let room = house.room().await;
    let mut members = four(&house, room).await;
    for (number, (expression, heard)) in CASES.into_iter().enumerate() {
        let text = number.to_string();
        sends(&mut members[3].client, room, &text, json!({"notifyTargetTags": expression})).await;
        is_heard_by(&mut members, &text, heard).await;
    }
    sends(&mut members[3].client, room, "own", json!({})).await;
    is_heard_by(&mut members, "own", "ann bob cat").await;
}

#[tokio::test]
async fn so_does_a_broadcast() {
    let house = House::with(|settings| settings.rooms.broadcast = true).await;
    let room = house.room().await;
    let mut members = four(&house, room).await;
    let params = [("msgId", "1"), ("fromAccid", "owner"), ("msgType", "0"), ("attach", "x"), ("notifyTargetTags", B)];
    house.call("chatroom/broadcast", &params).await;
    is_heard_by(&mut members, "x", "bob cat").await;
}

#[tokio::test]
async fn whoever_gave_tags_alone_speaks_to_those_who_share_one() {
    let house = House::open().await;
    let room = house.room().await;
    let mut members = four(&house, room).await;
    let mut eve = house.member("eve").await;
    eve.enters_with(room, json!({"tags": ["b", "x"]})).await;
    for member in &mut members {
        member.forgets_all().await;
    }
    sends(&mut eve.client, room, "mine", json!({})).await;
    eve.hears_text("mine").await;
    is_heard_by(&mut members, "mine", "bob cat").await;
    sends(&mut eve.client, room, "other", json!({"notifyTargetTags": A})).await;
    is_heard_by(&mut members, "other", "ann cat").await;
    eve.sends(room, Outgoing::text("listed").to(["dan"])).await;
    is_heard_by(&mut members, "listed", "dan").await;
    eve.hears_nothing().await;
    // The server's own messages in the name of an account are from no session.
    server_sends(&house, room, "server", &[("fromAccid", "eve")]).await;
    is_heard_by(&mut members, "server", "ann bob cat dan").await;
}

#[tokio::test]
async fn two_sessions_of_an_account_have_tags_of_their_own() {
    let house = House::open().await;
    let room = house.room().await;
    let mut phone = house.member("ann").await;
    let mut tablet = house.log_in("ann", &phone.token).await;
    phone.enters_with(room, json!({"tags": ["a"]})).await;
    tablet.enters_with(room, json!({"tags": ["b"]})).await;
    server_sends(&house, room, "1", &[("notifyTargetTags", A)]).await;
    phone.hears_text("1").await;
    tablet.hears_nothing().await;
    server_sends(&house, room, "2", &[("notifyTargetTags", A_AND_B)]).await;
    phone.hears_nothing().await;
    tablet.hears_nothing().await;
    sends(&mut tablet.client, room, "3", json!({})).await;
    tablet.hears_text("3").await;
    phone.hears_nothing().await;
}

#[tokio::test]
async fn sent_again_it_reaches_only_those_who_match_now_and_miss_it() {
    let house = House::open().await;
    let room = house.room().await;
    let mut members = four(&house, room).await;
    let send = async |more: &[(&str, &str)]| {
        server_sends(&house, room, "m", &[&[("notifyTargetTags", A)], more].concat()).await;
    };
    send(&[]).await;
    is_heard_by(&mut members, "m", "ann cat").await;
    send(&[("resendFlag", "1")]).await;
    is_heard_by(&mut members, "m", "").await;
    let tags = [
        ("roomId", room.to_string()),
        ("accid", "dan".into()),
        ("tags", r#"["a"]"#.into()),
        ("needNotify", "false".into()),
    ];
    house.call("chatroom/updateChatRoomRoleTag", &tags.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    send(&[("resendFlag", "1")]).await;
    is_heard_by(&mut members, "m", "dan").await;
    send(&[("resendFlag", "0")]).await;
    is_heard_by(&mut members, "m", "ann cat dan").await;
}

#[tokio::test]
async fn an_urgent_one_waits_for_those_who_match_when_they_come_back() {
    let house = House::with_still_clock(|_| ()).await;
    let room = house.room().await;
    let mut members = four(&house, room).await;
    let [ann, bob, _, _] = &mut members;
    ann.client.leave(room).await.unwrap();
    bob.client.leave(room).await.unwrap();
    server_sends(&house, room, "urgent", &[("notifyTargetTags", A), ("highPriority", "true")]).await;
    house.clock.advance(Duration::from_secs(20));
    for (member, tags, hears) in [(ann, json!(["b"]), false), (bob, json!(["a"]), true)] {
        member.client.request("join", json!({"roomid": room.to_string(), "tags": tags})).await.unwrap();
        if hears {
            member.hears_text("urgent").await;
        }
        member.hears_nothing_but_notices().await;
    }
}

#[tokio::test]
async fn wrong_tags_keep_a_member_out() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member("ann").await;
    let many: Vec<String> = (0..21).map(|number| number.to_string()).collect();
    for bad in [
        json!({"tags": "a"}),
        json!({"tags": r#"["a"]"#}),
        json!({"tags": [""]}),
        json!({"tags": [["a"]]}),
        json!({"tags": ["t".repeat(33)]}),
        json!({"tags": many}),
        json!({"notifyTargetTags": "a"}),
        json!({"notifyTargetTags": ["a"]}),
        json!({"notifyTargetTags": r#"{"tag":"a"} or"#}),
        json!({"notifyTargetTags": format!("{A}{}", " ".repeat(128))}),
    ] {
        ann.is_refused(room, "join", bad, 414).await;
    }
    assert_eq!(code(ann.client.leave(room).await), Some(403), "she is not in");
    let twice = [&many[..20], &many[..20]].concat();
    ann.enters_with(room, json!({ "tags": twice })).await;
}
