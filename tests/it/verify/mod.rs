//! `roomgate verify` as somebody meets it: on a gateway that is right, and on ways of using it wrongly.

mod interposer;
mod replay;
mod right;
mod usage;
#[cfg(feature = "wrong-gateways")]
mod wrong;

use std::path::Path;
use std::time::Duration;

use crate::support::program::command;

/// A whole run on a machine that has other things to do.
const A_RUN: Duration = Duration::from_secs(300);

/// What a run came to.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Run {
    /// What is said of an invariant: the first word of its line.
    fn verdict(&self, invariant: &str) -> &str {
        let words = |line: &'_ str| line.split_whitespace().nth(1).is_some_and(|word| word == invariant);
        let line = self.stdout.lines().find(|line| words(line)).unwrap_or_default();
        line.split(' ').next().unwrap_or_default()
    }

    /// The invariants of which this is said.
    fn all(&self, word: &str) -> Vec<&str> {
        let lines = self.stdout.lines().filter(|line| line.starts_with(word));
        lines.filter_map(|line| line.split_whitespace().nth(1)).collect()
    }
}

/// Runs `roomgate verify` in a folder.
async fn verify(folder: &Path, args: &[&str]) -> Run {
    let output = command(&[&["verify"], args].concat()).current_dir(folder).output();
    let output = tokio::time::timeout(A_RUN, output).await.expect("it ends").expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}
