//! What was acknowledged is there when it is read back, above all after a kill -9.

use std::collections::{HashMap, HashSet};

use crate::harness::verify::history::{Fault, Kept, Request, Role, Room, State, Text, What};

use super::Outcome;
use super::case::{Case, Findings, quoted};
use super::facts::{Call, Done, Facts, Place};

/// What one reading saw, and when.
struct Reading<'h> {
    since: Place,
    by: Place,
    state: &'h State,
}

/// Messages that a room keeps; what came before so many others may be gone.
const KEPT: usize = 10_000;

pub(super) fn judge(case: &Case<'_>) -> Outcome {
    let mut findings = Findings::default();
    let facts = &case.facts;
    let mut restarted = false;
    for (by, entry) in facts.history.entries.iter().enumerate() {
        match &entry.what {
            What::Nemesis { fault: Fault::Restarted } => restarted = true,
            What::Read { since, state } => {
                let since = facts.history.entries.partition_point(|entry| entry.at < *since);
                read(facts, &Reading { since, by, state }, restarted, &mut findings);
            }
            _ => {}
        }
    }
    let why = match (facts.history.setup.reach.process, facts.history.setup.reach.folder) {
        (false, _) => "--target: it can't be killed and started again from here",
        (true, false) => "nothing is kept in a folder",
        (true, true) => "nothing was read back after a kill",
    };
    findings.outcome("facts read back after kill -9", why)
}

/// Everything that is wrong is told; what is right counts where it has survived a kill.
fn read(facts: &Facts<'_>, reading: &Reading<'_>, restarted: bool, findings: &mut Findings) {
    let mut look = |right: Option<Result<(), String>>| match right {
        None => {}
        Some(Ok(())) => findings.judge(u64::from(restarted)),
        Some(Err(text)) => findings.offend(facts.at(reading.by), text),
    };
    match reading.state {
        State::Account { accid, exists } => look(account(facts, reading, accid, *exists)),
        State::Room { room, announcement } => look(announced(facts, reading, *room, announcement.as_ref())),
        State::Roles { room, roles } => standings(facts, reading, *room, roles).for_each(|role| look(Some(role))),
        State::Queue { room, elements } => {
            queue(facts, reading, *room, elements).for_each(|element| look(Some(element)));
        }
        State::Past { room, messages } => past(facts, reading, *room, messages).for_each(|message| look(Some(message))),
    }
}

fn account(facts: &Facts<'_>, reading: &Reading<'_>, accid: &Text, exists: bool) -> Option<Result<(), String>> {
    let makes = |request: &Request| matches!(request, Request::CreateAccount { accid: name } if name == accid);
    let made =
        facts.calls.iter().any(|call| makes(call.request) && call.done_by().is_some_and(|done| done < reading.since));
    made.then(|| if exists { Ok(()) } else { Err(format!("account {accid} was made and is not there")) })
}

fn announced(
    facts: &Facts<'_>,
    reading: &Reading<'_>,
    room: Room,
    announcement: Option<&Text>,
) -> Option<Result<(), String>> {
    let writes = Writes::of(facts, reading, |request| match request {
        Request::UpdateRoom { room: of, announcement } if *of == room => Some(Some(announcement.clone())),
        _ => None,
    });
    let Some(found) = announcement else {
        let known = facts.calls.iter().any(|call| {
            super::facts::room_of(call.request) == Some(room) && call.done_by().is_some_and(|done| done < reading.since)
        });
        return known.then(|| Err(format!("room {room} is not there")));
    };
    let found = Some(found.clone()).filter(|text| !text.is_empty());
    writes.judge(&found, |expected| {
        let (found, expected) = (shown(found.as_ref()), expected.iter().map(|text| shown(text.as_ref())));
        format!("room {room} has the announcement {found}, expected {}", expected.collect::<Vec<_>>().join(" or "))
    })
}

fn shown(text: Option<&Text>) -> String {
    text.map_or("nothing".into(), |text| quoted(text))
}

/// What may have been written last.
struct Writes<T> {
    /// Every value that may be there.
    possible: Vec<T>,
    /// At least one was written for certain.
    is_known: bool,
}

impl<T: PartialEq + Default> Writes<T> {
    /// Of all calls that write, what each writes.
    fn of(facts: &Facts<'_>, reading: &Reading<'_>, value: impl Fn(&Request) -> Option<T>) -> Writes<T> {
        let writes = facts.calls.iter().filter(|call| !call.is_refused() && call.begun < reading.by);
        let writes: Vec<_> = writes.filter_map(|call| Some((call, value(call.request)?))).collect();
        let done = |call: &Call<'_>| call.done_by().filter(|done| *done < reading.since);
        // The last of those that are over began here; what was over before that is overwritten.
        let last = writes.iter().filter(|(call, _)| done(call).is_some()).map(|(call, _)| call.begun).max();
        let is_over = |call: &Call<'_>| done(call).is_some_and(|done| last.is_some_and(|last| done < last));
        let mut possible: Vec<T> = Vec::new();
        for (call, value) in writes {
            if !is_over(call) {
                possible.push(value);
            }
        }
        if last.is_none() {
            possible.push(T::default());
        }
        Writes { possible, is_known: last.is_some() }
    }

    fn judge(&self, found: &T, wrong: impl FnOnce(&[T]) -> String) -> Option<Result<(), String>> {
        self.is_known.then(|| if self.possible.contains(found) { Ok(()) } else { Err(wrong(&self.possible)) })
    }
}

/// A standing is judged where it is clear which change was the last.
fn standings<'r>(
    facts: &'r Facts<'_>,
    reading: &'r Reading<'_>,
    room: Room,
    roles: &'r [(Text, Role)],
) -> impl Iterator<Item = Result<(), String>> + 'r {
    let mut targets: HashMap<&str, Vec<&Call<'_>>> = HashMap::new();
    for call in facts.calls.iter().filter(|call| call.begun < reading.by && !call.is_refused()) {
        if let Request::SetRole { room: of, target, .. } = call.request
            && *of == room
        {
            targets.entry(target).or_default().push(call);
        }
    }
    targets.into_iter().filter_map(move |(target, calls)| {
        let (last, before) = calls.split_last()?;
        let clear = last.done_by().is_some_and(|done| done < reading.since)
            && before.iter().all(|call| call.done_by().is_some_and(|done| done < last.begun));
        let Request::SetRole { role, given, .. } = last.request else { return None };
        let has = roles.iter().any(|(accid, of)| &**accid == target && of == role);
        let (is, was) = (if has { "has" } else { "has not" }, if *given { "given" } else { "taken away" });
        let wrong = || format!("{target} {is} the role {role:?} in room {room}, which was {was} last");
        clear.then(|| if has == *given { Ok(()) } else { Err(wrong()) })
    })
}

fn queue<'r>(
    facts: &'r Facts<'_>,
    reading: &'r Reading<'_>,
    room: Room,
    elements: &'r [(Text, Text)],
) -> impl Iterator<Item = Result<(), String>> + 'r {
    let key_of = move |request: &Request| match request {
        Request::Offer { room: of, key, .. } | Request::Poll { room: of, key } if *of == room => Some(key.clone()),
        _ => None,
    };
    let keys: HashSet<Text> = facts.calls.iter().filter_map(|call| key_of(call.request)).collect();
    keys.into_iter().filter_map(move |key| {
        let writes = Writes::of(facts, reading, |request| match request {
            Request::Offer { room: of, key: other, value } if *of == room && *other == key => Some(Some(value.clone())),
            Request::Poll { room: of, key: other } if *of == room && *other == key => Some(None),
            _ => None,
        });
        let found = elements.iter().find(|(other, _)| *other == key).map(|(_, value)| value.clone());
        writes.judge(&found, |expected| {
            let expected: Vec<_> = expected.iter().map(|value| shown(value.as_ref())).collect();
            let found = shown(found.as_ref());
            format!("the queue of room {room} has {found} for {key}, expected {}", expected.join(" or "))
        })
    })
}

/// What was said to a whole room and accepted stands in its history. Where the database fails a message counts more than its row.
fn past<'r>(
    facts: &'r Facts<'_>,
    reading: &'r Reading<'_>,
    room: Room,
    messages: &'r [Kept],
) -> impl Iterator<Item = Result<(), String>> + 'r {
    let kept: HashSet<(&str, &str)> = messages.iter().map(|kept| (&*kept.from, &*kept.msg_id)).collect();
    let full = messages.len() >= KEPT;
    facts.sends().filter_map(move |(_, call, send)| {
        let Done::By(done) = call.done() else { return None };
        let judged = send.room == room && send.to.is_empty() && done < reading.since && !full;
        if !judged || facts.database_failed(call.begun, done) {
            return None;
        }
        let is_there = kept.contains(&(call.by, &*send.msg_id));
        let wrong =
            || format!("message {} of {} to room {room} was accepted and is not in its history", send.msg_id, call.by);
        Some(if is_there { Ok(()) } else { Err(wrong()) })
    })
}
