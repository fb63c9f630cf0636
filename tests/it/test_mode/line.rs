//! Connections that are slow or break, of an account or of one of its sessions.

use std::time::Duration;

use roomgate::base::limits;
use serde_json::json;

use super::{house_of_ann, says};

#[tokio::test]
async fn a_slow_one_gets_on_with_the_clock_until_it_is_fast_again() {
    let (house, room, mut ann, desk) = house_of_ann().await;
    assert_eq!(desk.does("/test/members/ann/slow?bytes-per-second=1000").await, json!({ "sessions": 1 }));
    for number in 0..20 {
        says(&house, room, &format!("{number} {}", "x".repeat(1000))).await;
    }
    assert!(ann.hears().await.attach().starts_with("0 "));
    let session = desk.session_of("ann").await;
    assert_eq!((&session["bytesPerSecond"], &session["normal"]["frames"]), (&json!(1000), &json!(19)));
    house.clock.advance(Duration::from_secs(2));
    assert!(ann.hears().await.attach().starts_with("1 "));
    assert_eq!(desk.does("/test/members/ann/fast").await, json!({ "sessions": 1 }));
    for number in 2..20 {
        assert!(ann.hears().await.attach().starts_with(&format!("{number} ")));
    }
    assert_eq!(desk.session_of("ann").await["bytesPerSecond"], json!(null));
}

#[tokio::test]
async fn a_cut_one_breaks_without_a_word_and_its_session_may_come_back() {
    let (house, room, mut ann, desk) = house_of_ann().await;
    let left_off = ann.client.left_off();
    assert_eq!(desk.does("/test/members/ann/cut").await, json!({ "sessions": 1 }));
    ann.breaks_off().await;
    desk.sees("ann", |session| session["away"] == true).await;
    says(&house, room, "meanwhile").await;
    assert_eq!(desk.session_of("ann").await["normal"]["frames"], 1);
    let mut again = house.visitor().await;
    assert!(again.resume("key", "ann", &ann.token, &left_off).await.unwrap());
}

#[tokio::test]
async fn all_sessions_are_meant_unless_one_is_named() {
    let (house, room, mut ann, desk) = house_of_ann().await;
    let mut second = house.log_in("ann", &ann.token).await;
    second.client.join(room).await.unwrap();
    let sessions = desk.gets("/test/members/ann").await["sessions"].take();
    assert_eq!(sessions.as_array().unwrap().len(), 2);
    assert_eq!(desk.does("/test/members/ann/freeze").await, json!({ "sessions": 2 }));
    let one = sessions[1]["session"].as_str().unwrap();
    assert_eq!(desk.does(&format!("/test/members/ann/thaw?session={one}")).await, json!({ "sessions": 1 }));
    says(&house, room, "hello").await;
    second.hears_text("hello").await;
    assert!(ann.client.try_next().is_none());
    assert_eq!(desk.does(&format!("/test/members/ann/cut?session={one}")).await, json!({ "sessions": 1 }));
    second.breaks_off().await;
    assert_eq!(desk.does("/test/members/ann/thaw").await, json!({ "sessions": 1 }), "the other is away");
    ann.hears_text("hello").await;
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused_and_does_nothing() {
    let (_house, _, mut ann, desk) = house_of_ann().await;
    let (least, most) = (limits::PACE_LEAST, limits::PACE_MOST);
    let rule = format!("bytes-per-second: expected a whole number from {least} to {most}, got");
    for (query, came) in [("", "nothing"), ("?bytes-per-second=fast", "\"fast\""), ("?bytes-per-second=63", "\"63\"")] {
        assert_eq!(desk.is_refused(&format!("/test/members/ann/slow{query}"), 400).await, format!("{rule} {came}"));
    }
    let bad = [
        ("/test/members/ann/cut?session=first", 400, "session: expected a session that the reply to a login names"),
        ("/test/members/ann/cut?sesion=x", 400, "unknown parameter sesion: expected session"),
        ("/test/members/a%20b/cut", 400, "account: expected an account of 1 to 32"),
        ("/test/members//cut", 400, "account: expected an account of 1 to 32"),
        ("/test/members/ann", 405, "this path takes GET"),
        ("/test/members/ann/cut?session=00000000000000000000000000000000", 404, "ann has no connected session 0000"),
    ];
    for (path, status, words) in bad {
        let why = desk.is_refused(path, status).await;
        assert!(why.starts_with(words), "{path}: {why}");
    }
    assert_eq!(desk.0.get("/test/members/ann/cut").await.unwrap_err().to_string(), "this path takes POST");
    ann.client.ping().await.unwrap();
}

#[tokio::test]
async fn an_account_may_be_written_as_urls_have_it() {
    let (house, _, _, desk) = house_of_ann().await;
    let _member = house.member("ann@home").await;
    for path in ["ann@home", "ann%40home", "ANN%40home"] {
        assert_eq!(desk.does(&format!("/test/members/{path}/thaw")).await, json!({ "sessions": 1 }), "{path}");
    }
}
