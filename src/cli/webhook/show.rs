//! `roomgate webhook show`: everything that is known of one event, with the body that is sent.

use clap::Args;

use super::kind;
use super::list::time;
use crate::cli::desk::AskDesk;
use crate::cli::failure::Failure;
use crate::cli::record::Record;
use crate::cli::table::{Output, columns};

#[derive(Args)]
pub(super) struct Show {
    /// Its id, as the list and the receiver have it
    #[arg(value_name = "EVENT", value_parser = argument)]
    event: String,
    #[command(flatten)]
    output: Output,
}

/// Prints a line for each fact.
pub(super) fn run(show: &Show, gateway: &dyn AskDesk) -> Result<(), Failure> {
    let event = gateway.get(&format!("/webhook/events/{}", show.event))?;
    let body = event.inner("body")?;
    let facts = facts(&event, &body);
    show.output.say(&[event], || columns(facts))
}

/// Reads an id; it becomes part of a path.
pub(super) fn argument(text: &str) -> Result<String, &'static str> {
    let is_good = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_good { Ok(text.to_owned()) } else { Err("expected the id of an event, such as 9f3c21d0a4be-17") }
}

fn facts(event: &Record, body: &Record) -> Vec<(&'static str, String)> {
    vec![
        ("event", event.text("eventId")),
        ("type", kind::word(&event.text("eventType"))),
        ("room", event.text("roomid")),
        ("env", event.text("env")),
        ("sequence", event.text("sequence")),
        ("happened", time(event, "made")),
        ("state", event.text("state")),
        ("tries", event.text("attempts")),
        ("tried", time(event, "tried")),
        ("result", event.text("result")),
        ("next try", time(event, "due")),
        ("body", body.json().to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_are_as_documented() {
        let event = Record::read(
            r#"{"eventId":"9f3c21d0a4be-18","eventType":4,"env":"default","roomid":2,"sequence":10,
            "made":1795514400000,"state":"pending","attempts":2,"due":1795514403700,"tried":1795514402000,
            "result":"HTTP 503","body":{"eventType":"4","attach":"hi","sequence":"10"}}"#,
        )
        .unwrap();
        let shown = columns(facts(&event, &event.inner("body").unwrap()));
        assert!(include_str!("../../../docs/webhooks.md").contains(&shown), "{shown}");
    }

    #[test]
    fn an_id_is_no_path() {
        assert!(argument("9f3c21d0a4be-17").is_ok());
        for bad in ["", "a/retry", "a?b", "a b", "..", "ä"] {
            assert!(argument(bad).is_err(), "{bad}");
        }
    }
}
