//! Asks, before a message is handed over, whoever is to be asked: the application server about members' messages, then moderation. Only
//! this waits for others; what comes after is a matter of microseconds.

use serde_json::{Map, Value, json};

use crate::base::{Accid, Invalid, Params, RoomId, limits};
use crate::callback::{Consent, Failure, NoConsent, Question};
use crate::model::{Body, Event, EventType, Fields, Refusal, Sender};
use crate::settings::OnFailure;

use super::admit::Admitted;
use super::event::{message_fields, with_origin};
use super::judge::{Denied, Opinion};
use super::{Author, Delivery, Send};

/// A message that may be handed over, as far as others are asked.
#[derive(Debug)]
pub struct Cleared {
    pub(super) send: Send,
    /// What moderation says of it.
    pub(super) opinion: Opinion,
}

impl Cleared {
    /// A message that nobody is asked about.
    pub fn unasked(send: Send) -> Cleared {
        Cleared { send, opinion: Opinion::default() }
    }

    /// Who sends it.
    pub fn sender(&self) -> &Accid {
        self.send.from.accid()
    }
}

impl Delivery {
    /// Whether anybody is asked about a message. Where nobody is, clearing it waits for nothing.
    pub fn asks_about(&self, send: &Send) -> bool {
        self.calls_back(send) || self.judges(send)
    }

    /// Asks about a message. What it refuses itself anyway nobody is asked about.
    pub async fn clear(&self, mut send: Send) -> Result<Cleared, Refusal> {
        if !self.asks_about(&send) {
            return Ok(Cleared::unasked(send));
        }
        // Boxed, or every message would hold room for what few of them need.
        match Box::pin(self.ask_about(&mut send)).await {
            Ok(opinion) => Ok(Cleared { send, opinion }),
            Err(denied) => Err(self.note_refused(&send, denied)),
        }
    }

    async fn ask_about(&self, send: &mut Send) -> Result<Opinion, Denied> {
        let Admitted { sender, .. } = self.admit(send).await?;
        if self.calls_back(send) {
            self.call_back(send, &sender).await?;
        }
        if self.judges(send) { self.judge(send, &sender).await } else { Ok(Opinion::default()) }
    }

    /// Never for what the application server itself sends.
    fn calls_back(&self, send: &Send) -> bool {
        matches!(send.from, Author::Member { .. }) && self.callback.asks(Question::Message)
    }

    async fn call_back(&self, send: &mut Send, sender: &Sender) -> Result<(), Refusal> {
        let fields = with_origin(message_fields(send, sender), &send.from).with("timestamp", self.clock.wall());
        let about = Fields::default()
            .with("roomId", send.room)
            .with("accid", &sender.accid)
            .with("msgidClient", &send.body.msg_id);
        let read = |consent: Consent| change(&send.body, consent);
        if let Some(body) = self.consent(Question::Message, &fields, Some(send.room), about, read).await? {
            send.body = body;
        }
        Ok(())
    }

    /// Asks the application server, and reads what it changes with `read`. `None` where it says nothing, which is told to it (event 83) and
    /// taken as was configured.
    pub async fn consent<T>(
        &self,
        question: Question,
        fields: &Fields,
        room: Option<RoomId>,
        about: Fields,
        read: impl FnOnce(Consent) -> Result<T, Invalid>,
    ) -> Result<Option<T>, Refusal> {
        let failure = match self.callback.ask(question, fields, read).await {
            Ok(read) => return Ok(Some(read)),
            Err(NoConsent::Refused(code)) => return Err(Refusal::ByApplication(code)),
            Err(NoConsent::Failed(failure)) => failure,
        };
        tracing::debug!(question = question.name(), why = failure.name(), "a callback failed: {}", failure.name());
        self.tell_of_failure(question, failure, room, about).await;
        match self.callback.settings().on_failure {
            OnFailure::Pass => Ok(None),
            OnFailure::Refuse => Err(Refusal::NotAsked),
        }
    }

    /// That it could not be asked is for the application server to know, later; of many in a second only some are told of.
    async fn tell_of_failure(&self, question: Question, failure: Failure, room: Option<RoomId>, about: Fields) {
        let Some(target) = self.settings.webhook.target(None) else { return };
        if !self.failures_told.lock().admit(self.clock.now(), limits::TROUBLE_EVENTS) {
            return;
        }
        let made = self.clock.wall();
        let fields = about.with("event", question.number()).with("reason", failure as u8).with("timestamp", made);
        let event = Event { kind: EventType::CallbackFailed, room, target: target.to_owned(), made, fields };
        self.note_event(event).await;
    }

    /// Has an event kept that nobody waits for. What can't be kept is logged where it happens.
    pub async fn note_event(&self, event: Event) {
        if let Err(error) = self.store.note_event(event).await {
            tracing::error!(%error, "keeping an event failed: {error}");
        }
    }
}

/// A body with what the application server changes of it, read by the same rules as any other.
fn change(body: &Body, consent: Consent) -> Result<Body, Invalid> {
    let Consent { changes, ext } = consent;
    let mut changed = body.clone();
    if !changes.is_empty() {
        let members = json!({
            "msgId": body.msg_id,
            "msgType": body.kind.number(),
            "attach": body.attach,
            "ext": body.ext,
            "subType": body.sub_type,
            "resendFlag": body.resend.map(u8::from),
        });
        changed = read_changed(members, changes)?;
    }
    changed.callback_ext = ext;
    Ok(changed)
}

fn read_changed(mut members: Value, changes: Map<String, Value>) -> Result<Body, Invalid> {
    const CHANGEABLE: [&str; 4] = ["attach", "ext", "msgType", "subType"];
    for (name, value) in changes {
        if CHANGEABLE.contains(&name.as_str()) {
            // Some write numbers as texts, and what is a text here may be written as the object it holds.
            let number = value.as_str().filter(|_| name.ends_with("Type")).and_then(|text| text.parse::<i64>().ok());
            members[&name] = match value {
                Value::Object(_) => value.to_string().into(),
                value => number.map_or(value, Value::from),
            };
        }
    }
    let empty = Map::new();
    Body::read(&Params::inside(members.as_object().unwrap_or(&empty)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::MsgId;
    use crate::model::MsgType;

    fn body() -> Body {
        Body {
            msg_id: MsgId::parse("msgId", "m1").unwrap(),
            kind: MsgType::Text,
            attach: "hello".into(),
            ext: "e".into(),
            sub_type: Some(7),
            resend: None,
            callback_ext: None,
        }
    }

    fn changed(changes: &Value) -> Result<Body, Invalid> {
        let changes = changes.as_object().cloned().unwrap_or_default();
        change(&body(), Consent { changes, ext: Some("c".into()) })
    }

    #[test]
    fn what_is_named_changes_and_all_else_stays() {
        let body = changed(&json!({"attach": "bye", "msgId": "other", "nonsense": 1})).unwrap();
        assert_eq!((body.attach.as_str(), body.ext.as_str(), body.sub_type), ("bye", "e", Some(7)));
        assert_eq!((body.msg_id.as_str(), body.callback_ext.as_deref()), ("m1", Some("c")));
        let place = changed(&json!({"msgType": "4", "attach": {"title": "x", "lng": 1, "lat": 2}})).unwrap();
        assert_eq!(place.kind, MsgType::Location);
    }

    #[test]
    fn what_breaks_a_limit_is_refused() {
        assert!(changed(&json!({"attach": "x".repeat(4097)})).is_err());
        assert!(changed(&json!({"ext": "x".repeat(4097)})).is_err());
        assert!(changed(&json!({"msgType": 1})).is_err(), "a picture has an address");
    }
}
