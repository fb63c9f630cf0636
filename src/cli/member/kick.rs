//! `roomgate member kick`: puts somebody out of a room.

use clap::Args;
use roomgate::base::RoomId;

use crate::cli::failure::Failure;
use crate::cli::line::Ask;
use crate::cli::record::Record;
use crate::cli::room;
use crate::cli::table::Output;

#[derive(Args)]
pub(super) struct Kick {
    /// The room
    #[arg(value_name = "ROOM", value_parser = room::argument)]
    room: RoomId,
    /// The member
    #[arg(value_name = "ACCID")]
    accid: String,
    /// Told to the member and to the room
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Account that does it; the room's creator if left out
    #[arg(long, value_name = "ACCID")]
    operator: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// Kicks and prints what is so now.
pub(super) fn run(kick: &Kick, gateway: &dyn Ask) -> Result<(), Failure> {
    let answer = kick.ask(gateway)?;
    kick.output.say(&[answer], || format!("{} is out of room {}\n", kick.accid, kick.room))
}

impl Kick {
    fn ask(&self, gateway: &dyn Ask) -> Result<Record, Failure> {
        let operator = room::operator(self.operator.as_ref(), self.room, gateway)?;
        let room = self.room.to_string();
        let mut params = vec![("roomid", room.as_str()), ("accid", &operator), ("targetAccid", &self.accid)];
        params.extend(self.reason.as_deref().map(|reason| ("notifyExt", reason)));
        gateway.ask("chatroom/kickMember", &params)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::line::Script;
    use crate::cli::said;

    #[test]
    fn the_creator_kicks_unless_somebody_else_is_named() {
        let script = Script::new([
            ("chatroom/get roomid=2", r#"{"code":200,"chatroom":{"creator":"host"}}"#),
            ("chatroom/kickMember roomid=2 accid=host targetAccid=bob", r#"{"code":200}"#),
        ]);
        said::<Kick>("member kick 2 bob").unwrap().ask(&script).unwrap();
        let call = "chatroom/kickMember roomid=2 accid=ann targetAccid=bob notifyExt=spam";
        let kick: Kick = said("member kick 2 bob --reason spam --operator ann").unwrap();
        kick.ask(&Script::new([(call, r#"{"code":200}"#)])).unwrap();
    }
}
