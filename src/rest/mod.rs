//! The signed HTTP door: from a request to one action of the table, and from its result to an answer. Knows no sockets.

mod body;
mod form;
mod rate;
mod replay;
mod signature;

use std::sync::Arc;
use std::time::Instant;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};

use crate::api::{self, Action, Answer, Asker, Call, Door};
use crate::auth::BadSignature;
use crate::base::{Code, Params};
use crate::metrics::{ActionLabels, RestLabels};
use crate::model::Refusal;
use crate::service::Services;

pub(crate) use form::read as read_form;
use rate::RateLimiter;
use replay::ReplayGuard;

/// What every address of the server API starts with (section 1.1).
pub const PREFIX: &str = "/nimserver";

/// The door.
#[derive(Debug)]
pub struct RestDoor {
    services: Arc<Services>,
    replays: ReplayGuard,
    rates: RateLimiter,
}

impl RestDoor {
    /// The door to these services.
    pub fn new(services: Arc<Services>) -> RestDoor {
        let replays = ReplayGuard::new(services.settings.rest.replay);
        let rates = RateLimiter::new(Some(services.settings.limits.calls_per_second).filter(|calls| *calls > 0));
        RestDoor { services, replays, rates }
    }

    /// Answers one request whose path starts with [`PREFIX`].
    pub async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let start = Instant::now();
        let (head, body) = request.into_parts();
        let action = self.find(&head);
        let name = action.as_ref().map_or("unknown", |action| action.path);
        let mut body_read = true;
        let result = match action.and_then(|action| self.admit(action, &head).map(|()| action)) {
            Ok(action) => self.serve(action, &head, body).await,
            Err(refusal) => {
                body_read = body::discard(body, &self.services.clock).await;
                Err(refusal)
            }
        };
        let code = result.as_ref().map_or_else(Refusal::code, |_| Code::OK);
        self.count(name, code, start);
        match result {
            Ok(answer) => respond(answer),
            Err(refusal) => refuse(name, &refusal, body_read),
        }
    }

    fn find(&self, head: &Parts) -> Result<&'static Action, Refusal> {
        let path = head.uri.path();
        let unknown = || no_action(path);
        path.strip_prefix(PREFIX).and_then(api::find).ok_or_else(unknown)
    }

    /// What can be refused without reading the body: nobody unknown makes us keep one.
    fn admit(&self, action: &'static Action, head: &Parts) -> Result<(), Refusal> {
        if action.door == Door::Open {
            return Ok(());
        }
        if head.method != Method::POST {
            return Err(Refusal::NotPost);
        }
        self.verify(head)?;
        // Only of callers that are who they say they are: nobody else can use up an action's calls.
        Ok(self.rates.admit(action.path, action.rate, self.services.clock.now())?)
    }

    async fn serve(&self, action: &'static Action, head: &Parts, body: Incoming) -> Result<Answer, Refusal> {
        let body = body::read(body, &self.services.clock).await?;
        let params = match action.door {
            Door::Open => Params::from_form(Vec::new()),
            _ => form::read(head, &body)?,
        };
        let host = head.headers.get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
        Call { services: self.services.clone(), params, asker: Asker::Server { host } }.run_apart(action).await
    }

    fn verify(&self, head: &Parts) -> Result<(), Refusal> {
        let signature = signature::read(&head.headers)?;
        let (app, clock) = (&self.services.app, &self.services.clock);
        let now = clock.wall();
        let verified = match (app.verify(&signature, now), clock.machine_wall()) {
            (Err(BadSignature::Expired(_)), Some(machine)) => app.verify(&signature, machine),
            (verified, _) => verified,
        };
        let sum = verified.map_err(|bad| Refusal::BadSignature(bad.to_string()))?;
        self.replays.admit(sum, now)
    }

    fn count(&self, action: &'static str, code: Code, start: Instant) {
        let metrics = &self.services.metrics;
        metrics.rest_calls.get_or_create(&RestLabels { action, code: code.number().into() }).inc();
        metrics.rest_seconds.get_or_create(&ActionLabels { action }).observe(start.elapsed().as_secs_f64());
    }
}

fn no_action(path: &str) -> Refusal {
    let hint = if path.ends_with(".action") { "" } else { "; names end in .action" };
    Refusal::NoAction(format!("{path} is not an action of this server API{hint}"))
}

fn respond(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(answer.into_text()));
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

fn refuse(action: &'static str, refusal: &Refusal, body_read: bool) -> Response<Full<Bytes>> {
    let code = refusal.code();
    tracing::debug!(action, %code, "{action} refused: {code} {refusal}");
    let mut response = respond(Answer::refusal(code, &refusal.to_string()));
    *response.status_mut() = status(refusal);
    let headers = response.headers_mut();
    if *refusal == Refusal::NotPost {
        headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    // With the rest of a body unread the connection is of no use any more.
    if !body_read || matches!(refusal, Refusal::BodyTooLarge(_) | Refusal::BodyTooSlow(_)) {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Business refusals are HTTP 200, since existing clients ignore the body of anything else (section 13, quirk 1). What is not a call of
/// this API at all, or our own fault, says so in HTTP's words too.
fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NotPost => StatusCode::METHOD_NOT_ALLOWED,
        Refusal::NoAction(_) => StatusCode::NOT_FOUND,
        Refusal::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::BodyTooSlow(_) => StatusCode::REQUEST_TIMEOUT,
        Refusal::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::OK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::App;
    use crate::base::{Clock, LaneBounds};
    use crate::callback::Callback;
    use crate::delivery::Advisers;
    use crate::metrics::Metrics;
    use crate::moderation::Moderation;
    use crate::outbound::Outbound;
    use crate::presence::{Registry, Writers, WritersSettings};
    use crate::settings::Settings;
    use crate::store::Store;

    async fn door() -> RestDoor {
        let (clock, metrics) = (Clock::system(), Arc::new(Metrics::new()));
        let bounds = LaneBounds { high_bytes: 1024, normal_bytes: 1024 };
        let settings = WritersSettings { count: 1, bounds, stall: std::time::Duration::from_secs(1), resume_bytes: 0 };
        let writers = Writers::start(settings, &clock, &metrics);
        let registry = Registry::start(writers, clock.clone(), metrics.clone());
        let store = Arc::new(Store::in_memory(1024 * 1024, metrics.clone()).unwrap());
        let settings = Arc::new(Settings::default());
        let outbound = Outbound::new(Vec::new(), clock.clone());
        let asked = (settings.callback.clone(), outbound.clone());
        let callback = Callback::new(App::random(), asked.0, asked.1, clock.clone(), metrics.clone());
        let moderation =
            Moderation::start(&settings.moderation, outbound, clock.clone(), metrics.clone()).await.unwrap();
        let advisers = Advisers { callback, moderation: Arc::new(moderation) };
        let services = Services::new(App::random(), settings, clock, metrics, &store, &registry, advisers);
        RestDoor::new(Arc::new(services))
    }

    #[test]
    fn a_path_without_the_ending_is_told_of_it() {
        let says = |path| no_action(path).to_string();
        assert!(says("/nimserver/chatroom/get").ends_with("API; names end in .action"));
        assert!(
            says("/nimserver/chatroom/got.action")
                .ends_with("/nimserver/chatroom/got.action is not an action of this server API")
        );
    }

    #[tokio::test]
    async fn a_panic_in_an_action_is_a_500_for_that_call_alone() {
        let door = door().await;
        let call = || Call {
            services: door.services.clone(),
            params: Params::from_form(Vec::new()),
            asker: Asker::Server { host: None },
        };
        let panics = Action::for_test(|_| Box::pin(async { panic!("on purpose, by a test") }));
        let refusal = call().run_apart(&panics).await.unwrap_err();
        assert_eq!((refusal.code(), status(&refusal)), (Code::INTERNAL, StatusCode::INTERNAL_SERVER_ERROR));
        let works = Action::for_test(|_| Box::pin(async { Ok(Answer::done()) }));
        assert!(call().run_apart(&works).await.is_ok());
    }
}
