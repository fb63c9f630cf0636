//! Looks at what arrives as a careful receiver should: is it signed, has it come before, is one missing before it.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use roomgate::auth::App;
use roomgate::base::Millis;

use super::said;
use crate::cli::record::Record;

/// Ids and rooms that are remembered; the oldest give way.
const REMEMBERED: usize = 100_000;
/// What was signed so long ago, or will be, may be somebody's who has listened.
const FAR: Duration = Duration::from_secs(5 * 60);

/// One receiver, and what it has heard.
pub(super) struct Arrivals {
    app: App,
    seen: HashSet<String>,
    order: VecDeque<String>,
    /// The last number of each path, address and room: the addresses of a gateway have numbers of their own.
    last: HashMap<(String, String, String), i64>,
}

/// What is to be told of one arrival.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The event; nothing where the body is none.
    pub(super) event: Option<Record>,
    /// In one line.
    pub(super) line: String,
    /// What is not as it should be.
    pub(super) warnings: Vec<String>,
}

impl Arrivals {
    pub(super) fn new(app: App) -> Arrivals {
        Arrivals { app, seen: HashSet::new(), order: VecDeque::new(), last: HashMap::new() }
    }

    /// Looks at a request. `header` finds its headers by their names.
    pub(super) fn look<'a>(
        &mut self,
        path: &str,
        header: impl Fn(&str) -> Option<&'a str>,
        body: &[u8],
        now: Millis,
    ) -> Told {
        let wrong = self.app.wrong_post_headers(body, &header);
        let mut warnings = Vec::from_iter(far(header("CurTime"), now));
        if !wrong.is_empty() {
            warnings
                .push(format!("wrong or missing: {}; is it another application's key or secret?", wrong.join(", ")));
        }
        let Ok(event) = Record::read(&String::from_utf8_lossy(body)) else {
            warnings.push("the body is no JSON".to_owned());
            return Told { event: None, line: String::new(), warnings };
        };
        if !event.has("eventType") {
            let is_test = event.json().trim() == "{}";
            let line = if is_test { "test call, as webhook test makes it" } else { "unknown: it has no eventType" };
            return Told { event: Some(event), line: line.to_owned(), warnings };
        }
        warnings.extend(self.repeats(&event));
        warnings.extend(self.gap(path, &event));
        Told { line: said::line(&event, now), event: Some(event), warnings }
    }

    fn repeats(&mut self, event: &Record) -> Option<String> {
        let id = event.text("eventId");
        if !self.seen.insert(id.clone()) {
            return Some(format!("event {id} has come before: leave it out"));
        }
        self.order.push_back(id);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        None
    }

    fn gap(&mut self, path: &str, event: &Record) -> Option<String> {
        let (room, number) = (said::first(event, ["roomId", "roomid"]), event.number("sequence")?);
        if self.last.len() >= REMEMBERED {
            self.last.clear();
        }
        let last =
            self.last.entry((path.to_owned(), event.text("env"), room.clone())).or_insert(number.saturating_sub(1));
        let before = std::mem::replace(last, number.max(*last));
        let place = if room.is_empty() { "without a room".to_owned() } else { format!("of room {room}") };
        match number.saturating_sub(before) {
            1 => None,
            // It was told of when it was missing.
            ..=0 => Some(format!("event {number} {place} comes late, after {before}")),
            2 => Some(format!("event {} {place} has not come before {number}", number - 1)),
            _ => Some(format!("events {} to {} {place} have not come before {number}", before + 1, number - 1)),
        }
    }
}

/// A complaint where a request was signed at another time.
fn far(signed: Option<&str>, now: Millis) -> Option<String> {
    let away = Duration::from_millis(signed?.parse::<Millis>().ok()?.abs_diff(now));
    (away > FAR).then(|| format!("CurTime is {} s away from this machine's time", away.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrive(arrivals: &mut Arrivals, signer: &App, body: &str) -> Told {
        let headers = signer.sign_post(body.as_bytes(), 7);
        let find = |name: &str| headers.pairs().into_iter().find(|(known, _)| *known == name).map(|(_, value)| value);
        arrivals.look("/", find, body.as_bytes(), 7)
    }

    fn event(id: u32, sequence: u32) -> String {
        format!(
            r#"{{"eventType":"9","roomId":"2","accid":"bob","event":"IN","eventId":"a-{id}","sequence":"{sequence}"}}"#
        )
    }

    #[test]
    fn what_is_right_is_told_without_a_warning() {
        let app = App::new("key", "secret");
        let mut arrivals = Arrivals::new(app.clone());
        for number in 5..8 {
            let told = arrive(&mut arrivals, &app, &event(number, number));
            assert!(told.warnings.is_empty() && told.line.ends_with("room 2  bob  IN"), "{told:?}");
        }
        let told = arrive(&mut arrivals, &app, "{}");
        assert!(told.warnings.is_empty() && told.line.starts_with("test call"), "{told:?}");
    }

    #[test]
    fn each_address_counts_by_itself_and_what_is_no_event_is_unknown() {
        let app = App::new("key", "secret");
        let mut arrivals = Arrivals::new(app.clone());
        let moved = event(2, 9).replace(r#""roomId""#, r#""env":"b","roomId""#);
        for body in [event(1, 1), moved, event(3, 2)] {
            assert_eq!(arrive(&mut arrivals, &app, &body).warnings, Vec::<String>::new());
        }
        let told = arrive(&mut arrivals, &app, r#"{"hello":"you"}"#);
        assert!(told.line.starts_with("unknown"), "{told:?}");
    }

    #[test]
    fn a_request_that_was_signed_at_another_time_is_told_of() {
        let app = App::new("key", "secret");
        let headers = app.sign_post(b"{}", 1_000_000);
        let find = |name: &str| headers.pairs().into_iter().find(|(known, _)| *known == name).map(|(_, value)| value);
        let warnings = |now| Arrivals::new(app.clone()).look("/", find, b"{}", now).warnings;
        assert!(warnings(1_300_000).is_empty() && warnings(700_000).is_empty());
        for now in [1_301_000, 699_000] {
            assert_eq!(warnings(now), ["CurTime is 301 s away from this machine's time"]);
        }
    }

    #[test]
    fn what_is_not_as_it_should_be_is_said() {
        let app = App::new("key", "secret");
        let mut arrivals = Arrivals::new(app.clone());
        let mut warnings = |signer: &App, body: &str| arrive(&mut arrivals, signer, body).warnings.join("|");
        assert_eq!(warnings(&app, &event(1, 1)), "");
        assert_eq!(warnings(&app, &event(4, 4)), "events 2 to 3 of room 2 have not come before 4");
        assert_eq!(warnings(&app, &event(3, 3)), "event 3 of room 2 comes late, after 4");
        assert_eq!(warnings(&app, &event(6, 6)), "event 5 of room 2 has not come before 6");
        assert!(warnings(&app, &event(6, 6)).starts_with("event a-6 has come before: leave it out"));
        assert!(
            warnings(&App::new("key", "other"), "{}").starts_with("wrong or missing: CheckSum, X-Roomgate-Signature")
        );
        assert_eq!(warnings(&app, "hello"), "the body is no JSON");
        assert_eq!(
            warnings(&app, &event(7, 9_999).replace("9999", "9223372036854775807")).matches("have not come").count(),
            1
        );
    }
}
