use roomgate::client::{Event, Outgoing};
use serde_json::{Value, json};

use crate::support::{House, code};

#[tokio::test]
async fn a_member_sends_to_all_and_hears_it_too() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    let sent = bob.sends(room, Outgoing::text("hi")).await;
    let object: Value = serde_json::from_str(sent.message.raw()).unwrap();
    assert_eq!(
        (&object["fromAccount"], &object["fromNick"], &object["fromClientType"]),
        (&json!("bob"), &json!("BOB"), &json!("Web"))
    );
    for member in [&mut ann, &mut bob] {
        assert_eq!(member.hears_text("hi").await.raw(), sent.message.raw());
    }
}

#[tokio::test]
async fn a_member_sends_to_some_and_nobody_else_hears_it() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member_in(room, "bob").await;
    let mut cat = house.member_in(room, "cat").await;
    let sent = ann.sends(room, Outgoing::text("psst").to(["cat", "dan"]).high().outcomes()).await;
    assert_eq!(sent.outcomes, [("cat".into(), "queued".into()), ("dan".into(), "unknown".into())]);
    let heard = cat.hears_text("psst").await;
    assert!(heard.is_high() && heard.is_directed());
    assert_eq!(heard.raw(), sent.message.raw());
    ann.hears_nothing_but_notices().await;
    bob.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn who_is_not_in_the_room_may_not_send() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let mut bob = house.member("bob").await;
    assert_eq!(code(bob.client.send(room, Outgoing::text("x")).await), Some(403));
    assert_eq!(code(bob.client.send(room, Outgoing::text("x").to(["ann"])).await), Some(403));
    ann.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn wrong_types_and_sizes_are_named() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let cases = [
        ("msgType", json!(null)),
        ("msgType", json!("0")),
        ("msgType", json!(7)),
        ("msgId", json!(5)),
        ("attach", json!("x".repeat(4097))),
        ("highPriority", json!("true")),
        ("toAccids", json!("ann")),
        ("toAccids", json!([true])),
        ("resendFlag", json!(2)),
        ("notifyTargetTags", json!("everybody")),
    ];
    for (name, value) in cases {
        let mut params = json!({"roomid": room.to_string(), "msgId": "m", "msgType": 0, "attach": "x"});
        params[name] = value;
        let refusal = ann.client.request("send", params).await.unwrap_err();
        assert_eq!(refusal.code(), Some(414));
        assert!(refusal.to_string().contains(&format!("{name}: expected")), "{refusal}");
    }
    ann.hears_nothing_but_notices().await;
}

#[tokio::test]
async fn without_an_id_only_a_refusal_is_answered() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    ann.client
        .send_raw(
            json!({"op": "send", "roomid": room.to_string(), "msgId": "m", "msgType": 0, "attach": "x"}).to_string(),
        )
        .await
        .unwrap();
    ann.hears_text("x").await;
    ann.client.send_raw(r#"{"op":"ack","received":3}"#).await.unwrap();
    ann.client.send_raw(r#"{"op":"dance"}"#).await.unwrap();
    let Event::Other(reply) = ann.event().await else { panic!("a reply") };
    let reply: Value = serde_json::from_str(&reply).unwrap();
    assert_eq!((&reply["op"], &reply["code"], reply.get("id")), (&json!("reply"), &json!(414), None));
}

#[tokio::test]
async fn the_tenth_frame_that_is_no_object_is_the_last() {
    let house = House::open().await;
    let mut ann = house.member("ann").await;
    for _ in 0..10 {
        ann.client.send_raw("[]").await.unwrap();
    }
    ann.is_closed_with(4100).await;
}

#[tokio::test]
async fn half_an_emoji_spoils_one_character_and_no_more() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let text = format!(r#"{{"op":"send","id":77,"roomid":"{room}","msgId":"m","msgType":0,"attach":"cut \ud83d"}}"#);
    ann.client.send_raw(text).await.unwrap();
    ann.hears_text("cut \u{FFFD}").await;
    let Event::Other(reply) = ann.event().await else { panic!("a reply") };
    assert!(reply.contains(r#""id":77,"code":200"#), "{reply}");
}

#[tokio::test]
async fn login_and_join_without_an_id_are_done_and_not_answered() {
    let house = House::open().await;
    let room = house.room().await;
    let token = house.account("ann").await;
    let mut client = house.visitor().await;
    let login = json!({"op": "login", "appKey": "key", "accid": "ann", "token": token});
    client.send_raw(login.to_string()).await.unwrap();
    client.send_raw(json!({"op": "join", "roomid": room.to_string()}).to_string()).await.unwrap();
    let Some(Event::Message(entered)) = client.next().await else { panic!("the notice comes first") };
    assert!(entered.is_notice());
    client.ping().await.unwrap();
    assert_eq!(client.try_next(), None);
}
