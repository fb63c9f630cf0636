//! The workers over a real store, against peers that are played.

mod beside;
mod failing;
mod ledger;
mod sending;

use std::time::Duration;

use super::*;
use crate::base::RoomId;
use crate::model::{Event, EventState, EventType, Fields};

#[path = "../../../tests/it/support/peer.rs"]
#[allow(dead_code, reason = "its other users need more of it")]
mod peer;

use peer::{Gate, Heard, Peer, Say};

const SOON: Duration = Duration::from_secs(10);

/// A store with its webhook.
struct Desk {
    store: Arc<Store>,
    metrics: Arc<Metrics>,
    clock: Clock,
    settings: WebhookSettings,
    webhook: Webhook,
}

fn to(url: &str) -> WebhookSettings {
    WebhookSettings { url: url.parse().ok(), ..WebhookSettings::default() }
}

fn and_env(mut settings: WebhookSettings, name: &str, url: &str) -> WebhookSettings {
    settings.env.insert(name.to_owned(), url.parse().unwrap());
    settings
}

fn in_memory(settings: &WebhookSettings, metrics: &Arc<Metrics>) -> Arc<Store> {
    Arc::new(Store::in_memory(settings.disk_bytes, metrics.clone()).unwrap())
}

impl Desk {
    async fn open(settings: WebhookSettings) -> Desk {
        let metrics = Arc::new(Metrics::new());
        let store = in_memory(&settings, &metrics);
        Desk::over(store, metrics, settings).await
    }

    async fn over(store: Arc<Store>, metrics: Arc<Metrics>, settings: WebhookSettings) -> Desk {
        let clock = Clock::test();
        let outbound = Outbound::new(Vec::new(), clock.clone());
        let app = App::new("key", "secret");
        let started = Webhook::start(store.clone(), &settings, outbound, app, clock.clone(), metrics.clone());
        let webhook = started.await.unwrap();
        Desk { store, metrics, clock, settings, webhook }
    }

    /// Events happen in a room, with a text each.
    async fn happens(&self, target: &str, room: i64, texts: impl IntoIterator<Item = impl ToString>) {
        happens(&self.store, target, room, texts).await;
    }

    /// Waits for so many events that are so far.
    #[track_caller]
    fn come_to(&self, state: EventState, count: usize) -> impl Future<Output = Vec<KeptEvent>> {
        let caller = std::panic::Location::caller();
        async move {
            let deadline = tokio::time::Instant::now() + SOON;
            loop {
                let events = self.are(state).await;
                if events.len() == count {
                    return events;
                }
                assert!(tokio::time::Instant::now() < deadline, "{} of {count} ({caller})", events.len());
                tokio::task::yield_now().await;
            }
        }
    }

    async fn are(&self, state: EventState) -> Vec<KeptEvent> {
        let query = EventQuery { state: Some(state), limit: 1000, ..EventQuery::default() };
        self.webhook.events(query).await.unwrap()
    }

    /// Waits until the one pending event has been tried so often.
    async fn is_tried(&self, attempts: u32) -> KeptEvent {
        let deadline = tokio::time::Instant::now() + SOON;
        loop {
            if let [event] = &self.are(EventState::Pending).await[..]
                && event.attempts == attempts
            {
                return event.clone();
            }
            assert!(tokio::time::Instant::now() < deadline, "not tried {attempts} times");
            tokio::task::yield_now().await;
        }
    }

    /// Waits while a second passes again and again.
    async fn as_time_passes<T>(&self, wait: impl Future<Output = T>) -> T {
        let passing = async {
            loop {
                self.clock.advance(Duration::from_secs(1));
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            done = wait => done,
            never = passing => never,
        }
    }

    fn metric(&self, line: &str) -> f64 {
        let metrics = self.metrics.render();
        let value = metrics.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
        value.map_or(0.0, |value| value.parse().unwrap())
    }
}

async fn happens(store: &Store, target: &str, room: i64, texts: impl IntoIterator<Item = impl ToString>) {
    for text in texts {
        let fields = Fields::default().with("attach", text);
        let room = (room > 0).then(|| RoomId::from_row(room));
        let event = Event { kind: EventType::Message, room, target: target.to_owned(), made: 7, fields };
        assert!(store.note_event(event).await.unwrap().await);
    }
}

fn texts(heard: &[Heard]) -> Vec<String> {
    heard.iter().map(|heard| heard.json()["attach"].as_str().unwrap().to_owned()).collect()
}

fn fails_once(say: Say) -> impl Fn(usize, &Heard) -> Say + Send + Sync + 'static {
    move |before, _| if before == 0 { say.clone() } else { Say::Status(200) }
}
