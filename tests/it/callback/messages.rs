//! Before a member's message.

use roomgate::client::Outgoing;
use serde_json::{Value, json};

use super::{house, house_with, refusing, says};
use crate::support::peer::{Gate, Heard, Peer, Say};
use crate::support::raw::Raw;
use crate::support::{House, code};

#[tokio::test]
async fn what_it_passes_goes_with_what_it_adds() {
    let (house, server) = house(|_, _| says(&json!({"errCode": 0, "callbackExt": "seen"}))).await;
    let room = house.room().await;
    let (mut ann, mut bob) = (house.member_in(room, "ann").await, house.member_in(room, "bob").await);
    ann.hears_notice(301, "bob").await;
    bob.sends(room, Outgoing::text("hello")).await;
    let heard = ann.hears_text("hello").await;
    assert_eq!(serde_json::from_str::<Value>(heard.raw()).unwrap()["callbackExt"], "seen");
    let asked = &server.heard()[0];
    let body = asked.json();
    assert_eq!(body["eventType"], 6, "a number");
    let seen = ["fromAccount", "attach", "roomId", "fromClientIp", "msgType"].map(|name| body[name].as_str().unwrap());
    assert_eq!(seen, ["bob", "hello", &room.to_string(), "127.0.0.1", "TEXT"]);
    assert_eq!(asked.header("content-type"), Some("application/json;charset=utf-8"));
    let wrong = house.gateway.app().wrong_post_headers(asked.body.as_bytes(), |name| asked.header(name));
    assert_eq!(wrong, Vec::<&str>::new());
}

#[tokio::test]
async fn what_it_refuses_gets_403_or_its_own_code() {
    let answers = [json!({"errCode": 1}), json!({"errCode": 1, "responseCode": 20042})];
    let (house, _server) = house(move |count, _| says(&answers[count])).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    assert_eq!(code(ann.client.send(room, Outgoing::text("one")).await), Some(403));
    assert_eq!(code(ann.client.send(room, Outgoing::text("two")).await), Some(20042));
    ann.hears_nothing().await;
    assert!(house.metric(r#"roomgate_callbacks_total{event="message",result="refused"}"#) >= 2.0);
}

#[tokio::test]
async fn what_it_changes_is_what_all_get_if_it_keeps_the_rules() {
    let long = "x".repeat(5000);
    let (house, _server) = house_with(
        move |count, _| match count {
            0 => says(&json!({"errCode": 0, "modifyResponse": {"attach": "mild", "ext": "e"}})),
            _ => says(&json!({"errCode": 0, "modifyResponse": {"attach": long}})),
        },
        refusing,
    )
    .await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let sent = ann.sends(room, Outgoing::text("wild")).await;
    assert_eq!(sent.message.attach(), "mild");
    ann.hears_text("mild").await;
    assert_eq!(code(ann.client.send(room, Outgoing::text("again")).await), Some(403));
}

#[tokio::test]
async fn the_application_server_is_never_asked_about_what_it_sends_itself() {
    let (house, server) = house(|_, _| says(&json!({"errCode": 1}))).await;
    let room = house.room().await;
    house.server_sends(room, "owner", Outgoing::text("mine")).await;
    assert!(server.heard().is_empty());
}

#[tokio::test]
async fn nobody_is_asked_about_what_is_refused_anyway() {
    let (house, server) = house(|_, _| says(&json!({"errCode": 0}))).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    house.mutes(room, "ann", 60).await;
    assert_eq!(code(ann.client.send(room, Outgoing::text("x")).await), Some(13004));
    assert!(server.heard().is_empty());
}

#[tokio::test]
async fn a_mute_that_comes_while_it_is_asked_counts() {
    let gate = Gate::closed();
    let wait = gate.clone();
    let (house, server) = house(move |_, _| Say::When(wait.clone(), 204)).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let sending = ann.client.send(room, Outgoing::text("x"));
    let muting = async {
        server.hears(1).await;
        house.mutes(room, "ann", 60).await;
        gate.let_through(1);
    };
    // 204 is no answer, so it would pass.
    let (sent, ()) = tokio::join!(sending, muting);
    assert_eq!(code(sent), Some(13004));
}

#[tokio::test]
async fn messages_keep_their_order_however_the_answers_come() {
    let gates: Vec<Gate> = (0..10).map(|_| Gate::closed()).collect();
    let waits = gates.clone();
    let (house, server) = house(move |_, heard| {
        let number: usize = heard.json()["attach"].as_str().unwrap().parse().unwrap();
        Say::Then(waits[number].clone(), 200, json!({"errCode": u8::from(number == 4)}).to_string())
    })
    .await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let token = house.account("bob").await;
    let mut bob = Raw::connect(house.gateway.addr(), "/ws").await;
    let login = json!({"op": "login", "id": 100, "appKey": "key", "accid": "bob", "token": token});
    let join = json!({"op": "join", "id": 101, "roomid": room.to_string()});
    let send = |number: usize| {
        let (text, room) = (number.to_string(), room.to_string());
        json!({"op": "send", "id": number, "roomid": room, "msgId": text, "msgType": 0, "attach": text})
    };
    for frame in [login, join].into_iter().chain((0..10).map(send)) {
        bob.sends(0x81, frame.to_string().as_bytes()).await;
    }
    ann.hears_notice(301, "bob").await;
    server.hears(10).await;
    gates.iter().rev().for_each(|gate| gate.let_through(1));
    let mut codes = Vec::new();
    while codes.len() < 10 {
        let frame: Value = serde_json::from_str(&bob.hears_text().await).unwrap();
        if let (Some("reply"), Some(id @ 0..10)) = (frame["op"].as_str(), frame["id"].as_u64()) {
            codes.push((id, frame["code"].as_u64().unwrap()));
        }
    }
    let expected: Vec<(u64, u64)> = (0..10).map(|id| (id, if id == 4 { 403 } else { 200 })).collect();
    assert_eq!(codes, expected, "answers come in the order of the requests");
    for text in ["0", "1", "2", "3", "5", "6", "7", "8", "9"] {
        ann.hears_text(text).await;
    }
}

#[tokio::test]
async fn no_answer_is_passed_or_refused_and_told_later() {
    for (refuse, expected) in [(false, None), (true, Some(403))] {
        let receiver = Peer::good().await;
        let hook = receiver.url().parse().unwrap();
        let bad = [Say::Status(500), Say::Text(200, "nonsense".into()), Say::Nothing, Say::Huge, Say::Half];
        let (house, _server) = house_with(
            move |count, _| bad[count % bad.len()].clone(),
            |settings| {
                settings.webhook.url = Some(hook);
                if refuse {
                    refusing(settings);
                }
            },
        )
        .await;
        let room = house.room().await;
        let mut ann = house.member_in(room, "ann").await;
        for _ in 0..5 {
            let sent = ann.client.send(room, Outgoing::text("x")).await;
            assert_eq!(sent.err().and_then(|error| error.code()), expected);
        }
        // After five the breaker is open: nobody is asked, and reason 3 is told.
        let sent = ann.client.send(room, Outgoing::text("x")).await;
        assert_eq!(sent.err().and_then(|error| error.code()), expected);
        let mut wanted = 1;
        let reasons = loop {
            let heard = receiver.hears(wanted).await;
            let failed = heard.iter().map(Heard::json).filter(|body| body["eventType"] == "83");
            let reasons: Vec<String> = failed.map(|body| body["reason"].as_str().unwrap().to_owned()).collect();
            if reasons.len() >= 6 {
                break reasons;
            }
            wanted = heard.len() + 1;
        };
        assert_eq!(reasons, ["2", "2", "2", "2", "2", "3"]);
    }
}

#[tokio::test]
async fn one_that_is_late_holds_up_nobody_else() {
    let gate = Gate::closed();
    let wait = gate.clone();
    let (house, server) = house(move |_, heard| match heard.json()["fromAccount"].as_str() {
        Some("slow") => Say::When(wait.clone(), 200),
        _ => says(&json!({"errCode": 0})),
    })
    .await;
    let room = house.room().await;
    let mut slow = house.member_in(room, "slow").await;
    let mut ann = house.member_in(room, "ann").await;
    let waiting = slow.client.send(room, Outgoing::text("late"));
    let others = async {
        server.hears(1).await;
        for number in 0..20 {
            ann.sends(room, Outgoing::text(number.to_string())).await;
            ann.hears_text(&number.to_string()).await;
        }
        gate.let_through(1);
    };
    let (sent, ()) = tokio::join!(waiting, others);
    sent.expect("an empty answer is none, and passes");
}

#[tokio::test]
async fn late_is_two_seconds() {
    let server = Peer::with(|_, _| Say::Silence).await;
    let url = server.url().parse().unwrap();
    let house = House::with_patience(|settings| {
        settings.callback.url = Some(url);
        settings.callback.joins = false;
        refusing(settings);
    })
    .await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    let turning = async {
        server.hears(1).await;
        house.clock.advance(std::time::Duration::from_secs(2));
    };
    let (sent, ()) = tokio::join!(ann.client.send(room, Outgoing::text("x")), turning);
    assert_eq!(code(sent), Some(403));
    assert!(house.metric(r#"roomgate_callbacks_total{event="message",result="timeout"}"#) >= 1.0);
}

#[tokio::test]
async fn strangers_that_log_in_do_not_stop_the_questions_about_messages() {
    let (house, _server) = house(|_, heard| match heard.json()["eventType"].as_u64() {
        Some(6) => says(&json!({"errCode": 1})),
        _ => Say::Status(500),
    })
    .await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for _ in 0..8 {
        let login = json!({"appKey": "key", "accid": "eve", "authType": 2});
        assert_eq!(code(house.visitor().await.request("login", login).await), Some(403));
    }
    assert_eq!(code(ann.client.send(room, Outgoing::text("x")).await), Some(403));
    assert!(house.metric(r#"roomgate_callbacks_total{event="message",result="refused"}"#) >= 1.0, "it was asked");
}

#[tokio::test]
async fn what_a_member_sent_before_it_was_blocked_does_not_come_after() {
    let gate = Gate::closed();
    let wait = gate.clone();
    let (house, server) = house(move |_, _| Say::Then(wait.clone(), 200, json!({"errCode": 0}).to_string())).await;
    let room = house.room().await;
    let mut ann = house.owner().await;
    ann.enters(room).await;
    let mut bob = house.member_in(room, "bob").await;
    ann.hears_notice(301, "bob").await;
    let send = json!({"op": "send", "roomid": room.to_string(), "msgId": "m", "msgType": 0, "attach": "late"});
    bob.client.send_raw(send.to_string()).await.unwrap();
    server.hears(1).await;
    house.call("user/block", &[("accid", "bob"), ("needkick", "true")]).await;
    gate.let_through(1);
    bob.is_closed_with(4002).await;
    ann.hears_notice(302, "bob").await;
    ann.hears_nothing().await;
}
