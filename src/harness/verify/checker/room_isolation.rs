//! A message of a room reaches nobody who is not in it.

use super::Outcome;
use super::case::{Case, Findings, shown, whose};
use super::stays::{Door, at_doors};

/// What comes after a `kicked` is another invariant's matter.
pub(super) fn judge(case: &Case<'_>) -> Outcome {
    let mut findings = Findings::default();
    for session in &case.facts.sessions {
        at_doors(session, &case.facts, |arrival, door| {
            let Some(message) = arrival.message() else { return };
            findings.judge(1);
            let state = match door {
                Door::Open | Door::Kicked(_) => return,
                Door::Never => "had not asked to enter".to_owned(),
                Door::Left(place) => format!("had been told at {} that it was out", shown_time(case.facts.at(place))),
            };
            findings.offend(arrival.at, format!("{} got {}, which it {state}", whose(session), shown(message)));
        });
    }
    findings.outcome("messages at members of their rooms", "no message arrived")
}

/// A moment of the run, in seconds.
pub(super) fn shown_time(at: u64) -> String {
    format!("{}.{:03} s", at / 1_000_000, at / 1000 % 1000)
}
