//! `roomgate webhook test`: whether the addresses answer as they should.

use clap::Args;

use crate::cli::desk::{AskDesk, with_params};
use crate::cli::failure::Failure;
use crate::cli::record::Record;
use crate::cli::table::{Output, table};

#[derive(Args)]
pub(super) struct Test {
    /// Only this address; default is the main one
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// Prints a line for each address. Fails where one does not answer 200 within five seconds.
pub(super) fn run(test: &Test, gateway: &dyn AskDesk) -> Result<(), Failure> {
    let answer = gateway.post(&with_params("/webhook/test", &[("env", test.env.as_deref())]))?;
    let tests = answer.list("tests")?;
    test.output.say(&tests, || table(HEAD, tests.iter().map(row)))?;
    match tests.iter().filter(|test| !test.is("ok")).count() {
        0 => Ok(()),
        wrong => Err(Failure::run(format!("webhook test: {wrong} of {} did not answer 200 within 5 s", tests.len()))),
    }
}

const HEAD: [&str; 5] = ["env", "address", "ok", "ms", "result"];

fn row(test: &Record) -> [String; 5] {
    let [env, url, ms, result] = ["env", "url", "ms", "result"].map(|fact| test.text(fact));
    [env, url, if test.is("ok") { "yes" } else { "no" }.to_owned(), ms, result]
}
