//! Every event comes at least once, always with the same id and body, and none of what was refused.

use std::collections::{HashMap, HashSet};

use crate::harness::verify::history::{Request, Send, Text, Webhook, What};

use super::Outcome;
use super::case::{Case, Findings, quoted};
use super::facts::Call;

/// All requests with one id.
#[derive(Default)]
struct Event<'h> {
    requests: Vec<(usize, &'h Webhook)>,
}

impl Event<'_> {
    fn is_received(&self) -> bool {
        self.requests.iter().any(|(_, request)| request.answered.is_some_and(|status| (200..300).contains(&status)))
    }
}

pub(super) fn judge(case: &Case<'_>) -> Outcome {
    if !case.facts.history.setup.reach.webhooks {
        return Outcome::Skipped { why: "its webhooks do not come here".into() };
    }
    let mut findings = Findings::default();
    let mut events: HashMap<&Text, Event<'_>> = HashMap::new();
    for (place, entry) in case.facts.history.entries.iter().enumerate() {
        let What::Webhook(request) = &entry.what else { continue };
        findings.judge(1);
        request_is_right(case, place, request, &mut findings);
        events.entry(&request.id).or_default().requests.push((place, request));
    }
    for (id, event) in &events {
        same_each_time(case, id, event, &mut findings);
    }
    every_message(case, &events, &mut findings);
    findings.outcome("requests and messages", "no message was told of")
}

/// It is signed, and tells of something that was sent and not refused.
fn request_is_right(case: &Case<'_>, place: usize, request: &Webhook, findings: &mut Findings) {
    let at = case.facts.at(place);
    if !request.signed {
        findings.offend(at, format!("event {} came with a wrong signature", request.id));
    }
    if request.id.is_empty() {
        findings.offend(at, format!("an event came without an id: {}", quoted(&request.body)));
    }
    let Some(message) = &request.message else { return };
    let of_id = case.sendings.of_id(message.room, &message.from, &message.msg_id);
    let calls: Vec<&Call<'_>> = of_id.into_iter().map(|at| &case.facts.calls[at]).collect();
    let said = |call: &&&Call<'_>| {
        let is_it = |send: &Send| send.content == message.content && same_recipients(&send.to, &message.to);
        call.by == &*message.from && matches!(call.request, Request::Send(send) if is_it(send))
    };
    let calls: Vec<_> = calls.iter().filter(said).collect();
    let what = format!(
        "event {} tells of message {} of {} in room {}",
        request.id, message.msg_id, message.from, message.room
    );
    if !calls.iter().any(|call| call.begun < place) {
        findings.offend(at, format!("{what} with {}, which was not sent so", quoted(&message.content)));
    } else if calls.iter().all(|call| call.is_refused()) {
        findings.offend(at, format!("{what}, which was refused"));
    }
}

fn same_recipients(sent: &[Text], told: &[Text]) -> bool {
    let set = |accids: &[Text]| accids.iter().cloned().collect::<HashSet<_>>();
    set(sent) == set(told)
}

/// Its body never changes, and it comes until it is received.
fn same_each_time(case: &Case<'_>, id: &str, event: &Event<'_>, findings: &mut Findings) {
    let [(_, first), rest @ ..] = &event.requests[..] else { return };
    if let Some((place, other)) = rest.iter().find(|(_, other)| other.body != first.body) {
        let differs = first.body.bytes().zip(other.body.bytes()).take_while(|(one, two)| one == two).count();
        let text = format!("event {id} came with another body, which differs from byte {differs} on");
        findings.offend(case.facts.at(*place), text);
    }
    if let (false, Some((place, last))) = (event.is_received(), event.requests.last()) {
        let answer = last.answered.map_or("hung up on".to_owned(), |status| format!("answered {status}"));
        let text = format!("event {id} was {answer} and never came again");
        findings.offend(case.facts.at(*place), text);
    }
}

/// Each accepted message is told of by an event of its own.
fn every_message(case: &Case<'_>, events: &HashMap<&Text, Event<'_>>, findings: &mut Findings) {
    let mut told: HashMap<(u64, &str, &str), HashSet<&Text>> = HashMap::new();
    for (id, event) in events {
        for message in event.requests.iter().filter_map(|(_, request)| request.message.as_ref()) {
            told.entry((message.room, &message.from, &message.msg_id)).or_default().insert(id);
        }
    }
    let mut sent: HashMap<(u64, &str, &str), Vec<&Call<'_>>> = HashMap::new();
    for (_, call, send) in case.facts.sends().filter(|(_, call, _)| call.done_by().is_some()) {
        sent.entry((send.room, call.by, &send.msg_id)).or_default().push(call);
    }
    for (key, calls) in sent {
        findings.judge(1);
        let (came, expected) = (told.get(&key).map_or(0, HashSet::len), calls.len());
        if let Some(first) = calls.first().filter(|_| came < expected) {
            let (room, from, msg_id) = key;
            let text = format!(
                "message {msg_id} of {from} in room {room} was accepted {expected} times, and {came} events told of it"
            );
            findings.offend(first.at, text);
        }
    }
}
