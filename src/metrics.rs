//! What is counted. One registry a gateway and no globals, so two gateways in one process do not mix.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::model::kept_event::shown_target;

/// Every counter, by the name it has on `/metrics` without the prefix `roomgate_`.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// Connections on the public listener, of any kind.
    pub connections: Gauge,
    /// Logged-in sessions.
    pub sessions: Gauge,
    /// Sessions whose connection is gone and that may come back.
    pub sessions_away: Gauge,
    /// Logins that wanted to go on with a session, by what became of it.
    pub resumes: Family<OutcomeLabels, Counter>,
    /// Rooms with somebody in them.
    pub rooms: Gauge,
    /// Messages accepted.
    pub messages: Family<MessageLabels, Counter>,
    /// What became of directed messages, where it was asked for.
    pub outcomes: Family<OutcomeLabels, Counter>,
    /// Frames put into members' lanes.
    pub frames_queued: Counter,
    /// Frames that full normal lanes dropped.
    pub frames_dropped: Counter,
    /// Bytes that wait in all lanes.
    pub queue_bytes: Gauge,
    /// Messages and notices a history could not take.
    pub messages_unkept: Counter,
    /// Enter and leave notices left out because the room was too large for them.
    pub notices_omitted: Counter,
    /// WebSocket connections by the code they ended with.
    pub closes: Family<CloseLabels, Counter>,
    /// Messages refused, by the rule that did.
    pub messages_refused: Family<RuleLabels, Counter>,
    /// Events put into the webhook's ledger.
    pub webhook_events: Family<EventLabels, Counter>,
    /// Events for which the ledger had no room.
    pub webhook_dropped: Family<TargetLabels, Counter>,
    /// Events that wait for their receiver.
    pub webhook_pending: Family<TargetLabels, Gauge>,
    /// Events given up on.
    pub webhook_dead: Family<TargetLabels, Counter>,
    /// Events given up on that are still in the ledger.
    pub webhook_dead_kept: Family<TargetLabels, Gauge>,
    /// Events that the ledger could not take because the disk failed.
    pub webhook_unkept: Counter,
    /// Attempts to tell a receiver.
    pub webhook_attempts: Family<AttemptLabels, Counter>,
    /// How long they took.
    pub webhook_seconds: Family<TargetLabels, Histogram, fn() -> Histogram>,
    /// How old the oldest event is that waits.
    pub webhook_oldest_seconds: Family<TargetLabels, Gauge>,
    /// Callbacks asked.
    pub callbacks: Family<CallbackLabels, Counter>,
    /// How long their answers took.
    pub callback_seconds: Histogram,
    /// Verdicts of moderation.
    pub verdicts: Family<VerdictLabels, Counter>,
    /// How long they took.
    pub moderation_seconds: Histogram,
    /// REST calls.
    pub rest_calls: Family<RestLabels, Counter>,
    /// How long REST calls took.
    pub rest_seconds: Family<ActionLabels, Histogram, fn() -> Histogram>,
}

/// Which message.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct MessageLabels {
    /// `room`, `directed`, `broadcast`, `abandoned` or `notice`.
    pub kind: &'static str,
    /// `high` or `normal`.
    pub lane: &'static str,
}

/// Which outcome.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct OutcomeLabels {
    /// As it stands in the answer.
    pub outcome: &'static str,
}

/// Which end.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct CloseLabels {
    /// `client`, `gateway`, or `nobody` where the connection broke.
    pub by: &'static str,
    /// The close code; 1006 where the connection broke, 1005 for a client's own codes.
    pub code: u32,
}

/// Which rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RuleLabels {
    /// As log lines name it.
    pub rule: &'static str,
}

/// Which events.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct EventLabels {
    /// Their type's number.
    pub event_type: u32,
}

/// Which address of the webhook.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct TargetLabels {
    /// Its name, or `default`.
    pub env: String,
}

impl TargetLabels {
    /// Of the address with this name, which is empty for the main one.
    pub fn of(target: &str) -> TargetLabels {
        TargetLabels { env: shown_target(target).to_owned() }
    }
}

/// Which attempts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct AttemptLabels {
    /// The address's name, or `default`.
    pub env: String,
    /// The HTTP status, or what went wrong: `timeout`, `connect`, `broken` or `too_large`.
    pub result: String,
}

/// Which callbacks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct CallbackLabels {
    /// `join`, `login` or `message`.
    pub event: &'static str,
    /// `passed`, `changed`, `refused`, `timeout`, `bad_answer` or `broken` where nobody was asked.
    pub result: &'static str,
}

/// Which verdicts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct VerdictLabels {
    /// `text`, `media` or `looks`.
    pub what: &'static str,
    /// `passed`, `suspect`, `replaced`, `refused`, or what went wrong: `timeout`, `bad_answer` or `broken` where nobody was asked.
    pub verdict: &'static str,
}

/// Which call, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RestLabels {
    /// The action's path, or `unknown`.
    pub action: &'static str,
    /// The answer's code.
    pub code: u32,
}

/// Which call.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ActionLabels {
    /// The action's path.
    pub action: &'static str,
}

/// Something that is counted as long as this lives.
#[derive(Debug)]
pub struct Counted(Gauge);

impl Counted {
    /// One more.
    pub fn by(gauge: &Gauge) -> Counted {
        gauge.inc();
        Counted(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// All at zero.
    #[allow(clippy::new_without_default, reason = "a registry is made once a gateway, never by default")]
    pub fn new() -> Metrics {
        // From 50 µs to 1.6 s.
        let latency: fn() -> Histogram = || Histogram::new(exponential_buckets(0.000_05, 2.0, 16));
        let mut metrics = Metrics {
            registry: Registry::with_prefix("roomgate"),
            connections: Gauge::default(),
            sessions: Gauge::default(),
            sessions_away: Gauge::default(),
            resumes: Family::default(),
            rooms: Gauge::default(),
            messages: Family::default(),
            outcomes: Family::default(),
            frames_queued: Counter::default(),
            frames_dropped: Counter::default(),
            queue_bytes: Gauge::default(),
            messages_unkept: Counter::default(),
            notices_omitted: Counter::default(),
            closes: Family::default(),
            messages_refused: Family::default(),
            webhook_events: Family::default(),
            webhook_dropped: Family::default(),
            webhook_pending: Family::default(),
            webhook_dead: Family::default(),
            webhook_dead_kept: Family::default(),
            webhook_unkept: Counter::default(),
            webhook_attempts: Family::default(),
            webhook_seconds: Family::new_with_constructor(latency),
            webhook_oldest_seconds: Family::default(),
            callbacks: Family::default(),
            callback_seconds: latency(),
            verdicts: Family::default(),
            moderation_seconds: latency(),
            rest_calls: Family::default(),
            rest_seconds: Family::new_with_constructor(latency),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("connections", "Connections on the public listener", self.connections.clone());
        registry.register("sessions", "Logged-in WebSocket sessions", self.sessions.clone());
        registry.register(
            "sessions_away",
            "Sessions without a connection that may come back",
            self.sessions_away.clone(),
        );
        registry.register("resumes", "Logins that wanted to go on with a session, by outcome", self.resumes.clone());
        registry.register("rooms", "Rooms with somebody in them", self.rooms.clone());
        registry.register("messages", "Messages accepted, by kind and lane", self.messages.clone());
        registry.register("outcomes", "Outcomes of directed messages, where asked for", self.outcomes.clone());
        registry.register("frames_queued", "Frames put into members' lanes", self.frames_queued.clone());
        registry.register("frames_dropped", "Frames dropped by full normal lanes", self.frames_dropped.clone());
        registry.register_with_unit("queue", "Bytes waiting in all lanes", Unit::Bytes, self.queue_bytes.clone());
        registry.register(
            "messages_unkept",
            "Messages and notices that could not be kept in a history",
            self.messages_unkept.clone(),
        );
        registry.register(
            "notices_omitted",
            "Enter and leave notices left out in large rooms",
            self.notices_omitted.clone(),
        );
        registry.register("closes", "WebSocket connections ended, by close code", self.closes.clone());
        registry.register("messages_refused", "Messages refused, by rule", self.messages_refused.clone());
        registry.register("webhook_events", "Events put into the ledger, by type", self.webhook_events.clone());
        registry.register("webhook_dropped", "Events the ledger had no room for", self.webhook_dropped.clone());
        registry.register("webhook_pending", "Events that wait for their receiver", self.webhook_pending.clone());
        registry.register("webhook_dead", "Events given up on", self.webhook_dead.clone());
        registry.register("webhook_dead_kept", "Dead events in the ledger", self.webhook_dead_kept.clone());
        registry.register("webhook_unkept", "Events the disk did not take", self.webhook_unkept.clone());
        registry.register("webhook_attempts", "Attempts to tell a receiver, by result", self.webhook_attempts.clone());
        registry.register_with_unit("webhook", "Duration of attempts", Unit::Seconds, self.webhook_seconds.clone());
        registry.register_with_unit(
            "webhook_oldest_pending",
            "Age of the oldest event that waits",
            Unit::Seconds,
            self.webhook_oldest_seconds.clone(),
        );
        registry.register("callbacks", "Callbacks, by event and result", self.callbacks.clone());
        registry.register_with_unit("callback", "Duration of callbacks", Unit::Seconds, self.callback_seconds.clone());
        registry.register("verdicts", "Verdicts of moderation", self.verdicts.clone());
        registry.register_with_unit(
            "moderation",
            "Duration of verdicts of a service",
            Unit::Seconds,
            self.moderation_seconds.clone(),
        );
        registry.register("rest_calls", "REST calls, by action and code", self.rest_calls.clone());
        registry.register_with_unit("rest", "Duration of REST calls", Unit::Seconds, self.rest_seconds.clone());
    }

    /// The whole of it in OpenMetrics text.
    pub fn render(&self) -> String {
        let mut text = String::new();
        // Writing to a String can't fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}
