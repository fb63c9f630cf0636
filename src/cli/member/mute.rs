//! `roomgate member mute`: keeps somebody from speaking in a room, for a time or for good, and lifts that again.

use std::time::Duration;

use clap::Args;
use roomgate::base::{RoomId, read_time, show_time};

use crate::cli::failure::Failure;
use crate::cli::line::Ask;
use crate::cli::record::Record;
use crate::cli::table::Output;
use crate::cli::{room, time};

/// The longest temporary mute (server API, section 5.3).
const LONGEST_SECONDS: u64 = 2_592_000;

#[derive(Args)]
pub(super) struct Mute {
    /// The room
    #[arg(value_name = "ROOM", value_parser = room::argument)]
    room: RoomId,
    /// The member, who need not be there
    #[arg(value_name = "ACCID")]
    accid: String,
    /// For how long, such as 90s, 10m or 24h
    #[arg(long = "for", value_name = "TIME", default_value = "10m", value_parser = seconds)]
    seconds: u64,
    /// Until it is lifted, which a temporary mute does not change
    #[arg(long, conflicts_with = "seconds")]
    forever: bool,
    /// Lift a temporary mute, or with --forever one without an end
    #[arg(long, conflicts_with = "seconds")]
    lift: bool,
    /// Account that does it; the room's creator if left out
    #[arg(long, value_name = "ACCID")]
    operator: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// Mutes or lifts, and prints what is so now.
pub(super) fn run(mute: &Mute, gateway: &dyn Ask) -> Result<(), Failure> {
    let answer = mute.ask(gateway)?;
    mute.output.say(&[answer], || mute.so_now())
}

impl Mute {
    fn ask(&self, gateway: &dyn Ask) -> Result<Record, Failure> {
        let operator = room::operator(self.operator.as_ref(), self.room, gateway)?;
        let room = self.room.to_string();
        let whom = [("roomid", room.as_str()), ("operator", &operator), ("target", &self.accid)];
        let sets = (!self.lift).to_string();
        let seconds = if self.lift { 0 } else { self.seconds }.to_string();
        let (path, what): (_, &[_]) = match self.forever {
            true => ("chatroom/setMemberRole", &[("opt", "-2"), ("optvalue", &sets)]),
            false => ("chatroom/temporaryMute", &[("muteDuration", &seconds)]),
        };
        gateway.ask(path, &[&whom, what].concat())
    }

    fn so_now(&self) -> String {
        let (accid, room) = (&self.accid, self.room);
        match (self.lift, self.forever) {
            (false, false) => format!("{accid} is muted in room {room} for {}\n", time::say(self.seconds)),
            (false, true) => format!("{accid} is muted in room {room} until it is lifted\n"),
            (true, false) => format!("{accid} has no temporary mute in room {room}\n"),
            (true, true) => format!("{accid} has no permanent mute in room {room}\n"),
        }
    }
}

fn seconds(text: &str) -> Result<u64, String> {
    let whole = |time: &Duration| time.subsec_millis() == 0 && (1..=LONGEST_SECONDS).contains(&time.as_secs());
    let longest = show_time(Duration::from_secs(LONGEST_SECONDS));
    let time = read_time(text).filter(whole);
    time.map(|time| time.as_secs())
        .ok_or_else(|| format!("expected a time from 1s to {longest} such as 90s, 10m or 24h"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::line::Script;
    use crate::cli::said;

    #[test]
    fn each_way_to_mute_is_a_call_and_a_sentence() {
        let temporary = "chatroom/temporaryMute roomid=2 operator=host target=bob";
        let role = "chatroom/setMemberRole roomid=2 operator=host target=bob opt=-2";
        let cases = [
            ("", format!("{temporary} muteDuration=600"), "bob is muted in room 2 for 10 m\n"),
            (" --for 90", format!("{temporary} muteDuration=90"), "bob is muted in room 2 for 1 m 30 s\n"),
            (" --lift", format!("{temporary} muteDuration=0"), "bob has no temporary mute in room 2\n"),
            (" --forever", format!("{role} optvalue=true"), "bob is muted in room 2 until it is lifted\n"),
            (" --forever --lift", format!("{role} optvalue=false"), "bob has no permanent mute in room 2\n"),
        ];
        for (flags, call, sentence) in cases {
            let mute: Mute = said(&format!("member mute 2 bob --operator host{flags}")).unwrap();
            mute.ask(&Script::new([(call.leak(), r#"{"code":200}"#)])).unwrap();
            assert_eq!(mute.so_now(), sentence);
        }
    }

    #[test]
    fn the_creator_mutes_where_nobody_is_named() {
        let script = Script::new([
            ("chatroom/get roomid=2", r#"{"code":200,"chatroom":{"creator":"host"}}"#),
            ("chatroom/temporaryMute roomid=2 operator=host target=bob muteDuration=600", r#"{"code":200}"#),
        ]);
        said::<Mute>("member mute 2 bob").unwrap().ask(&script).unwrap();
    }

    #[test]
    fn a_time_that_no_mute_has_and_flags_that_contradict_are_refused() {
        for flags in ["--for 0s", "--for 1500ms", "--for 721h", "--for soon", "--for 1m --lift", "--for 1m --forever"] {
            assert!(said::<Mute>(&format!("member mute 2 bob {flags}")).is_err(), "{flags}");
        }
        assert_eq!(said::<Mute>("member mute 2 bob --for 720h").unwrap().seconds, LONGEST_SECONDS);
    }
}
