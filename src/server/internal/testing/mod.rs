//! What the tests of others may do, each part with a switch of its own: turn the clock, and treat members' connections badly.

mod clock;
mod members;

use hyper::StatusCode;

use crate::service::Services;
use crate::settings::TestSettings;

use super::answer::Answer;
use super::ask::Ask;

/// What is asked for by the rest of the path; `None` where that is no path of ours.
pub(super) async fn answer(services: &Services, ask: &Ask, rest: &[&str]) -> Option<Answer> {
    let TestSettings { clock, chaos } = services.settings.test;
    let answered = match *rest {
        // An embedder may have brought a clock that nobody can turn.
        ["clock", ..] if !clock || services.clock.turned().is_none() => Err(switched_off("test.clock")),
        ["members", ..] if !chaos => Err(switched_off("test.chaos")),
        ["clock"] => clock::show(&services.clock, ask),
        ["clock", "advance"] => clock::advance(&services.clock, ask),
        ["members", accid] => members::show(&services.links, ask, accid).await,
        ["members", accid, deed] => members::treat(&services.links, ask, accid, deed).await?,
        _ => return None,
    };
    Some(answered.unwrap_or_else(|wrong| wrong))
}

fn switched_off(key: &str) -> Answer {
    let flag = key.replace('.', "-");
    Answer::wrong(StatusCode::NOT_FOUND, &format!("{key} is off: start roomgate with --{flag} for this, in tests only"))
}
