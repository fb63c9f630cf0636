//! `roomgate room create`: a room, for the least that one needs.

use clap::Args;

use crate::cli::failure::Failure;
use crate::cli::line::Ask;
use crate::cli::table::Output;

#[derive(Args)]
pub(super) struct Create {
    /// Account of its creator
    #[arg(long, value_name = "ACCID")]
    creator: String,
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    output: Output,
}

/// Makes a room and prints its id.
pub(super) fn run(room: &Create, gateway: &dyn Ask) -> Result<(), Failure> {
    let answer = gateway.ask("chatroom/create", &[("creator", &room.creator), ("name", &room.name)])?;
    let id = answer.inner("chatroom")?.text("roomid");
    room.output.say(&[answer], || format!("{id}\n"))
}
