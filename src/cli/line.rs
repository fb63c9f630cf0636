//! The line to a gateway: one call of the server API after another. Knows no action by name.

use roomgate::auth::App;
use roomgate::client::{Api, ApiError};
use tokio::runtime::{Builder, Runtime};

use super::failure::Failure;
use super::record::Record;

/// Whoever answers calls of the server API: a gateway, or in a test a script.
pub(super) trait Ask {
    /// Calls `path`, such as `chatroom/get`. Answers the whole answer, whose code is 200.
    fn ask(&self, path: &str, params: &[(&str, &str)]) -> Result<Record, Failure>;
}

/// One command's connection to a gateway.
pub(super) struct Line {
    command: String,
    api: Api,
    runtime: Runtime,
}

impl Line {
    /// A line for `command`, as its complaints name it. Connects with the first call.
    pub(super) fn open(url: &str, app: App, command: &str) -> Result<Line, Failure> {
        let api = Api::new(url, app).map_err(Failure::usage)?;
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Failure::run)?;
        Ok(Line { command: command.to_owned(), api, runtime })
    }

    /// Waits for what `call` does with the server API.
    pub(super) fn wait<T>(&self, call: impl AsyncFnOnce(&Api) -> Result<T, ApiError>) -> Result<T, Failure> {
        self.runtime.block_on(call(&self.api)).map_err(|error| self.describe(&error))
    }

    fn describe(&self, error: &ApiError) -> Failure {
        let ended = match error {
            ApiError::Refused { .. } => "refused",
            ApiError::Transport { .. } => "failed",
        };
        Failure::run(format!("{} {ended}: {error}", self.command))
    }
}

impl Ask for Line {
    fn ask(&self, path: &str, params: &[(&str, &str)]) -> Result<Record, Failure> {
        Record::read(&self.wait(async |api| api.call_for_text(path, params).await)?)
    }
}

#[cfg(test)]
impl<F: Fn(&str, &[(&str, &str)]) -> String> Ask for F {
    fn ask(&self, path: &str, params: &[(&str, &str)]) -> Result<Record, Failure> {
        Record::read(&self(path, params))
    }
}

/// Answers in turn, each to the call it was written for: `chatroom/get roomid=2`.
#[cfg(test)]
pub(super) struct Script {
    turns: std::cell::RefCell<std::collections::VecDeque<(&'static str, &'static str)>>,
}

#[cfg(test)]
impl Script {
    pub(super) fn new<const N: usize>(turns: [(&'static str, &'static str); N]) -> Script {
        Script { turns: std::cell::RefCell::new(turns.into()) }
    }
}

#[cfg(test)]
impl Ask for Script {
    fn ask(&self, path: &str, params: &[(&str, &str)]) -> Result<Record, Failure> {
        let params = params.iter().map(|(name, value)| format!(" {name}={value}")).collect::<String>();
        let (call, answer) = self.turns.borrow_mut().pop_front().expect("the script goes on");
        assert_eq!(format!("{path}{params}"), call);
        Record::read(answer)
    }
}

#[cfg(test)]
impl Drop for Script {
    fn drop(&mut self) {
        assert!(std::thread::panicking() || self.turns.borrow().is_empty(), "not asked: {:?}", self.turns.borrow());
    }
}
