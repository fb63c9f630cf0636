//! `roomgate user create`: an account.

use clap::{ArgMatches, Args, Command};

use super::failure::Failure;
use super::line::Ask;
use super::table::{self, Output};
use super::{calling, noun, read, unknown};

#[derive(Args)]
struct Create {
    /// The account: letters, digits and _ @ . -
    #[arg(value_name = "ACCID")]
    accid: String,
    /// Name that others see
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Token to log in with; a random one if left out
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// `roomgate user` and its verbs.
pub(super) fn command() -> Command {
    noun("user", "Accounts").subcommand(calling::<Create>("create", "Make an account"))
}

pub(super) fn run(verb: &str, flags: &ArgMatches, gateway: &dyn Ask) -> Result<(), Failure> {
    match verb {
        "create" => create(&read(flags)?, gateway),
        other => Err(unknown(other)),
    }
}

/// Makes an account and prints it with its token.
fn create(user: &Create, gateway: &dyn Ask) -> Result<(), Failure> {
    let mut params = vec![("accid", user.accid.as_str())];
    params.extend(user.name.as_deref().map(|name| ("name", name)));
    params.extend(user.token.as_deref().map(|token| ("token", token)));
    let answer = gateway.ask("user/create", &params)?;
    let info = answer.inner("info")?;
    user.output.say(&[answer], || table::columns(["accid", "token"].map(|name| (name, info.text(name)))))
}
