//! `roomgate explain`: why an account may not come into a room or speak there.

use clap::Args;
use roomgate::base::{Millis, RoomId};

use super::desk::{AskDesk, with_params};
use super::failure::Failure;
use super::record::Record;
use super::table::{Output, columns};
use super::{member, moment, room};

#[derive(Args)]
pub(super) struct Explain {
    /// The room
    #[arg(long, value_name = "ROOM", value_parser = room::argument)]
    room: RoomId,
    /// The account
    #[arg(long, value_name = "ACCID")]
    account: String,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(explain: &Explain, gateway: &dyn AskDesk) -> Result<(), Failure> {
    let room = explain.room.to_string();
    let params = [("room", Some(room.as_str())), ("account", Some(explain.account.as_str()))];
    let answer = gateway.get(&with_params("/explain", &params))?;
    let text = in_words(&answer)?;
    explain.output.say(&[answer], || text)
}

fn in_words(answer: &Record) -> Result<String, Failure> {
    let facts = [
        ("account", answer.text("account")),
        ("room", answer.text("room")),
        ("role", member::role_in_words(&answer.text("role"))),
        ("is there", presence(answer)?),
        ("may log in", ruling(&answer.inner("logIn")?)?),
        ("may join", ruling(&answer.inner("join")?)?),
        ("may send", ruling(&answer.inner("send")?)?),
        ("server for it", ruling(&answer.inner("sendFor")?)?),
        ("urgent", urgent(answer)),
        ("asked", asked(&answer.inner("asked")?)),
    ];
    Ok(columns(facts))
}

fn presence(answer: &Record) -> Result<String, Failure> {
    let sessions = answer.list("sessions")?;
    let tagged: Vec<String> = sessions.iter().flat_map(|session| session.texts("tags")).collect();
    let tags = if tagged.is_empty() { String::new() } else { format!(", tags {}", tagged.join(", ")) };
    Ok(match sessions.len() {
        0 if answer.is("virtual") => "as a virtual member".to_owned(),
        0 => "no".to_owned(),
        1 => format!("yes{tags}"),
        many => format!("yes, {many} sessions{tags}"),
    })
}

/// Yes, or a line for each rule that stands in the way.
fn ruling(ruling: &Record) -> Result<String, Failure> {
    if ruling.is("may") {
        return Ok("yes".to_owned());
    }
    let lines: Vec<String> = ruling.list("against")?.iter().map(against).collect();
    Ok(format!("no: {}", lines.join("\nno: ")))
}

fn against(against: &Record) -> String {
    let until = against.number("until").and_then(|until| Millis::try_from(until).ok());
    let until = until.map(|until| format!(", until {}", moment::show(until))).unwrap_or_default();
    let set_by = if against.has("setBy") { format!("; see {}", against.text("setBy")) } else { String::new() };
    format!("{} ({}){until}{set_by}", against.text("why"), against.text("code"))
}

fn urgent(answer: &Record) -> String {
    match answer.number("highPriorityPerSecond") {
        Some(0) => "no limit".to_owned(),
        most => format!("{} high-priority messages a second to the whole room", most.unwrap_or_default()),
    }
}

fn asked(asked: &Record) -> String {
    let moderation = asked.text("moderation");
    let dry = if asked.is("dryRun") { ", which only counts" } else { "" };
    let services = [
        asked.is("callbackJoins").then(|| "the callback before it joins".to_owned()),
        asked.is("callbackMessages").then(|| "the callback before it sends".to_owned()),
        (moderation != "off").then(|| format!("moderation by {moderation}{dry}")),
    ];
    let services: Vec<String> = services.into_iter().flatten().collect();
    if services.is_empty() { "nobody".to_owned() } else { services.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::said;

    const MUTED: &str = r#"{"room":2,"account":"bob","now":1795514400000,"role":"TEMPORARY","virtual":false,
        "sessions":[{"entered":1795514300000,"tags":["vip"]}],"logIn":{"may":true,"against":[]},"join":{"may":true,"against":[]},
        "send":{"may":false,"against":[
        {"rule":"muted","code":13004,"why":"bob is muted in room 2 for 600 s more","setBy":"chatroom/temporaryMute","until":1795515000000},
        {"rule":"room_muted","code":13006,"why":"room 2 is muted: only its creator and managers may speak","setBy":"chatroom/muteRoom"}]},
        "sendFor":{"may":false,"against":[{"rule":"muted","code":13004,"why":"bob is muted in room 2 for 600 s more",
        "setBy":"chatroom/temporaryMute","until":1795515000000}]},"highPriorityPerSecond":10,
        "asked":{"callbackJoins":false,"callbackMessages":true,"moderation":"words","dryRun":false}}"#;

    #[test]
    fn what_is_explained_is_as_documented() {
        let shown = in_words(&Record::read(MUTED).unwrap()).unwrap();
        assert!(include_str!("../../docs/commands.md").contains(&shown), "{shown}");
    }

    #[test]
    fn both_are_asked_for_by_name() {
        let explain: Explain = said("explain --room 2 --account bob --json").unwrap();
        let gateway = |asked: &str| {
            assert_eq!(asked, "GET /explain?room=2&account=bob");
            MUTED.to_owned()
        };
        run(&explain, &gateway).unwrap();
        assert!(said::<Explain>("explain --room 2").is_err());
    }
}
