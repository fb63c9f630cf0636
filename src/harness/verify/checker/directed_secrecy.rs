//! A directed message reaches sessions of the listed accounts and nobody else.

use crate::harness::verify::history::Request;

use super::Outcome;
use super::case::{Case, Findings, shown, whose};
use super::sendings::is_for;

pub(super) fn judge(case: &Case<'_>) -> Outcome {
    let mut findings = Findings::default();
    for (_, session, arrived) in case.sessions() {
        for delivered in arrived.iter().filter(|delivered| !delivered.message.is_notice()) {
            let message = delivered.message;
            // Sent several times it may have been to others each time.
            let sends: Vec<_> = case
                .calls_of(message)
                .into_iter()
                .filter_map(|call| match call.request {
                    Request::Send(send) => Some(send),
                    _ => None,
                })
                .collect();
            if sends.is_empty() || sends.iter().any(|send| send.to.is_empty()) {
                continue;
            }
            findings.judge(1);
            if !sends.iter().any(|send| is_for(send, session.accid)) {
                let to: Vec<&str> = sends.iter().flat_map(|send| send.to.iter().map(|to| &**to)).collect();
                let text = format!("{} got {}, which was for {} alone", whose(session), shown(message), to.join(", "));
                findings.offend(delivered.arrival.at, text);
            }
        }
    }
    findings.outcome("directed messages at the listed", "no directed message arrived")
}
