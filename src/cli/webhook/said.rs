//! What an event says, for people: one line. Knows the names that section 9.1 gives the members of each type.

use roomgate::base::Millis;

use super::kind;
use crate::cli::cell::clean;
use crate::cli::moment;
use crate::cli::record::Record;

/// Time, type, room, who and what; `arrived` stands for the time where it has none.
pub(super) fn line(event: &Record, arrived: Millis) -> String {
    let time = first(event, ["msgTimestamp", "timestamp", "operationTime"]);
    let time = time.parse().unwrap_or(arrived);
    let room = match first(event, ["roomId", "roomid"]) {
        none if none.is_empty() => "-".to_owned(),
        room => room,
    };
    let who = match first(event, ["fromAccount", "accid", "operator"]) {
        none if none.is_empty() => "-".to_owned(),
        who => who,
    };
    let kind = kind::word(&event.text("eventType"));
    clean(&format!("{}  {kind:<9}  room {room}  {who}  {}", moment::show(time), what(event)))
}

fn what(event: &Record) -> String {
    let names: &[&str] = match event.text("eventType").as_str() {
        "4" => &["msgType", "attach"],
        "9" => &["event", "logOutReason"],
        "14" => return format!("{} {}", queue_verb(&event.text("qEvent")), join(event, &["keys", "elements"])),
        "20" => &["type", "yidunRes"],
        "83" => &["event", "reason"],
        "84" => &["code", "reason"],
        _ => return event.json().to_owned(),
    };
    join(event, names)
}

fn queue_verb(number: &str) -> &str {
    let verbs = ["init", "add", "update", "delete", "poll", "peek", "list", "drop", "batch update"];
    let place = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    place.and_then(|place| verbs.get(place)).copied().unwrap_or(number)
}

fn join(event: &Record, names: &[&str]) -> String {
    let said = names.iter().map(|name| event.text(name)).filter(|text| !text.is_empty());
    said.collect::<Vec<_>>().join(" ")
}

/// The first of these members that says anything.
pub(super) fn first<const N: usize>(event: &Record, names: [&str; N]) -> String {
    names.into_iter().map(|name| event.text(name)).find(|text| !text.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_told_in_a_line() {
        let cases = [
            (
                r#"{"eventType":"4","roomId":"2","fromAccount":"ann","msgTimestamp":"1795514400000","msgType":"TEXT","attach":"hi\nyou"}"#,
                "2026-11-24T10:00:00Z  message    room 2  ann  TEXT hi you",
            ),
            (
                r#"{"eventType":"9","roomId":"2","accid":"bob","timestamp":"1795514400000","event":"OUT","logOutReason":"EXIT"}"#,
                "2026-11-24T10:00:00Z  in-out     room 2  bob  OUT EXIT",
            ),
            (
                r#"{"eventType":"14","roomid":"2","operator":"ann","operationTime":"1795514400000","qEvent":"2","elements":"[]"}"#,
                "2026-11-24T10:00:00Z  queue      room 2  ann  add []",
            ),
            (
                r#"{"eventType":"84","accid":"eve","code":"302","reason":"login.token.error"}"#,
                "2026-11-24T10:00:01Z  login      room -  eve  302 login.token.error",
            ),
        ];
        for (event, expected) in cases {
            assert_eq!(line(&Record::read(event).unwrap(), 1_795_514_401_000), expected);
        }
    }
}
