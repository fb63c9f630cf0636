//! `roomgate room show`: everything that is known of one room.

use clap::Args;
use roomgate::base::{Millis, RoomId};

use super::{argument, state};
use crate::cli::failure::Failure;
use crate::cli::line::Ask;
use crate::cli::record::Record;
use crate::cli::table::{Output, columns};
use crate::cli::{moment, time};

#[derive(Args)]
pub(super) struct Show {
    /// The room
    #[arg(value_name = "ROOM", value_parser = argument)]
    room: RoomId,
    #[command(flatten)]
    output: Output,
}

/// Prints a line for each fact.
pub(super) fn run(show: &Show, gateway: &dyn Ask) -> Result<(), Failure> {
    let params = [("roomid", &*show.room.to_string()), ("needOnlineUserCount", "true")];
    let answer = gateway.ask("chatroom/get", &params)?;
    let room = answer.inner("chatroom")?;
    show.output.say(&[answer], || columns(facts(&room)))
}

fn facts(room: &Record) -> Vec<(&'static str, String)> {
    let named = [
        ("room", "roomid"),
        ("name", "name"),
        ("creator", "creator"),
        ("members", "onlineusercount"),
        ("announcement", "announcement"),
        ("stream", "broadcasturl"),
        ("ext", "ext"),
    ];
    let mut facts: Vec<_> = named.into_iter().map(|(word, name)| (word, room.text(name))).collect();
    facts.insert(3, ("state", state_in_words(room)));
    facts.extend(queue(room).map(|who| ("queue", who)));
    facts.extend(notices(room).map(|what| ("notices", what)));
    facts.extend(closing(room).map(|when| ("closes", when)));
    facts
}

fn state_in_words(room: &Record) -> String {
    match state(room) {
        "muted" => "muted, only creator and managers may speak".to_owned(),
        other => other.to_owned(),
    }
}

fn queue(room: &Record) -> Option<String> {
    room.number("queuelevel").map(|level| match level {
        0 => "everybody may change it".to_owned(),
        1 => "only creator and managers may change it".to_owned(),
        other => format!("level {other}"),
    })
}

fn notices(room: &Record) -> Option<String> {
    let are = |on| format!("who enters and leaves is {}", if on { "told to everybody" } else { "not told" });
    room.has("ionotify").then(|| are(room.is("ionotify")))
}

/// When the room closes by itself, if it does. Of a closed room a schedule may be known, but nothing counts down.
fn closing(room: &Record) -> Option<String> {
    let delay = room
        .inner("delayInfo")
        .ok()
        .filter(|delay| delay.is("delayCloseEnable") && delay.number("status") == Some(1))?;
    let seconds = delay.number("delaySeconds").and_then(|seconds| u64::try_from(seconds).ok())?;
    let start = delay.number("startTime").and_then(|start| Millis::try_from(start).ok());
    match (delay.number("delayClosePolicy")?, start) {
        (1, Some(start)) => Some(moment::show(start.saturating_add(seconds.saturating_mul(1000)))),
        (1, None) => Some(format!("{} after that was set", time::say(seconds))),
        (2, _) => Some(format!("when nobody has been in it for {}", time::say(seconds))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn shown(room: &Value) -> String {
        columns(facts(&Record::read(&room.to_string()).unwrap()))
    }

    #[test]
    fn the_facts_are_as_documented() {
        let room = json!({"roomid": 2, "valid": true, "muted": false, "announcement": "Welcome!\nBe kind.", "name": "lobby",
            "broadcasturl": null, "ext": "{\"theme\":\"dark\"}", "creator": "ann", "queuelevel": 1, "ionotify": true,
            "onlineusercount": 12, "delayInfo": {"delayCloseEnable": true, "delayClosePolicy": 1, "delaySeconds": 7200,
            "status": 1, "startTime": 1_795_514_400_000_u64}});
        let shown = shown(&room);
        assert!(include_str!("../../../docs/commands.md").contains(&shown), "{shown}");
    }

    #[test]
    fn what_nobody_set_is_a_hyphen_and_what_the_gateway_does_not_tell_is_left_out() {
        let expected = "\
room          2
name          -
creator       -
state         closed
members       -
announcement  -
stream        -
ext           -
";
        assert_eq!(shown(&json!({"roomid": 2, "valid": false, "announcement": null, "ext": ""})), expected);
    }

    #[test]
    fn each_way_of_closing_has_its_words() {
        let closes = |policy: u8, more: &[(&str, u64)]| {
            let mut delay =
                json!({"delayCloseEnable": true, "delayClosePolicy": policy, "delaySeconds": 90, "status": 1});
            more.iter().for_each(|(name, value)| delay[name] = json!(value));
            closing(&Record::read(&json!({"delayInfo": delay}).to_string()).unwrap())
        };
        let start = [("startTime", 1_795_514_400_000)];
        assert_eq!(closes(1, &start).as_deref(), Some("2026-11-24T10:01:30Z"));
        assert_eq!(closes(1, &[]).as_deref(), Some("1 m 30 s after that was set"));
        assert_eq!(closes(2, &start).as_deref(), Some("when nobody has been in it for 1 m 30 s"));
        assert_eq!(closes(0, &start), None);
        assert_eq!(closes(1, &[("delayCloseEnable", 0)]), None);
        assert_eq!(closes(1, &[start[0], ("status", 0)]), None);
        assert_eq!(closes(2, &[("status", 0)]), None);
        assert_eq!(closing(&Record::read("{}").unwrap()), None);
    }
}
