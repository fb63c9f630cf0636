//! `roomgate room close`, and `roomgate room open`, which undoes it.

use clap::Args;
use roomgate::base::RoomId;

use super::{argument, operator, state};
use crate::cli::failure::Failure;
use crate::cli::line::Ask;
use crate::cli::record::Record;
use crate::cli::table::Output;

#[derive(Args)]
pub(super) struct Close {
    /// The room
    #[arg(value_name = "ROOM", value_parser = argument)]
    room: RoomId,
    /// Account that does it; the room's creator if left out
    #[arg(long, value_name = "ACCID")]
    operator: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// Opens or closes a room and prints what is so now.
pub(super) fn run(close: &Close, opens: bool, gateway: &dyn Ask) -> Result<(), Failure> {
    let answer = close.toggle(opens, gateway)?;
    let now = answer.inner("desc")?;
    close.output.say(&[answer], || format!("room {} is {}\n", close.room, state(&now)))
}

impl Close {
    fn toggle(&self, opens: bool, gateway: &dyn Ask) -> Result<Record, Failure> {
        let operator = operator(self.operator.as_ref(), self.room, gateway)?;
        let (room, valid) = (self.room.to_string(), opens.to_string());
        gateway.ask("chatroom/toggleCloseStat", &[("roomid", &room), ("operator", &operator), ("valid", &valid)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::line::Script;
    use crate::cli::said;

    #[test]
    fn the_creator_closes_and_somebody_else_only_where_named() {
        let close: Close = said("room close 2").unwrap();
        let script = Script::new([
            ("chatroom/get roomid=2", r#"{"code":200,"chatroom":{"roomid":2,"creator":"host","valid":true}}"#),
            (
                "chatroom/toggleCloseStat roomid=2 operator=host valid=false",
                r#"{"code":200,"desc":{"roomid":2,"valid":false}}"#,
            ),
        ]);
        assert_eq!(state(&close.toggle(false, &script).unwrap().inner("desc").unwrap()), "closed");
        let open: Close = said("room open 2 --operator ann").unwrap();
        let call = "chatroom/toggleCloseStat roomid=2 operator=ann valid=true";
        open.toggle(true, &Script::new([(call, "{}")])).unwrap();
    }
}
