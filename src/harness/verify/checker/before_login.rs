//! Nothing is said to who has not logged in, and nobody logs in with a wrong token.

use std::collections::HashMap;

use crate::harness::verify::history::{ConnectionNumber, Frame, Request, What};

use super::Outcome;
use super::case::{Case, Findings, shown};
use super::facts::Done;

pub(super) fn judge(case: &Case<'_>) -> Outcome {
    let mut findings = Findings::default();
    strays(case, &mut findings);
    calls(case, &mut findings);
    tokens(case, &mut findings);
    findings.outcome("connections and calls before their login", "nobody connected")
}

fn strays(case: &Case<'_>, findings: &mut Findings) {
    findings.judge(case.facts.connections.len() as u64);
    for arrival in &case.facts.strays {
        let what = match arrival.frame {
            Frame::Message(message) => shown(message),
            Frame::Kicked { room, .. } => format!("`kicked` of room {room}"),
            Frame::Lost { .. } => "`lost`".to_owned(),
            // That it goes away it may tell anybody, and answers are judged with their calls.
            Frame::Reply { .. } | Frame::Drain | Frame::Other { .. } => continue,
        };
        let accid = case.facts.connections.get(&arrival.connection).map_or("somebody", |connection| connection.accid);
        let text = format!("connection {} of {accid}, not logged in, got {what}", arrival.connection);
        findings.offend(arrival.at, text);
    }
}

/// What is asked before the login is refused.
fn calls(case: &Case<'_>, findings: &mut Findings) {
    let logged_in: HashMap<ConnectionNumber, usize> = (case.facts.history.entries.iter().enumerate())
        .filter_map(|(place, entry)| match entry.what {
            What::LoggedIn { connection, .. } => Some((connection, place)),
            _ => None,
        })
        .collect();
    for call in &case.facts.calls {
        let Some(connection) = call.connection else { continue };
        if logged_in.get(&connection).is_some_and(|place| *place < call.begun) {
            continue;
        }
        findings.judge(1);
        if let Done::By(place) = call.done() {
            let what = match call.request {
                Request::Bad { kind } => format!("a bad call ({kind})"),
                request => format!("{request:?}"),
            };
            findings.offend(case.facts.at(place), format!("{}, not logged in, was answered 200 to {what}", call.by));
        }
    }
}

fn tokens(case: &Case<'_>, findings: &mut Findings) {
    let mut wrong = HashMap::new();
    for entry in &case.facts.history.entries {
        match entry.what {
            What::LoggingIn { connection, token_is_right: false, .. } => {
                wrong.insert(connection, ());
                findings.judge(1);
            }
            What::LoggingIn { connection, token_is_right: true, .. } => {
                wrong.remove(&connection);
            }
            What::LoggedIn { connection, .. } if wrong.contains_key(&connection) => {
                let accid = case.facts.connections.get(&connection).map_or("somebody", |known| known.accid);
                findings.offend(entry.at, format!("{accid} logged in with a wrong token"));
            }
            _ => {}
        }
    }
}
