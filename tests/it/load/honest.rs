//! What a report says is what the gateway says too, and nothing is passed over.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use super::{DEADLINE, deliveries, load, load_well, number};
use crate::support::Http;
use crate::support::program::{KEY, Program, command, run};

impl Program {
    /// The sum of all its counters that begin so.
    async fn metric(&self, name: &str) -> u64 {
        let answer = Http::to(self.internal.parse().unwrap()).send("GET", "/metrics", &[], b"").await;
        let lines = answer.body.lines().filter(|line| line.starts_with(name));
        lines.map(|line| line.rsplit(' ').next().and_then(|value| value.parse::<u64>().ok()).expect("a count")).sum()
    }
}

fn to(program: &Program, options: &str) -> String {
    format!("--target http://{} {} {options}", program.address, KEY.join(" "))
}

#[tokio::test]
async fn the_gateway_has_counted_the_same() {
    let program = Program::start(&[&["--memory"][..], &KEY].concat()).await;
    let report = load_well(&to(&program, "--members 20 --rooms 2 --duration 1s --rate 30 --prefix same")).await;
    let phase = &report["phases"][0];
    let (messages, members) = (program.metric("roomgate_messages_total{kind=\"room\"").await, 10);
    assert_eq!(deliveries(phase), messages * members);
    assert_eq!(number(&phase["reach"]["expected"]), messages * members);
    // Each member was answered twice, when it logged in and when it joined. Those whose goodbye was under way when their room was closed
    // were told of that.
    let beyond = program.metric("roomgate_frames_queued_total").await - deliveries(phase) - 2 * 20;
    assert!(beyond <= 2 * 20, "{beyond} frames more than were delivered");
    let open = program.api().call("chatroom/list", &[]).await.unwrap();
    assert!(!open.to_string().contains("\"valid\":true"), "rooms are closed again: {open}");
    load_well(&to(&program, "--members 20 --duration 100ms --prefix same")).await;
}

#[tokio::test]
async fn what_was_dropped_is_told_and_not_missing() {
    let ran = load(
        "--members 10 --size 4096 --via rest --window 128 --receive-buffer 4KiB --duration 1s -- \
         --lanes-normal-bytes 32768 --socket-send-buffer-bytes 4096",
    )
    .await;
    let reach = &ran.report["phases"][0]["reach"];
    let [expected, received, lost] = ["expected", "received", "told_lost"].map(|name| number(&reach[name]));
    assert!(lost > 0 && received + lost == expected, "{reach}");
    assert!(reach["share"].as_f64().is_some_and(|share| share < 1.0), "{reach}");
    assert_eq!((&reach["missing"], &reach["surplus"], ran.status.code()), (&0.into(), &0.into(), Some(0)), "{reach}");
}

/// Starts it, waits until the gateway has so many messages, and then does something to either of them.
async fn disturbed(
    program: Program,
    options: &str,
    disturb: impl AsyncFnOnce(Program, u32) -> Option<Program>,
) -> (Option<i32>, Value, String) {
    let line = format!("load --json - {}", to(&program, options));
    let running =
        command(&line.split_whitespace().collect::<Vec<_>>()).stdout(Stdio::piped()).spawn().expect("it starts");
    let pid = running.id().expect("it runs");
    let many = async {
        while program.metric("roomgate_messages_total").await < 20 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(DEADLINE, many).await.expect("messages in time");
    // One that goes on is there until the report is.
    let _program = disturb(program, pid).await;
    let output = tokio::time::timeout(DEADLINE, running.wait_with_output()).await.expect("it ends").expect("it ran");
    let report = serde_json::from_slice(&output.stdout).expect("a report");
    (output.status.code(), report, String::from_utf8(output.stderr).expect("text"))
}

#[tokio::test]
async fn a_gateway_that_is_killed_is_not_passed_over() {
    let program = Program::start(&[&["--memory"][..], &KEY].concat()).await;
    let options = "--members 20 --duration 50s --rate 50";
    let kill = async |program: Program, _| {
        program.kill().await;
        None
    };
    let (code, report, stderr) = disturbed(program, options, kill).await;
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("20 connections broke") && stderr.lines().count() == 1, "{stderr}");
    assert_eq!((&report["whole"], &report["connections_broken"]), (&false.into(), &20.into()));
    let reach = &report["phases"][0]["reach"];
    assert_eq!(
        (&reach["expected"], &reach["between"]["members"], &reach["surplus"]),
        (&0.into(), &20.into(), &0.into())
    );
    assert!(number(&reach["between"]["received"]) > 0, "{reach}");
}

#[tokio::test]
async fn one_that_is_ended_early_still_reports() {
    let program = Program::start(&[&["--memory"][..], &KEY].concat()).await;
    let options = "--members 20 --duration 50s --rate 50";
    let interrupt = async |program: Program, pid: u32| {
        let asked = tokio::process::Command::new("sh").args(["-c", &format!("kill -INT {pid}")]).status().await;
        assert!(asked.expect("sh runs").success());
        Some(program)
    };
    let (code, report, stderr) = disturbed(program, options, interrupt).await;
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert_eq!((&report["interrupted"], &report["whole"]), (&true.into(), &true.into()));
    assert_eq!(report["phases"][0]["reach"]["share"], 1.0);
}

#[tokio::test]
async fn what_can_not_be_done_is_one_line() {
    let cases = [
        ("--rooms 3 --members 2", 2, "rooms: expected from 1 to as many as members"),
        ("--scenario directed --recipients 200", 2, "recipients"),
        ("--target https://127.0.0.1:1 --app-key k --app-secret s", 2, "https:// is not supported here"),
        ("--target http://127.0.0.1:1 --app-key k --app-secret s", 1, "no connection"),
        ("--members 5 -- --limits-calls-per-second 1", 1, "416"),
        ("--members 5 -- --lisen x", 1, "expected the line `roomgate listening on"),
        ("--members 90000000", 1, "open files: 90000320 are needed"),
    ];
    for (line, expected, words) in cases {
        let all: Vec<&str> = ["load"].into_iter().chain(line.split(' ')).collect();
        let (code, stdout, stderr) = run(&all).await;
        assert_eq!((code, stdout.as_str(), stderr.lines().count()), (Some(expected), "", 1), "{line}: {stderr}");
        assert!(stderr.contains(words), "{line}: {stderr}");
    }
}
