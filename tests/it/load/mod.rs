//! `roomgate load` as somebody runs it: the program itself, for a second at a time.

mod honest;
mod scenarios;

use std::process::ExitStatus;
use std::time::Duration;

use serde_json::Value;

use crate::support::program::command;

/// Longer than any of these runs takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// What a run came to.
struct Ran {
    status: ExitStatus,
    report: Value,
    stderr: String,
}

/// Runs it to its end, with a report.
async fn load(line: &str) -> Ran {
    let words: Vec<&str> = ["load", "--json", "-"].into_iter().chain(line.split_whitespace()).collect();
    let output = tokio::time::timeout(DEADLINE, command(&words).output()).await.expect("it ends").expect("it runs");
    let stderr = String::from_utf8(output.stderr).expect("text");
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{line}: no report; {stderr}"));
    Ran { status: output.status, report, stderr }
}

/// The same where all is as it should be.
async fn load_well(line: &str) -> Value {
    let ran = load(line).await;
    assert_eq!((ran.status.code(), ran.stderr.as_str()), (Some(0), ""), "{line}: {}", ran.report);
    assert_eq!((&ran.report["whole"], &ran.report["errors"]), (&true.into(), &Value::Array(vec![])), "{line}");
    ran.report
}

/// A number of a report.
fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no whole number"))
}

/// What came in all lanes of a phase.
fn deliveries(phase: &Value) -> u64 {
    phase["lanes"].as_array().expect("lanes").iter().map(|lane| number(&lane["deliveries"])).sum()
}
