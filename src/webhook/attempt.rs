//! One attempt to tell a receiver: signs, posts, and judges what comes back. Knows no other attempt.

use std::time::Duration;

use bytes::Bytes;
use url::Url;

use crate::auth::App;
use crate::base::Clock;
use crate::metrics::{AttemptLabels, Metrics, TargetLabels};
use crate::model::kept_event::shown_target;
use crate::outbound::{NoReply, Outbound, Post, Reply};
use crate::settings::WebhookSettings;

/// Bytes of a reason that are kept.
const REASON: usize = 300;

/// What every attempt needs.
#[derive(Debug)]
pub(super) struct Teller {
    pub(super) outbound: Outbound,
    pub(super) app: App,
    pub(super) clock: Clock,
    pub(super) metrics: std::sync::Arc<Metrics>,
    pub(super) settings: WebhookSettings,
}

/// What the event is, beside its body.
#[derive(Debug)]
pub(super) struct Labels {
    pub(super) id: String,
    pub(super) sequence: i64,
}

/// Why a receiver has not received it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failed {
    pub(super) reason: String,
    /// How long it does not want this event again.
    pub(super) retry_after: Option<Duration>,
    /// How long it wants to be left alone by all of them (RFC 6585, section 4; RFC 9110, section 15.6.4).
    pub(super) busy_for: Option<Duration>,
}

impl Teller {
    /// Tells an address of an event. Answers what it said, in a few words.
    pub(super) async fn tell(&self, target: &str, url: &Url, labels: Labels, body: Bytes) -> Result<String, Failed> {
        let begun = self.clock.now();
        let more = [("X-Roomgate-Event-Id", labels.id), ("X-Roomgate-Sequence", labels.sequence.to_string())];
        let reply = self.post(url, body, more.into(), self.settings.timeout).await;
        self.count(target, &reply, self.clock.now() - begun);
        self.judge(reply)
    }

    /// Posts a body with the headers that sign it, and these.
    pub(super) async fn post(
        &self,
        url: &Url,
        body: Bytes,
        more: Vec<(&'static str, String)>,
        within: Duration,
    ) -> Result<Reply, NoReply> {
        let signed = self.app.sign_post(&body, self.clock.wall());
        let mut headers: Vec<_> = signed.pairs().map(|(name, value)| (name, value.to_owned())).into();
        headers.extend(more);
        self.outbound.post(Post { url, content_type: "application/json", headers, body, within }).await
    }

    fn judge(&self, reply: Result<Reply, NoReply>) -> Result<String, Failed> {
        let reply = reply.map_err(|why| Failed { reason: cut(why.to_string()), retry_after: None, busy_for: None })?;
        let said = format!("HTTP {}", reply.status);
        let received = (200..300).contains(&reply.status) || (reply.status == 500 && self.settings.accept_500);
        if received {
            return Ok(said);
        }
        let retry_after = reply.retry_after;
        let busy_for = retry_after.filter(|_| matches!(reply.status, 429 | 503));
        Err(Failed { reason: said, retry_after, busy_for })
    }

    fn count(&self, target: &str, reply: &Result<Reply, NoReply>, took: Duration) {
        let result = match reply {
            Ok(reply) => reply.status.to_string(),
            Err(why) => why.name().to_owned(),
        };
        let labels = AttemptLabels { env: shown_target(target).to_owned(), result };
        self.metrics.webhook_attempts.get_or_create(&labels).inc();
        self.metrics.webhook_seconds.get_or_create(&TargetLabels::of(target)).observe(took.as_secs_f64());
    }
}

fn cut(mut reason: String) -> String {
    reason.truncate(reason.floor_char_boundary(REASON));
    reason
}
