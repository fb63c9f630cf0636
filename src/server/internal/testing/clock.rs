//! `/test/clock`: the time that a test turns.

use std::time::Duration;

use serde::Serialize;

use crate::base::{Clock, Invalid, Millis, limits, read_time, show_time};
use crate::server::internal::answer::Answer;
use crate::server::internal::ask::Ask;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Face {
    now: Millis,
    turned_ms: u128,
}

/// `GET /test/clock`
pub(super) fn show(clock: &Clock, ask: &Ask) -> Result<Answer, Answer> {
    ask.require("GET")?;
    ask.params([])?;
    Ok(face(clock))
}

/// `POST /test/clock/advance?by=25s`
pub(super) fn advance(clock: &Clock, ask: &Ask) -> Result<Answer, Answer> {
    ask.require("POST")?;
    let [by] = ask.params(["by"])?;
    clock.advance(read_turn(&by.unwrap_or_default())?);
    Ok(face(clock))
}

fn face(clock: &Clock) -> Answer {
    Answer::done(&Face { now: clock.wall(), turned_ms: clock.turned().unwrap_or_default().as_millis() })
}

fn read_turn(text: &str) -> Result<Duration, Invalid> {
    let fits = read_time(text).filter(|by| (Duration::from_millis(1)..=limits::CLOCK_TURN).contains(by));
    let rule = || format!("a time from 1ms to {} such as 500ms, 25s or 2m", show_time(limits::CLOCK_TURN));
    fits.ok_or_else(|| match text {
        "" => Invalid::missing("by", rule()),
        text => Invalid::value("by", rule(), text),
    })
}
