//! Lists of words.

use roomgate::client::Outgoing;
use roomgate::settings::Refused;
use serde_json::{Value, json};

use super::{house_of_words, told};
use crate::support::code;
use crate::support::peer::Peer;

#[tokio::test]
async fn a_refused_text_reaches_nobody_and_its_sender_is_told() {
    let house = house_of_words(|_| ()).await;
    let room = house.room().await;
    let (mut ann, mut bob) = (house.member_in(room, "ann").await, house.member_in(room, "bob").await);
    ann.hears_notice(301, "bob").await;
    assert_eq!(code(bob.client.send(room, Outgoing::text("so b-a-d")).await), Some(403));
    let refusal = house.api.send(room, "bob", Outgoing::text("ＢＡＤ")).await.unwrap_err();
    assert!(refusal.to_string().contains("moderation: the content was refused"), "{refusal}");
    ann.hears_nothing().await;
    bob.hears_nothing().await;
    assert!(house.metric(r#"roomgate_messages_refused_total{rule="content"}"#) >= 2.0);
}

#[tokio::test]
async fn a_replaced_text_has_asterisks_for_all() {
    let house = house_of_words(|_| ()).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let sent = ann.sends(room, Outgoing::text("so mild, so fine")).await;
    assert_eq!(sent.message.attach(), "so ****, so fine");
    ann.hears_text("so ****, so fine").await;
}

#[tokio::test]
async fn the_webhook_hears_what_was_found() {
    let receiver = Peer::good().await;
    let url = receiver.url().parse().unwrap();
    let house = house_of_words(|settings| settings.webhook.url = Some(url)).await;
    let room = house.room().await;
    house.account("ann").await;
    for text in ["fine", "odd", "bad"] {
        let _ = house.api.send(room, "ann", Outgoing::text(text)).await;
    }
    let told = told(&receiver, 3).await;
    let seen: Vec<_> =
        told.iter().map(|event| (event["attach"].as_str().unwrap(), event["antispam"].as_str())).collect();
    assert_eq!(seen, [("fine", None), ("odd", None), ("bad", Some("true"))]);
    let action = |event: &Value| serde_json::from_str::<Value>(event["yidunRes"].as_str()?).unwrap()["action"].as_u64();
    assert_eq!(told.iter().map(action).collect::<Vec<_>>(), [None, Some(1), Some(2)]);
}

#[tokio::test]
async fn a_sender_that_shall_not_know_gets_what_it_would_have_got() {
    let house = house_of_words(|settings| settings.moderation.refused = Refused::Pretend).await;
    let room = house.room().await;
    let (mut ann, mut bob) = (house.member_in(room, "ann").await, house.member_in(room, "bob").await);
    ann.hears_notice(301, "bob").await;
    bob.sends(room, Outgoing::text("bad")).await;
    bob.hears_text("bad").await;
    bob.sends(room, Outgoing::text("bad too").to(["ann"]).outcomes()).await;
    ann.hears_nothing().await;
    bob.hears_nothing().await;
    let params = [("roomid", &*room.to_string()), ("accid", "ann"), ("timetag", "0"), ("limit", "10"), ("type", "0")];
    assert_eq!(house.call("history/queryChatroomMsg", &params).await["msgs"], json!([]), "nor in the history");
    let server = house.api.send(room, "bob", Outgoing::text("bad")).await.unwrap_err();
    assert_eq!(server.code(), Some(403), "the application server is always told");
}

#[tokio::test]
async fn a_dry_run_delivers_all() {
    let house = house_of_words(|settings| settings.moderation.dry_run = true).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    ann.sends(room, Outgoing::text("bad and mild")).await;
    ann.hears_text("bad and mild").await;
    assert!(house.metric(r#"roomgate_verdicts_total{what="text",verdict="refused"}"#) >= 1.0);
}

#[tokio::test]
async fn use_yidun_0_is_not_judged() {
    let house = house_of_words(|_| ()).await;
    let room = house.room().await;
    let id = room.to_string();
    let params = [("roomid", &*id), ("fromAccid", "owner"), ("msgId", "1"), ("msgType", "0"), ("attach", "bad")];
    house.call("chatroom/sendMsg", &[&params[..], &[("useYidun", "0")]].concat()).await;
    assert_eq!(house.refusal("chatroom/sendMsg", &params).await.0, 403);
    let mut ann = house.member_in(room, "ann").await;
    let sent = json!({"roomid": id, "msgId": "2", "msgType": 0, "attach": "bad", "useYidun": 0});
    assert_eq!(code(ann.client.request("send", sent).await), Some(403), "members do not decide that");
}

#[tokio::test]
async fn looks_are_judged_as_a_member_enters_and_as_it_changes_them() {
    let house = house_of_words(|_| ()).await;
    let room = house.room().await;
    let mut ann = house.member("ann").await;
    let refused = ann.client.request("join", json!({"roomid": room.to_string(), "nick": "Bad Ann"})).await;
    assert_eq!(code(refused), Some(13005));
    ann.client.join(room).await.unwrap();
    let id = room.to_string();
    let params = [("roomid", &*id), ("accid", "ann"), ("ext", "mild")];
    assert_eq!(house.refusal("chatroom/updateMyRoomRole", &params).await.0, 13005);
}

#[tokio::test]
async fn only_what_is_asked_of_a_custom_message_is_judged() {
    let house = house_of_words(|_| ()).await;
    let room = house.room().await;
    let id = room.to_string();
    let params = [("roomid", &*id), ("fromAccid", "owner"), ("msgId", "1"), ("msgType", "100"), ("attach", "bad")];
    house.call("chatroom/sendMsg", &params).await;
    let custom = [("antispam", "true"), ("antispamCustom", r#"{"type":1,"data":"bad"}"#)];
    assert_eq!(house.refusal("chatroom/sendMsg", &[&params[..], &custom].concat()).await.0, 403);
}

#[tokio::test]
async fn a_tip_is_judged_and_a_place_is_not() {
    let house = house_of_words(|_| ()).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    assert_eq!(code(ann.client.send(room, Outgoing::text("bad").kind(10)).await), Some(403));
    let place = json!({"title": "bad", "lng": 1.0, "lat": 2.0}).to_string();
    ann.sends(room, Outgoing::text(place.as_str()).kind(4)).await;
    ann.hears_text(&place).await;
}
