use roomgate::client::Outgoing;
use serde_json::{Value, json};

use crate::support::House;

#[tokio::test]
async fn the_listed_get_it_and_nobody_else() {
    let house = House::open().await;
    let (room, other) = (house.room().await, house.room().await);
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    let mut cat = house.member_in(room, "cat").await;
    let mut dan = house.member_in(other, "dan").await;
    let mut ann_elsewhere = house.log_in("ann", &ann.token).await;
    ann_elsewhere.enters(other).await;
    let sent = house.server_sends(room, "owner", Outgoing::text("for two").to(["ann", "bob", "dan"])).await;
    for member in [&mut ann, &mut bob] {
        let message = member.hears_text("for two").await;
        assert_eq!(message.raw(), sent.message.raw(), "byte for byte what the caller got");
        assert!(message.is_directed());
    }
    for other in [&mut cat, &mut dan, &mut ann_elsewhere] {
        other.hears_nothing_but_notices().await;
    }
}

#[tokio::test]
async fn every_session_of_a_listed_account_gets_it() {
    let house = House::open().await;
    let room = house.room().await;
    let mut phone = house.member_in(room, "ann").await;
    let mut tablet = house.log_in("ann", &phone.token).await;
    tablet.client.join(room).await.unwrap();
    house.server_sends(room, "owner", Outgoing::text("hello").to(["ann"])).await;
    phone.hears_text("hello").await;
    tablet.hears_text("hello").await;
}

#[tokio::test]
async fn the_answer_has_the_documented_object() {
    let house = House::open().await;
    let room = house.room().await.to_string();
    let params = [
        ("roomid", room.as_str()),
        ("msgId", "m1"),
        ("fromAccid", "owner"),
        ("toAccids", "[\"ann\"]"),
        ("msgType", "0"),
        ("attach", "hi"),
        ("ext", "{}"),
    ];
    let answer = house.call("chatroom/sendMsgToSomeone", &params).await;
    let desc = &answer["desc"];
    assert!(desc["time"].as_str().is_some_and(|time| time.len() == 13), "{desc}");
    let expected = json!({"time": desc["time"], "fromAvator": "", "msgid_client": "m1", "fromClientType": "REST",
        "attach": "hi", "roomId": room, "fromAccount": "owner", "fromNick": "The owner", "type": "0", "ext": "{}",
        "directedFlag": 1});
    assert_eq!(*desc, expected);
    assert_eq!(answer.get("outcomes"), None, "nobody asked");
}

#[tokio::test]
async fn every_recipient_has_an_outcome() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    house.account("offline").await;
    let to = ["ann", "offline", "nobody"];
    let first = house.server_sends(room, "owner", Outgoing::text("x").id("m").to(to).outcomes()).await;
    assert_eq!(outcomes(&first.outcomes), ["ann queued", "offline not_in_room", "nobody unknown"]);
    let again = house.server_sends(room, "owner", Outgoing::text("x").id("m").resend().to(to).outcomes()).await;
    assert_eq!(outcomes(&again.outcomes), ["ann duplicate", "offline not_in_room", "nobody unknown"]);
    ann.hears_text("x").await;
    ann.hears_nothing_but_notices().await;
}

fn outcomes(outcomes: &[(String, String)]) -> Vec<String> {
    outcomes.iter().map(|(accid, outcome)| format!("{accid} {outcome}")).collect()
}

#[tokio::test]
async fn lists_come_in_every_form_that_clients_send() {
    let house = House::open().await;
    let room = house.room().await;
    let mut two = house.member_in(room, "2").await;
    let id = room.to_string();
    for (number, list) in [r#"["2"]"#, "[2]", "[ 2 , 2 ]", r#"["2","x"]"#].into_iter().enumerate() {
        let msg_id = number.to_string();
        let params =
            [("roomid", id.as_str()), ("msgId", &msg_id), ("fromAccid", "owner"), ("toAccids", list), ("attach", list)];
        house.call("chatroom/sendMsgToSomeone", &params).await;
        two.hears_text(list).await;
    }
    two.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn a_bad_call_reaches_nobody() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let id = room.to_string();
    let good =
        [("roomid", id.as_str()), ("msgId", "m"), ("fromAccid", "owner"), ("toAccids", r#"["ann"]"#), ("attach", "x")];
    let many = json!((0..101).map(|n| n.to_string()).collect::<Vec<_>>()).to_string();
    let (long, longer) = ("é".repeat(4096), "é".repeat(4097));
    let smiles = "😀".repeat(2049);
    let cases: [(&str, &str, u16); 15] = [
        ("roomid", "999", 404),
        ("roomid", "-1", 414),
        ("fromAccid", "nobody", 404),
        ("fromAccid", "", 414),
        ("msgId", "", 414),
        ("toAccids", "[]", 414),
        ("toAccids", "ann", 414),
        ("toAccids", r#"[["ann"]]"#, 414),
        ("toAccids", r#"["ann","b b"]"#, 414),
        ("toAccids", &many, 414),
        ("attach", &longer, 414),
        ("attach", &smiles, 414),
        ("ext", &longer, 414),
        ("msgType", "5", 414),
        ("resendFlag", "2", 414),
    ];
    for (name, value, code) in cases {
        let mut params = good.to_vec();
        params.retain(|(known, _)| *known != name);
        params.push((name, value));
        let (came, desc) = house.refusal("chatroom/sendMsgToSomeone", &params).await;
        assert_eq!(came, code, "{name}: {desc}");
        assert!(code == 404 || desc.starts_with(&format!("{name}: expected")), "{desc}");
    }
    ann.hears_nothing_but_notices().await;
    let mut params = good.to_vec();
    params[4].1 = &long;
    house.call("chatroom/sendMsgToSomeone", &params).await;
    ann.hears_text(&long).await;
}

#[tokio::test]
async fn every_optional_parameter_may_be_empty_or_missing() {
    let house = House::open().await;
    let room = house.room().await.to_string();
    let mut params =
        vec![("roomid", room.as_str()), ("msgId", "m"), ("fromAccid", "owner"), ("toAccids", r#"["ann"]"#)];
    house.call("chatroom/sendMsgToSomeone", &params).await;
    for name in [
        "msgType",
        "attach",
        "subType",
        "resendFlag",
        "route",
        "ext",
        "useYidun",
        "yidunAntiCheating",
        "yidunAntiSpamExt",
        "bid",
        "antispam",
        "antispamCustom",
        "env",
        "highPriority",
        "outcomes",
    ] {
        params.push((name, ""));
    }
    let answer = house.call("chatroom/sendMsgToSomeone", &params).await;
    assert_eq!(answer["desc"]["type"], Value::from("0"));
    for (name, value) in [("antispam", "false"), ("highPriority", "0"), ("subType", "0"), ("route", "0")] {
        let mut params = params[..4].to_vec();
        params.push((name, value));
        house.call("chatroom/sendMsgToSomeone", &params).await;
    }
}
