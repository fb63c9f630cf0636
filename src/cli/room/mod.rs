//! `roomgate room …`: rooms, a file a verb.

mod close;
mod create;
mod list;
mod show;

use clap::{ArgMatches, Command};
use roomgate::base::RoomId;

use super::failure::Failure;
use super::line::Ask;
use super::record::Record;
use super::{calling, noun, read, unknown};

/// `roomgate room` and its verbs.
pub(super) fn command() -> Command {
    noun("room", "Rooms")
        .subcommand(calling::<create::Create>("create", "Make a room"))
        .subcommand(calling::<list::List>("list", "List rooms"))
        .subcommand(calling::<show::Show>("show", "Show all of one room"))
        .subcommand(calling::<close::Close>("close", "Close a room: its members are out, and nobody can enter"))
        .subcommand(calling::<close::Close>("open", "Open a closed room again"))
}

pub(super) fn run(verb: &str, flags: &ArgMatches, gateway: &dyn Ask) -> Result<(), Failure> {
    match verb {
        "create" => create::run(&read(flags)?, gateway),
        "list" => list::run(&read(flags)?, gateway),
        "show" => show::run(&read(flags)?, gateway),
        "close" => close::run(&read(flags)?, false, gateway),
        "open" => close::run(&read(flags)?, true, gateway),
        other => Err(unknown(other)),
    }
}

/// Reads an argument.
pub(super) fn argument(text: &str) -> Result<RoomId, &'static str> {
    RoomId::parse("ROOM", text).map_err(|_| "expected a room id: a positive whole number")
}

/// The account that acts in a room: the one that was given, else the room's creator.
pub(super) fn operator(given: Option<&String>, room: RoomId, gateway: &dyn Ask) -> Result<String, Failure> {
    match given {
        Some(accid) => Ok(accid.clone()),
        None => creator(room, gateway),
    }
}

/// Whose room it is.
pub(super) fn creator(room: RoomId, gateway: &dyn Ask) -> Result<String, Failure> {
    let answer = gateway.ask("chatroom/get", &[("roomid", &room.to_string())])?;
    Ok(answer.inner("chatroom")?.text("creator"))
}

/// What may be done in a room now, in a word.
fn state(room: &Record) -> &'static str {
    match (room.is("valid"), room.is("muted")) {
        (false, _) => "closed",
        (true, true) => "muted",
        (true, false) => "open",
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::Script;
    use super::*;

    #[test]
    fn who_acts_is_the_creator_unless_somebody_is_named() {
        let room = argument("2").unwrap();
        let script = Script::new([("chatroom/get roomid=2", r#"{"code":200,"chatroom":{"creator":"host"}}"#)]);
        assert_eq!(operator(None, room, &script).unwrap(), "host");
        assert_eq!(operator(Some(&"ann".to_owned()), room, &Script::new([])).unwrap(), "ann");
    }

    #[test]
    fn a_room_is_open_muted_or_closed() {
        for (valid, muted, word) in [(true, false, "open"), (true, true, "muted"), (false, true, "closed")] {
            let room = serde_json::json!({"valid": valid, "muted": muted}).to_string();
            assert_eq!(state(&Record::read(&room).unwrap()), word);
        }
    }
}
