//! `roomgate webhook`, as somebody meets it in a terminal.

use roomgate::client::Outgoing;

use super::tell;
use crate::support::House;
use crate::support::peer::{Peer, Say};
use crate::support::program::run;

impl House {
    async fn webhook(&self, line: &str) -> (Option<i32>, String, String) {
        let url = format!("http://{}", self.gateway.internal_addr());
        let words: Vec<&str> = line.split(' ').collect();
        run(&[&["webhook"], &words[..], &["--internal-url", &url]].concat()).await
    }
}

#[tokio::test]
async fn addresses_are_tried_and_one_that_is_wrong_is_named() {
    let good = Peer::good().await;
    let bad = Peer::with(|_, _| Say::Status(201)).await;
    let bad_url = format!("http://user:secret@{}/?token=secret", bad.address()).parse().unwrap();
    let told = tell(&good);
    let house = House::with(|settings| {
        told(settings);
        settings.webhook.env.insert("bad".to_owned(), bad_url);
    })
    .await;
    let (code, stdout, stderr) = house.webhook("test").await;
    assert_eq!((code, stderr.as_str()), (Some(1), "roomgate: webhook test: 1 of 2 did not answer 200 within 5 s\n"));
    assert!(stdout.contains("default") && stdout.contains("HTTP 200") && stdout.contains("HTTP 201"), "{stdout}");
    assert!(!stdout.contains("secret"), "{stdout}");
    let (code, stdout, _) = house.webhook("test --env default --json").await;
    assert_eq!(code, Some(0));
    let json: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&json["ok"], &json["result"]), (&true.into(), &"HTTP 200".into()));
    let heard = good.heard();
    assert_eq!(heard[0].body, "{}");
    assert!(house.gateway.app().wrong_post_headers(b"{}", |name| heard[0].header(name)).is_empty());
    let (code, _, stderr) = house.webhook("test --env other").await;
    assert_eq!(code, Some(1));
    assert!(stderr.contains(r#"there is no webhook address "other", expected one of: default, bad"#), "{stderr}");
}

#[tokio::test]
async fn events_are_listed_shown_and_sent_again() {
    let peer = Peer::with(|before, _| Say::Status(if before < 1 { 400 } else { 200 })).await;
    let told = tell(&peer);
    let house = House::with(|settings| {
        told(settings);
        settings.webhook.attempts = 1;
    })
    .await;
    assert_eq!(house.webhook("list").await.1, "there are no events\n");
    assert_eq!(house.webhook("list --state dead").await.1, "no event is dead\n");
    assert_eq!(house.webhook("retry --dead").await.1, "no event is dead\n");
    let room = house.room().await;
    house.server_sends(room, "owner", Outgoing::text("hi")).await;
    let dead = house.events("dead", 1).await;
    let id = dead[0]["eventId"].as_str().unwrap();
    let (_, listed, _) = house.webhook("list --state dead").await;
    assert!(listed.lines().count() == 2 && listed.contains(id) && listed.contains("HTTP 400"), "{listed}");
    let (_, shown, _) = house.webhook(&format!("show {id}")).await;
    assert!(shown.contains("state     dead\n") && shown.contains(r#""attach":"hi""#), "{shown}");
    let (_, json, _) = house.webhook("list --json").await;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json, dead[0]);
    let (code, again, _) = house.webhook(&format!("retry {id}")).await;
    assert_eq!((code, again.as_str()), (Some(0), "1 event is pending again\n"));
    house.events("delivered", 1).await;
    let (code, said, stderr) = house.webhook(&format!("retry x-1 {id}")).await;
    assert_eq!((code, said.as_str()), (Some(1), "1 event is pending again\n"));
    assert!(stderr.contains("there is no event x-1") && stderr.lines().count() == 1, "{stderr}");
    house.events("delivered", 1).await;
    let (code, said, _) = house.webhook(&format!("forget {id}")).await;
    assert_eq!((code, said.as_str()), (Some(0), "1 event is forgotten\n"));
    assert_eq!(house.webhook("forget --dead").await.1, "no event is dead\n");
    house.events("delivered", 0).await;
}

#[tokio::test]
async fn what_can_not_be_done_is_one_line() {
    let house = House::open().await;
    let cases = [
        ("show x-1", 1, "webhook show refused: there is no event x-1"),
        ("show ../x", 2, "expected the id of an event"),
        ("retry", 2, "<EVENT>"),
        ("retry x-1", 1, "no webhook address is configured: set webhook.url or webhook.env"),
        ("list --state lost", 2, "pending, delivered, dead"),
    ];
    for (line, expected, words) in cases {
        let (code, stdout, stderr) = house.webhook(line).await;
        assert_eq!((code, stdout.as_str(), stderr.lines().count()), (Some(expected), "", 1), "{line}: {stderr}");
        assert!(stderr.contains(words), "{line}: {stderr}");
    }
    let nobody = Peer::nobody();
    let (code, _, stderr) = run(&["webhook", "list", "--internal-url", &format!("http://{nobody}")]).await;
    assert_eq!((code, stderr.lines().count()), (Some(1), 1), "{stderr}");
    assert!(stderr.contains("webhook list failed") && stderr.contains("--internal-url"), "{stderr}");
    let public = format!("http://{}", house.gateway.addr());
    let (_, _, stderr) = run(&["webhook", "list", "--internal-url", &public]).await;
    assert!(stderr.contains("HTTP status 404") && stderr.contains("internal_listen"), "{stderr}");
}
