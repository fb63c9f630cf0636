//! The program itself as a child process.

use std::path::Path;
use std::process::{ExitStatus, Stdio};

use roomgate::auth::App;
use roomgate::client::Api;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use super::SOON;

pub const KEY: [&str; 4] = ["--app-key", "key", "--app-secret", "secret"];

/// A gateway in a process of its own. It is killed when this is dropped.
pub struct Program {
    child: Child,
    stdout: BufReader<ChildStdout>,
    pub address: String,
    pub internal: String,
}

pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roomgate"));
    // What the tester's own shell has set must not change what is tested.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROOMGATE_")) {
        command.env_remove(name);
    }
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// Runs it to its end: exit code, standard output, standard error.
pub async fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let output = tokio::time::timeout(SOON, command(args).output()).await.expect("it ends").expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

impl Program {
    /// Starts it on free ports and waits for its one line.
    pub async fn start(args: &[&str]) -> Program {
        let ports = ["--listen", "127.0.0.1:0", "--internal-listen", "127.0.0.1:0", "--demo", "false"];
        let mut child = command(&[&ports, args].concat()).stderr(Stdio::inherit()).spawn().expect("it starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        tokio::time::timeout(SOON, stdout.read_line(&mut line)).await.expect("a line in time").expect("a line");
        let parts: Vec<&str> = line.trim_end().split(' ').collect();
        let ["roomgate", "listening", "on", address, "(internal", internal] = parts[..] else { panic!("{line:?}") };
        let host = |url: &str| url.trim_start_matches("http://").trim_end_matches(')').to_owned();
        Program { child, stdout, address: host(address), internal: host(internal) }
    }

    /// With its data in `folder`.
    pub async fn in_folder(folder: &Path) -> Program {
        Program::in_folder_with(folder, &[]).await
    }

    /// The same with more options.
    pub async fn in_folder_with(folder: &Path, options: &[&str]) -> Program {
        let folder = folder.to_str().expect("text");
        Program::start(&[&["--data", folder][..], &KEY, options].concat()).await
    }

    pub fn api(&self) -> Api {
        Api::new(&format!("http://{}/nimserver", self.address), App::new("key", "secret")).expect("a good address")
    }

    /// Ends it as a power cut would.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("killed");
    }

    /// Sends it a signal.
    pub async fn signal(&self, name: &str) {
        let id = self.child.id().expect("running");
        // The shell's own kill: a small machine may have no other.
        let asked = Command::new("sh").args(["-c", &format!("kill -{name} {id}")]).status().await.expect("sh runs");
        assert!(asked.success());
    }

    /// Asks it to end; what it still said on standard output, and how it ended.
    pub async fn terminate(mut self) -> (String, ExitStatus) {
        self.signal("TERM").await;
        let status = tokio::time::timeout(SOON, self.child.wait()).await.expect("it ends").expect("it ended");
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).await.expect("text");
        (rest, status)
    }
}
