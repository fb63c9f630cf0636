//! `roomgate user create` and `roomgate room create`: the least an application needs before it can send.

use clap::Args;

use super::caller::Caller;
use super::failure::Failure;
use super::table;

#[derive(Args)]
pub(super) struct User {
    /// The account: letters, digits and _ @ . -
    #[arg(value_name = "ACCID")]
    accid: String,
    /// Name that others see
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Token to log in with; a random one if left out
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
}

#[derive(Args)]
pub(super) struct Room {
    /// Account of its creator
    #[arg(long, value_name = "ACCID")]
    creator: String,
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
}

/// Makes an account and prints it with its token.
pub(super) fn user(user: &User, caller: &Caller) -> Result<(), Failure> {
    let mut params = vec![("accid", user.accid.as_str())];
    params.extend(user.name.as_deref().map(|name| ("name", name)));
    params.extend(user.token.as_deref().map(|token| ("token", token)));
    let answer = caller.call("user create", async |api| api.call("user/create", &params).await)?;
    let member = |name| answer["info"][name].as_str().unwrap_or_default();
    table::say(&table::columns([("accid", member("accid")), ("token", member("token"))]))
}

/// Makes a room and prints its id.
pub(super) fn room(room: &Room, caller: &Caller) -> Result<(), Failure> {
    let id = caller.call("room create", async |api| api.create_room(&room.creator, &room.name).await)?;
    table::say(&format!("{id}\n"))
}
