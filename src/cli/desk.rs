//! The line to a gateway's internal listener, for what operators ask. Needs no key and no secret; knows no path by heart.

use clap::ArgMatches;
use roomgate::client::{Operator, OperatorError};
use tokio::runtime::{Builder, Runtime};

use super::caller;
use super::failure::Failure;
use super::layers::Environment;
use super::record::Record;

/// Whoever answers an operator: a gateway, or in a test a script.
pub(super) trait AskDesk {
    /// Reads what is at a path.
    fn get(&self, path: &str) -> Result<Record, Failure>;

    /// Has something done.
    fn post(&self, path: &str) -> Result<Record, Failure>;
}

/// One command's connection.
pub(super) struct Desk {
    command: String,
    operator: Operator,
    runtime: Runtime,
}

impl Desk {
    /// For a command, as its complaints name it. Connects with the first call.
    pub(super) fn open(flags: &ArgMatches, environment: &Environment, command: &str) -> Result<Desk, Failure> {
        let config = caller::config(flags, environment)?;
        let operator = Operator::new(config.internal_url.as_deref().unwrap_or_default())
            .map_err(|error| Failure::usage(format!("internal_url: {error}")))?;
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Failure::run)?;
        Ok(Desk { command: command.to_owned(), operator, runtime })
    }

    fn wait(&self, call: impl Future<Output = Result<String, OperatorError>>) -> Result<Record, Failure> {
        let answer = self.runtime.block_on(call).map_err(|error| match error {
            OperatorError::Refused { .. } => Failure::run(format!("{} refused: {error}", self.command)),
            OperatorError::Transport { .. } => Failure::run(format!(
                "{} failed: {error}; expected the gateway's internal_listen there, --internal-url names another address",
                self.command
            )),
        })?;
        Record::read(&answer)
    }
}

impl AskDesk for Desk {
    fn get(&self, path: &str) -> Result<Record, Failure> {
        self.wait(self.operator.get(path))
    }

    fn post(&self, path: &str) -> Result<Record, Failure> {
        self.wait(self.operator.post(path))
    }
}

/// A path with those parameters that there are.
pub(super) fn with_params(path: &str, params: &[(&str, Option<&str>)]) -> String {
    let given = params.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
impl<F: Fn(&str) -> String> AskDesk for F {
    fn get(&self, path: &str) -> Result<Record, Failure> {
        Record::read(&self(&format!("GET {path}")))
    }

    fn post(&self, path: &str) -> Result<Record, Failure> {
        Record::read(&self(&format!("POST {path}")))
    }
}
