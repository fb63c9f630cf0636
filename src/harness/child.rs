//! A gateway in a process of its own, started and ended by the harness. It is killed when this is dropped.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{ChildStdout, Command};

use crate::auth::App;
use crate::client::{Api, BadAddress};

/// How long it may take to listen.
const START_TIME: Duration = Duration::from_secs(60);
/// How long it may take to end when it is asked to.
const STOP_TIME: Duration = Duration::from_secs(30);

/// How to start a gateway.
#[derive(Debug, Clone)]
pub struct Program {
    path: PathBuf,
    app: App,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    core: Option<usize>,
    log: Option<PathBuf>,
}

/// A running gateway.
#[derive(Debug)]
pub struct Child {
    process: tokio::process::Child,
    pid: u32,
    /// Held so that it can go on writing.
    _stdout: BufReader<ChildStdout>,
    app: App,
    address: String,
    internal: String,
}

/// Why there is no gateway.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// It can't be started, watched or ended.
    #[error("{program}: {error}")]
    Process {
        /// What was to run.
        program: String,
        /// What is wrong.
        error: std::io::Error,
    },
    /// It did not say where it listens.
    #[error("{program}: expected the line `roomgate listening on …` within {} s, got {line:?}", START_TIME.as_secs())]
    NotListening {
        /// What ran.
        program: String,
        /// What it said instead.
        line: String,
    },
}

impl Program {
    /// The program at `path`, with a key and a secret of its own, on free loopback ports, keeping everything in memory until
    /// [`in_folder`](Program::in_folder) says otherwise.
    pub fn new(path: impl Into<PathBuf>) -> Program {
        Program { path: path.into(), app: App::random(), args: Vec::new(), env: Vec::new(), core: None, log: None }
    }

    /// Adds options of `roomgate serve`.
    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Program {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Adds an environment variable.
    pub fn env(mut self, name: &str, value: &str) -> Program {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Keeps its state there.
    pub fn in_folder(self, folder: &Path) -> Program {
        self.args([OsString::from("--data"), folder.into()])
    }

    /// Binds it to one core.
    pub fn on_core(mut self, core: Option<usize>) -> Program {
        self.core = core;
        self
    }

    /// Writes its log, standard error, to the end of a file.
    pub fn log_to(mut self, file: &Path) -> Program {
        self.log = Some(file.into());
        self
    }

    /// Its key and secret.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Starts it and waits until it listens.
    pub async fn start(&self) -> Result<Child, ChildError> {
        let wrong = |error| ChildError::Process { program: self.path.display().to_string(), error };
        let mut process = self.command().map_err(wrong)?.spawn().map_err(wrong)?;
        let pid = process.id().unwrap_or_default();
        let mut stdout =
            BufReader::new(process.stdout.take().ok_or_else(|| wrong(std::io::ErrorKind::BrokenPipe.into()))?);
        let mut line = String::new();
        // Too late and ended are told by what was said until then.
        let _ = tokio::time::timeout(START_TIME, stdout.read_line(&mut line)).await;
        let (address, internal) = read_addresses(&line).ok_or_else(|| ChildError::NotListening {
            program: self.path.display().to_string(),
            line: line.trim_end().to_owned(),
        })?;
        Ok(Child { process, pid, _stdout: stdout, app: self.app.clone(), address, internal })
    }

    fn command(&self) -> std::io::Result<Command> {
        let mut command = match self.core {
            Some(core) => {
                let mut command = Command::new("taskset");
                command.arg("-c").arg(core.to_string()).arg(&self.path);
                command
            }
            None => Command::new(&self.path),
        };
        // What the caller's own shell has set is not meant for this one.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ROOMGATE_")) {
            command.env_remove(name);
        }
        command.args(["serve", "--listen", "127.0.0.1:0", "--internal-listen", "127.0.0.1:0", "--demo", "false"]);
        if !self.args.iter().any(|arg| arg == "--data") {
            command.arg("--memory");
        }
        command.args(&self.args);
        command.env("ROOMGATE_APP_KEY", self.app.key()).env("ROOMGATE_APP_SECRET", self.app.secret());
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        command.stderr(match &self.log {
            Some(file) => std::fs::File::options().create(true).append(true).open(file)?.into(),
            None => Stdio::null(),
        });
        Ok(command)
    }
}

/// From `roomgate listening on http://A (internal http://B)`.
fn read_addresses(line: &str) -> Option<(String, String)> {
    let rest = line.trim_end().strip_prefix("roomgate listening on http://")?;
    let (address, internal) = rest.split_once(" (internal http://")?;
    Some((address.to_owned(), internal.strip_suffix(')')?.to_owned()))
}

impl Child {
    /// `host:port` for members and for the server API.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// `host:port` of its internal listener.
    pub fn internal(&self) -> &str {
        &self.internal
    }

    /// Its key and secret.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// An application server that calls it.
    pub fn api(&self) -> Result<Api, BadAddress> {
        Api::new(&format!("http://{}/nimserver", self.address), self.app.clone())
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.process.try_wait(), Ok(None))
    }

    /// Ends it as a power cut would.
    pub async fn kill(mut self) {
        // One that has ended is what was wanted.
        let _ = self.process.kill().await;
    }

    /// Asks it to end and waits; it is killed where that takes too long. False then.
    pub async fn stop(mut self) -> bool {
        self.signal("TERM").await;
        tokio::time::timeout(STOP_TIME, self.process.wait()).await.is_ok()
    }

    /// Sends it a signal by name, such as `STOP` or `CONT`.
    pub async fn signal(&self, name: &str) {
        // The shell's own kill: a small machine may have no other. One that has ended can't be told.
        let kill = format!("kill -{name} {}", self.pid);
        let _ = Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_gateway_names_both_addresses() {
        let line = "roomgate listening on http://127.0.0.1:8080 (internal http://127.0.0.1:8081)\n";
        let expected = ("127.0.0.1:8080".to_owned(), "127.0.0.1:8081".to_owned());
        assert_eq!(read_addresses(line), Some(expected));
        assert_eq!(read_addresses("roomgate: no\n"), None);
    }
}
