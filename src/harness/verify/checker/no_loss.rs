//! Below the bound of its queue a session gets everything: what is missing was told as lost, and only a full queue loses.

use crate::harness::verify::history::{Frame, Lane, Request};

use super::Outcome;
use super::case::{Case, Findings, whose};
use super::facts::{Arrival, Call, Place, Session};
use super::missing::{ByRoom, Missing};

pub(super) fn judge(case: &Case<'_>) -> Outcome {
    let mut findings = Findings::default();
    let sends = ByRoom::of(case);
    for (at, session, _) in case.sessions() {
        let (sure, missing) = sends.look(case, at, session);
        findings.judge(sure);
        let told = session.told_lost() > 0;
        let full = told || could_be_full(case, at, session, &missing);
        // Nothing urgent is ever dropped. What is missing of the others beside a `lost` is a matter of counting.
        for missing in missing.iter().filter(|missing| missing.is_due && (missing.lane == Lane::High || !full)) {
            not_there(case, session, missing, &mut findings);
        }
        marks(case, at, session, &mut findings);
    }
    findings.outcome("deliveries that had to come", "no delivery had to come")
}

fn not_there(case: &Case<'_>, session: &Session<'_>, missing: &Missing, findings: &mut Findings) {
    let call = &case.facts.calls[missing.call];
    let Request::Send(send) = call.request else { return };
    let kind = if send.to.is_empty() { "message" } else { "directed message" };
    let text = format!(
        "{} was in room {} and never got {kind} {} of {}, though what came after it did",
        whose(session),
        send.room,
        send.msg_id,
        call.by
    );
    findings.offend(call.at, text);
}

/// Whether what is missing may have been dropped by a full lane: while it was sent, more was under way to this session than a lane holds, and
/// it did not read freely. That nothing was told of it then is another invariant's matter.
pub(super) fn could_be_full(case: &Case<'_>, at: usize, session: &Session<'_>, missing: &[Missing]) -> bool {
    let droppable = missing.iter().filter(|missing| missing.is_due && missing.lane == Lane::Normal);
    let sure: Vec<&Call<'_>> = droppable.map(|missing| &case.facts.calls[missing.call]).collect();
    let first = sure.iter().map(|call| call.begun).min();
    let last = sure.iter().filter_map(|call| call.done_by()).max();
    let (Some(first), Some(last)) = (first, last) else { return false };
    if case.reads_freely(session, first, last) {
        return false;
    }
    // The oldest are dropped for what comes until it reads on.
    let connections = session.connections.iter().filter_map(|number| case.facts.connections.get(number));
    let last = connections.filter_map(|connection| connection.reads_on(last)).min().unwrap_or(last);
    let under_way = case.facts.sends().filter(|(_, call, send)| {
        call.begun < last
            && case.stays.perhaps_in(at, send.room, (call.begun, call.at), last)
            && super::sendings::is_for(send, session.accid)
    });
    let came: std::collections::HashMap<usize, Place> = case.sendings.arrived[at]
        .iter()
        .filter_map(|delivered| Some((delivered.sending?, delivered.arrival.place)))
        .collect();
    // What had not come when the first missing one was sent.
    let waited = under_way.filter(|(number, _, _)| came.get(number).is_none_or(|place| *place > first));
    let frame = case.largest_frame();
    let bytes: u64 = waited.map(|(_, _, send)| (send.content.len() + send.ext.len()) as u64 + frame.min(1024)).sum();
    bytes > case.facts.history.setup.bounds.normal_lane_bytes
}

/// A lane drops only when it is full: then what it holds comes behind the `lost` frame.
fn marks(case: &Case<'_>, at: usize, session: &Session<'_>, findings: &mut Findings) {
    let arrivals: Vec<&Arrival<'_>> = session.arrivals().collect();
    let bound = case.facts.history.setup.bounds.normal_lane_bytes;
    // One that did not fit, and one that was on its way into the socket.
    let least = bound.saturating_sub(2 * case.largest_frame());
    let is_mark = |arrival: &Arrival<'_>| matches!(arrival.frame, Frame::Lost { .. });
    for (index, mark) in arrivals.iter().enumerate().filter(|(_, arrival)| is_mark(arrival)) {
        findings.judge(1);
        // More was dropped behind it, or it is not known whether all has come.
        if arrivals[index + 1..].iter().any(|later| is_mark(later)) || !case.stays.has_all(at, Lane::Normal, mark.place)
        {
            continue;
        }
        let behind: u64 = arrivals[index + 1..]
            .iter()
            .filter(|later| may_have_waited(case, at, mark, later))
            .map(|later| later.bytes)
            .sum();
        if behind < least {
            let text = format!(
                "{} was told of {} lost frames while {behind} bytes waited behind them, expected none below {least} of the lane's {bound}",
                whose(session),
                mark.lost()
            );
            findings.offend(mark.at, text);
        }
    }
}

/// Whether a frame that came later may have waited in the normal lane when the mark was made.
fn may_have_waited(case: &Case<'_>, at: usize, mark: &Arrival<'_>, later: &Arrival<'_>) -> bool {
    let Some(message) = later.message() else { return false };
    let delivered = case.delivered_at(at, later.place);
    let sent_before = delivered.and_then(|delivered| case.call(delivered)).is_none_or(|call| call.begun < mark.place);
    message.lane == Lane::Normal && sent_before
}
