//! The line to a gateway's internal listener: one question after another, and no key.

use clap::ArgMatches;
use roomgate::client::Operator;
use tokio::runtime::{Builder, Runtime};

use super::failure::Failure;
use super::layers::{self, Environment};
use super::line::{Ask, describe};
use super::options::Used;
use super::record::Record;

/// One command's connection to the internal listener.
pub(super) struct Inside {
    command: String,
    operator: Operator,
    runtime: Runtime,
}

impl Inside {
    /// A line for `command`, as its complaints name it. Connects with the first question.
    pub(super) fn open(flags: &ArgMatches, environment: &Environment, command: &str) -> Result<Inside, Failure> {
        let loaded = layers::load(Used::Calling, flags, environment)?;
        for warning in &loaded.warnings {
            eprintln!("roomgate: {warning}");
        }
        let url = loaded.config.internal_url.as_deref().unwrap_or_default();
        let operator = Operator::new(url.trim_end_matches('/')).map_err(Failure::usage)?;
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Failure::run)?;
        Ok(Inside { command: command.to_owned(), operator, runtime })
    }
}

impl Ask for Inside {
    fn ask(&self, path: &str, params: &[(&str, &str)]) -> Result<Record, Failure> {
        let answer = self.runtime.block_on(self.operator.get(path, params));
        Record::read(&answer.map_err(|error| describe(&self.command, &error))?)
    }
}
