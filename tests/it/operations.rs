//! What operators see on the internal listener.

use roomgate::base::Clock;
use roomgate::client::Outgoing;

use crate::support::{House, Http};

#[tokio::test]
async fn alive_ready_and_counted() {
    let house = House::open().await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    house.server_sends(room, "owner", Outgoing::text("x").to(["ann", "nobody"]).high().outcomes()).await;
    ann.hears_text("x").await;
    house.refusal("chatroom/get", &[("roomid", "99")]).await;
    let internal = Http::to(house.gateway.internal_addr());
    for (path, body) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let answer = internal.send("GET", path, &[], b"").await;
        assert_eq!((answer.status, answer.body.as_str()), (200, body));
    }
    let answer = internal.send("GET", "/metrics", &[], b"").await;
    assert!(answer.head.to_lowercase().contains("application/openmetrics-text"), "{}", answer.head);
    for line in [
        "roomgate_sessions 1",
        "roomgate_rooms 1",
        r#"roomgate_messages_total{kind="directed",lane="high"} 1"#,
        r#"roomgate_messages_total{kind="notice",lane="normal"} 1"#,
        r#"roomgate_outcomes_total{outcome="queued"} 1"#,
        r#"roomgate_outcomes_total{outcome="unknown"} 1"#,
        "roomgate_frames_dropped_total 0",
        "roomgate_queue_bytes 0",
        r#"roomgate_rest_calls_total{action="/chatroom/sendMsgToSomeone.action",code="200"} 1"#,
        r#"roomgate_rest_calls_total{action="/chatroom/get.action",code="404"} 1"#,
        r#"roomgate_rest_seconds_count{action="/chatroom/get.action"} 1"#,
    ] {
        assert!(answer.body.lines().any(|found| found == line), "missing: {line}\n{}", answer.body);
    }
    assert_eq!(internal.send("GET", "/", &[], b"").await.status, 404);
}

#[tokio::test]
async fn every_metric_is_documented() {
    let house = House::open().await;
    let metrics = house.gateway.metrics();
    let documented = include_str!("../../docs/operations.md");
    for (name, kind) in metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' ')) {
        let name = if kind == "counter" { format!("{name}_total") } else { name.to_owned() };
        assert!(documented.contains(&format!("| `{name}` |")), "docs/operations.md does not tell of {name}");
    }
}

#[tokio::test]
async fn the_internal_paths_are_not_public() {
    let house = House::open().await;
    for path in ["/metrics", "/healthz", "/readyz"] {
        assert_eq!(house.http().send("GET", path, &[], b"").await.status, 404);
    }
}

#[tokio::test]
async fn what_a_history_could_not_take_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::in_folder(folder.path(), &Clock::system()).await;
    let room = house.room().await;
    house.server_sends(room, "owner", Outgoing::text("kept")).await;
    let fails = "CREATE TRIGGER fails BEFORE INSERT ON message BEGIN SELECT raise(ABORT, 'the disk is full'); END";
    rusqlite::Connection::open(folder.path().join("roomgate.db")).unwrap().execute_batch(fails).unwrap();
    house.server_sends(room, "owner", Outgoing::text("lost")).await;
    assert_eq!(house.metric("roomgate_messages_unkept_total"), 1.0);
    assert_eq!(house.past_texts(room).await, ["kept"]);
}
