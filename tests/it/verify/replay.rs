//! A gateway that breaks a promise: how it is told, and how it is looked into afterwards.

use crate::support::House;
use crate::support::program::KEY;

use super::interposer::{Spoil, interpose, swallowed, twice};
use super::{Run, verify};

/// Verifies a gateway that is spoiled so.
async fn spoiled(spoil: Spoil, folder: &std::path::Path, args: &[&str]) -> Run {
    let house = House::open().await;
    let before = interpose(house.gateway.addr(), spoil).await.to_string();
    let target = format!("http://{}", house.gateway.addr());
    // What stands before it takes more bytes on the way than a gateway may.
    let always = ["--target", &target, "--socket", &before, "--overtaking-bytes", "100000000"];
    verify(folder, &[&always, &KEY[..], args].concat()).await
}

#[tokio::test]
async fn what_comes_twice_is_told_with_its_plan_and_found_again_in_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let run = spoiled(twice, folder.path(), &["--quick", "--seed", "5", "--history", "history.jsonl"]).await;
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert_eq!(run.verdict("once"), "BROKEN", "{}", run.stdout);
    assert_eq!(run.verdict("directed-secrecy"), "ok", "{}", run.stdout);
    assert!(run.stdout.ends_with("plan roomgate-verify-5.json\n"), "{}", run.stdout);
    assert!(run.stderr.starts_with("roomgate: broken: ") && run.stderr.contains("once"), "{}", run.stderr);

    let again = verify(folder.path(), &["--judge", "history.jsonl", "--only", "once,time"]).await;
    assert_eq!((again.code, again.all("BROKEN"), again.all("ok")), (Some(1), vec!["once"], vec!["time"]));

    let plan = folder.path().join("roomgate-verify-5.json");
    let made = tempfile::tempdir().unwrap();
    let saving = ["--seed", "5", "--quick", "--target", "http://127.0.0.1:1", "--save-plan", "made.json"];
    verify(made.path(), &[&saving, &KEY[..]].concat()).await;
    let made = std::fs::read_to_string(made.path().join("made.json")).unwrap();
    assert_eq!(made, std::fs::read_to_string(plan).unwrap(), "the same seed is the same plan");
}

#[tokio::test]
async fn what_is_swallowed_is_missed() {
    let folder = tempfile::tempdir().unwrap();
    let run = spoiled(swallowed, folder.path(), &["--quick", "--nemesis", "none"]).await;
    assert_eq!((run.code, run.verdict("no-loss")), (Some(1), "BROKEN"), "{}", run.stdout);
}

#[tokio::test]
async fn a_failing_plan_is_repeated_and_made_smaller() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("plan.json"), PLAN).unwrap();
    let run = spoiled(
        twice,
        folder.path(),
        &["--plan", "plan.json", "--only", "once", "--trim", "--save-plan", "failing.json"],
    )
    .await;
    assert_eq!((run.code, run.verdict("once")), (Some(1), "BROKEN"), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("trimmed failing.trimmed.json from 8 actions to "), "{}", run.stdout);
    let small = std::fs::read_to_string(folder.path().join("failing.trimmed.json")).unwrap();
    assert!(small.contains("\"do\":\"flood\"") && !small.contains("lurk"), "{small}");
}

/// Two members, and enough messages that one of them comes twice.
const PLAN: &str = r#"{"seed": 9, "rooms": 1, "seats": [[0], [0]], "phases": [
  {"name": "gather", "settles": true, "actions": [
    {"at": 0, "by": "m0", "do": "come-back", "way": "straight"},
    {"at": 0, "by": "m1", "do": "come-back", "way": "straight"}
  ]},
  {"name": "talk", "settles": true, "actions": [
    {"at": 0, "by": "s0", "do": "flood", "as": 0, "room": 0, "id": "a", "size": 20, "count": 150},
    {"at": 0, "by": "m1", "do": "send", "room": 0, "id": "b", "size": 20},
    {"at": 0, "by": "g0", "do": "lurk", "time": 50},
    {"at": 0, "by": "g1", "do": "lurk", "time": 50},
    {"at": 1, "by": "s1", "do": "offer", "room": 0, "key": "k", "value": "v"},
    {"at": 2, "by": "s1", "do": "update", "room": 0, "announcement": "news"}
  ]}
]}"#;
