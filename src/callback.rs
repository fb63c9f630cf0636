//! Asks the application server before a member's message or join (third-party callback, section 9.2): one attempt, one deadline, and a
//! breaker, so that a dead server keeps nobody waiting. Knows not what becomes of the answer.

use std::sync::Arc;

use bytes::Bytes;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};
use tokio::sync::Semaphore;

use crate::auth::App;
use crate::base::{Clock, Code, Invalid, limits, read_json};
use crate::metrics::{CallbackLabels, Metrics};
use crate::model::Fields;
use crate::outbound::{Breaker, NoReply, Outbound, Post};
use crate::settings::CallbackSettings;

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// A member's message.
    Message,
    /// A member's entering of a room.
    Join,
    /// A member's login, where nothing else proves who it is.
    Login,
}

/// The application server agrees.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Consent {
    /// Members that shall have other values.
    pub changes: Map<String, Value>,
    /// What travels with the message.
    pub ext: Option<String>,
}

/// It does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoConsent {
    /// It refuses, with a code of its own for the member.
    Refused(Option<Code>),
    /// It says nothing that could be understood.
    Failed(Failure),
}

/// Why there is no answer, by the numbers of event 83.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// None came in time, or no connection.
    Late = 1,
    /// It is not of the documented form.
    BadAnswer = 2,
    /// Nobody was asked, since others got no answer just before.
    Broken = 3,
}

impl Question {
    /// The word in logs and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Question::Message => "message",
            Question::Join => "join",
            Question::Login => "login",
        }
    }

    /// The hosted service's number of the event: it has one for both kinds of coming in.
    pub fn number(self) -> u8 {
        match self {
            Question::Message => 6,
            Question::Join | Question::Login => 37,
        }
    }
}

impl Failure {
    /// The word in logs and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Failure::Late => "timeout",
            Failure::BadAnswer => "bad_answer",
            Failure::Broken => "broken",
        }
    }
}

/// Whoever is asked.
#[derive(Debug)]
pub struct Callback {
    app: App,
    outbound: Outbound,
    clock: Clock,
    settings: CallbackSettings,
    /// One for each question: strangers that log in shall not stop the questions about messages.
    breakers: [Breaker; 3],
    in_flight: Semaphore,
    metrics: Arc<Metrics>,
}

impl Callback {
    /// Asks as these settings say, signed by the application.
    pub fn new(
        app: App,
        settings: CallbackSettings,
        outbound: Outbound,
        clock: Clock,
        metrics: Arc<Metrics>,
    ) -> Callback {
        let breakers = std::array::from_fn(|_| Breaker::new(clock.clone()));
        let in_flight = Semaphore::new(limits::QUESTIONS_IN_FLIGHT);
        Callback { app, outbound, breakers, in_flight, clock, settings, metrics }
    }

    /// What was configured.
    pub fn settings(&self) -> &CallbackSettings {
        &self.settings
    }

    /// Whether anybody is asked about such things.
    pub fn asks(&self, question: Question) -> bool {
        let wanted = match question {
            Question::Message => self.settings.messages,
            Question::Join => self.settings.joins,
            Question::Login => true,
        };
        wanted && self.settings.url.is_some()
    }

    /// Asks, as long as there is somebody to ask, and reads with `read` what is changed.
    pub async fn ask<T>(
        &self,
        question: Question,
        fields: &Fields,
        read: impl FnOnce(Consent) -> Result<T, Invalid>,
    ) -> Result<T, NoConsent> {
        let (answer, result) = match self.ask_within(question, fields).await {
            Ok(consent) => {
                let result = if consent.changes.is_empty() { "passed" } else { "changed" };
                match read(consent) {
                    Ok(read) => (Ok(read), result),
                    Err(invalid) => {
                        tracing::warn!(%invalid, "modifyResponse of callback.url breaks a rule: {invalid}");
                        (Err(NoConsent::Failed(Failure::BadAnswer)), Failure::BadAnswer.name())
                    }
                }
            }
            Err(NoConsent::Refused(code)) => (Err(NoConsent::Refused(code)), "refused"),
            Err(NoConsent::Failed(failure)) => (Err(NoConsent::Failed(failure)), failure.name()),
        };
        self.metrics.callbacks.get_or_create(&CallbackLabels { event: question.name(), result }).inc();
        answer
    }

    /// Asks when it is its turn, all within the one time.
    async fn ask_within(&self, question: Question, fields: &Fields) -> Result<Consent, NoConsent> {
        let asking = async {
            let _permit = self.in_flight.acquire().await;
            self.ask_once(question, fields).await
        };
        tokio::select! {
            answer = asking => answer,
            // A little later than the call's own deadline, which is the one to tell of.
            () = self.clock.sleep(self.settings.timeout + self.settings.timeout / 20) => Err(NoConsent::Failed(Failure::Late)),
        }
    }

    async fn ask_once(&self, question: Question, fields: &Fields) -> Result<Consent, NoConsent> {
        let Some(url) = &self.settings.url else { return Ok(Consent::default()) };
        let Some(leave) = self.breakers[question as usize].admit() else {
            return Err(NoConsent::Failed(Failure::Broken));
        };
        let (body, asked) = (crate::base::json(&Asked(question, fields)), self.clock.now());
        let signed = self.app.sign_post(body.as_bytes(), self.clock.wall());
        let headers = signed.pairs().map(|(name, value)| (name, value.to_owned())).to_vec();
        let content_type = "application/json;charset=utf-8";
        let post = Post { url, content_type, headers, body: Bytes::from(body), within: self.settings.timeout };
        let reply = self.outbound.post(post).await;
        self.metrics.callback_seconds.observe(self.clock.now().saturating_duration_since(asked).as_secs_f64());
        let answer = match reply {
            Ok(reply) if reply.status == 200 => read(&reply.body).ok_or("an answer of another form".to_owned()),
            Ok(reply) => Err(format!("status {}", reply.status)),
            Err(NoReply::Late(_) | NoReply::NoConnection(_)) => {
                self.say_if_opened(leave.failed(), "no answer in time");
                return Err(NoConsent::Failed(Failure::Late));
            }
            Err(error) => Err(error.to_string()),
        };
        match answer {
            Ok(answer) => {
                leave.succeeded();
                answer
            }
            Err(why) => {
                self.say_if_opened(leave.failed(), &why);
                Err(NoConsent::Failed(Failure::BadAnswer))
            }
        }
    }

    fn say_if_opened(&self, opened: bool, why: &str) {
        if opened {
            tracing::warn!(why, on_failure = ?self.settings.on_failure, "callback.url does not answer ({why}): it is asked now and then only, until it does");
        }
    }
}

/// The question as it is posted: the type is a number, all else are texts.
struct Asked<'a>(Question, &'a Fields);

impl Serialize for Asked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("eventType", &self.0.number())?;
        for (name, value) in self.1.pairs() {
            object.serialize_entry(name, value)?;
        }
        object.end()
    }
}

/// Reads an answer; `None` where it is not of the documented form.
fn read(body: &[u8]) -> Option<Result<Consent, NoConsent>> {
    let answer = read_json(std::str::from_utf8(body).ok()?).ok()?;
    let answer = answer.as_object()?;
    match whole_number(answer.get("errCode")?)? {
        0 => {}
        1 => return Some(Err(NoConsent::Refused(answer.get("responseCode").and_then(code)))),
        _ => return None,
    }
    let changes = match answer.get("modifyResponse") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(changes)) => changes.clone(),
        Some(_) => return None,
    };
    let ext = match answer.get("callbackExt") {
        None | Some(Value::Null) => None,
        Some(Value::String(ext)) if ext.encode_utf16().count() <= limits::EXT_UNITS => Some(ext.clone()),
        Some(_) => return None,
    };
    Some(Ok(Consent { changes, ext: ext.filter(|ext| !ext.is_empty()) }))
}

/// A code that the member gets; others than an application's own say nothing it could understand.
fn code(value: &Value) -> Option<Code> {
    Code::of_application(whole_number(value)?)
}

/// Some write numbers as texts.
fn whole_number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(value: &Value) -> Option<Result<Consent, NoConsent>> {
        read(value.to_string().as_bytes())
    }

    #[test]
    fn the_documented_answers_are_understood() {
        assert_eq!(answer(&json!({"errCode": 0})), Some(Ok(Consent::default())));
        let changed =
            json!({"errCode": 0, "responseCode": 20000, "modifyResponse": {"attach": "x"}, "callbackExt": "e"});
        let changes = json!({"attach": "x"}).as_object().unwrap().clone();
        assert_eq!(answer(&changed), Some(Ok(Consent { changes, ext: Some("e".into()) })));
        assert_eq!(answer(&json!({"errCode": 1})), Some(Err(NoConsent::Refused(None))));
        let own = Code::of_application(20007);
        assert!(own.is_some());
        assert_eq!(answer(&json!({"errCode": 1, "responseCode": 20007})), Some(Err(NoConsent::Refused(own))));
        assert_eq!(answer(&json!({"errCode": "1", "responseCode": 200})), Some(Err(NoConsent::Refused(None))));
    }

    #[test]
    fn what_is_of_another_form_is_no_answer() {
        for value in [
            json!({}),
            json!([]),
            json!({"errCode": 2}),
            json!({"errCode": true}),
            json!({"errCode": 0, "modifyResponse": "x"}),
            json!({"errCode": 0, "callbackExt": 7}),
            json!({"errCode": 0, "callbackExt": "e".repeat(limits::EXT_UNITS + 1)}),
        ] {
            assert_eq!(answer(&value), None, "{value}");
        }
        assert_eq!(read(b"ok"), None);
        assert_eq!(read(b"\xff"), None);
    }
}
