//! The workers over a real store, against peers that are played.

use std::time::Duration;

use super::*;
use crate::base::RoomId;
use crate::model::{Event, EventState, EventType, Fields};

#[path = "../../tests/it/support/peer.rs"]
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

#[tokio::test]
async fn an_event_is_posted_signed_and_then_delivered() {
    let peer = Peer::with(|_, _| Say::Text(204, String::new())).await;
    let desk = Desk::open(to(&peer.url())).await;
    desk.happens("", 7, ["hi"]).await;
    let heard = peer.hears(1).await;
    let delivered = desk.come_to(EventState::Delivered, 1).await;
    let (event, body) = desk.webhook.event(&delivered[0].event_id).await.unwrap();
    assert_eq!((heard[0].body.as_str(), heard[0].path.as_str()), (body.as_str(), "/hook"));
    assert_eq!(heard[0].header("X-Roomgate-Event-Id"), Some(event.event_id.as_str()));
    assert_eq!(heard[0].header("X-Roomgate-Sequence"), Some("1"));
    assert_eq!(heard[0].header("Content-Type"), Some("application/json"));
    let wrong = App::new("key", "secret").wrong_post_headers(body.as_bytes(), |name| heard[0].header(name));
    assert_eq!(wrong, Vec::<&str>::new());
    assert_eq!((event.result.as_deref(), event.attempts), (Some("HTTP 204"), 1));
    assert_eq!(desk.metric(r#"roomgate_webhook_pending{env="default"}"#), 0.0);
    assert_eq!(desk.metric(r#"roomgate_webhook_attempts_total{env="default",result="204"}"#), 1.0);
    assert_eq!(desk.metric(r#"roomgate_webhook_seconds_count{env="default"}"#), 1.0);
}

#[tokio::test]
async fn a_room_is_told_in_order_and_others_go_on_beside_it() {
    let gate = Gate::closed();
    let slow = gate.clone();
    let peer = Peer::with(move |_, heard| match heard.json()["attach"].as_str() {
        Some("a0") => Say::When(slow.clone(), 200),
        _ => Say::Status(200),
    })
    .await;
    let desk = Desk::open(to(&peer.url())).await;
    desk.happens("", 1, (0..20).map(|number| format!("a{number}"))).await;
    desk.happens("", 2, (0..20).map(|number| format!("b{number}"))).await;
    let heard = texts(&peer.hears(21).await);
    assert_eq!(heard.iter().filter(|text| text.starts_with('a')).count(), 1, "{heard:?}");
    gate.let_through(1);
    let heard = texts(&peer.hears(40).await);
    for room in ["a", "b"] {
        let told: Vec<_> = heard.iter().filter(|text| text.starts_with(room)).cloned().collect();
        assert_eq!(told, (0..20).map(|number| format!("{room}{number}")).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_room_with_very_many_events_holds_up_no_other() {
    let gate = Gate::closed();
    let slow = gate.clone();
    let peer = Peer::with(move |_, heard| match heard.json()["attach"].as_str() {
        Some(text) if text.starts_with("many") => Say::When(slow.clone(), 200),
        _ => Say::Status(200),
    })
    .await;
    let desk = Desk::open(to(&peer.url())).await;
    let many: Vec<String> = (0..700).map(|number| format!("many{number}")).collect();
    desk.happens("", 1, &many).await;
    desk.happens("", 2, ["other"]).await;
    let heard = texts(&peer.hears(2).await);
    assert_eq!(heard, ["many0", "other"]);
    gate.let_through(many.len());
    desk.come_to(EventState::Delivered, 701).await;
    let told: Vec<String> = texts(&peer.heard()).into_iter().filter(|text| text != "other").collect();
    assert_eq!(told, many);
}

/// A receiver that lets everything wait but texts that begin with `other`.
async fn patient_with_all_but_others() -> (Peer, Gate) {
    let gate = Gate::closed();
    let slow = gate.clone();
    let peer = Peer::with(move |_, heard| match heard.json()["attach"].as_str() {
        Some(text) if text.starts_with("other") => Say::Status(200),
        _ => Say::When(slow.clone(), 200),
    });
    (peer.await, gate)
}

#[tokio::test]
async fn rooms_whose_events_waited_for_the_start_hold_up_no_other() {
    let (peer, _gate) = patient_with_all_but_others().await;
    let (settings, metrics) = (to(&peer.url()), Arc::new(Metrics::new()));
    let store = in_memory(&settings, &metrics);
    for room in [2, 4, 5, 6] {
        happens(&store, "", room, 0..300).await;
    }
    happens(&store, "", 3, ["other"]).await;
    let _desk = Desk::over(store, metrics, settings).await;
    assert!(texts(&peer.hears(5).await).contains(&"other".to_owned()));
}

#[tokio::test]
async fn a_room_whose_retries_are_many_holds_up_no_other_s() {
    let (peer, gate) = patient_with_all_but_others().await;
    let (settings, metrics) = (to(&peer.url()), Arc::new(Metrics::new()));
    let store = in_memory(&settings, &metrics);
    happens(&store, "", 2, 0..600).await;
    happens(&store, "", 3, ["other"]).await;
    let look = crate::store::Look { fresh: 1000, bytes: usize::MAX, ..Default::default() };
    let found = store.pending_events(look).await.unwrap().fresh;
    let tried = |event: crate::store::Pending| crate::store::Mark {
        number: event.number,
        text_bytes: event.text.len() as u64,
        attempts: 1,
        tried: 1,
        result: "HTTP 400".into(),
        fate: crate::store::Fate::Later(event.number.unsigned_abs()),
    };
    assert!(store.mark_events("", Arc::new(found.into_iter().map(tried).collect())).await.unwrap().await);
    let desk = Desk::over(store, metrics, settings).await;
    assert!(texts(&peer.hears(2).await).contains(&"other".to_owned()));
    gate.let_through(600);
    desk.come_to(EventState::Delivered, 601).await;
}

#[tokio::test]
async fn what_has_no_address_left_is_not_sent_again() {
    let peer = Peer::with(|_, _| Say::Status(400)).await;
    let named = |name: &str| WebhookSettings { attempts: 1, url: None, ..and_env(to(&peer.url()), name, &peer.url()) };
    let desk = Desk::open(named("old")).await;
    desk.happens("old", 7, ["hi"]).await;
    let dead = desk.come_to(EventState::Dead, 1).await.remove(0);
    desk.webhook.end(SOON).await;
    let desk = Desk::over(desk.store.clone(), desk.metrics.clone(), named("new")).await;
    let complaint = desk.webhook.send_again(&dead.event_id).await.unwrap_err().to_string();
    assert_eq!(complaint, r#"there is no webhook address "old", expected one of: new"#);
    assert_eq!(desk.webhook.send_dead_again(None).await, Ok(0));
}

#[tokio::test]
async fn each_way_to_fail_is_told_and_tried_again_with_the_same_body() {
    let cases = [
        (Say::Status(503), "HTTP 503"),
        (Say::Status(500), "HTTP 500"),
        (Say::Status(404), "HTTP 404"),
        (Say::Header(302, "Location", "http://127.0.0.1:1/".into()), "HTTP 302"),
        (Say::Huge, "the answer is over 65536 bytes"),
        (Say::Half, "no whole answer: "),
        (Say::Nothing, "no whole answer: "),
    ];
    for (say, reason) in cases {
        let peer = Peer::with(fails_once(say)).await;
        let desk = Desk::open(to(&peer.url())).await;
        desk.happens("", 7, ["hi"]).await;
        let tried = desk.is_tried(1).await;
        assert!(tried.result.as_ref().is_some_and(|said| said.starts_with(reason)), "{reason}: {tried:?}");
        desk.clock.advance(Duration::from_secs(1));
        let heard = peer.hears(2).await;
        assert_eq!(heard[0].body, heard[1].body, "{reason}");
        assert_eq!(desk.come_to(EventState::Delivered, 1).await[0].attempts, 2);
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_not_waited_for() {
    let peer = Peer::with(fails_once(Say::Silence)).await;
    let desk = Desk::open(to(&peer.url())).await;
    desk.happens("", 7, ["hi"]).await;
    peer.hears(1).await;
    desk.clock.advance(Duration::from_secs(5));
    assert_eq!(desk.is_tried(1).await.result.as_deref(), Some("no answer within 5000 ms"));
    desk.clock.advance(Duration::from_secs(1));
    desk.come_to(EventState::Delivered, 1).await;
}

#[tokio::test]
async fn a_receiver_that_says_500_has_received_it_where_the_operator_says_so() {
    let peer = Peer::with(|_, _| Say::Status(500)).await;
    let desk = Desk::open(WebhookSettings { accept_500: true, ..to(&peer.url()) }).await;
    desk.happens("", 7, ["hi"]).await;
    assert_eq!(desk.come_to(EventState::Delivered, 1).await[0].result.as_deref(), Some("HTTP 500"));
}

#[tokio::test]
async fn the_time_between_attempts_doubles_and_what_the_receiver_asks_for_counts() {
    let peer = Peer::with(|before, _| match before {
        0..3 => Say::Status(503),
        3 => Say::Header(503, "Retry-After", "600".into()),
        _ => Say::Header(429, "Retry-After", "999999".into()),
    })
    .await;
    let desk = Desk::open(to(&peer.url())).await;
    desk.happens("", 7, ["hi"]).await;
    let bounds = [(500, 1000), (1000, 2000), (2000, 4000), (600_000, 600_000), (3_600_000, 3_600_000)];
    for (attempt, (least, most)) in (1..).zip(bounds) {
        let tried = desk.is_tried(attempt).await;
        let wait = tried.due.unwrap() - tried.tried.unwrap();
        assert!((least..=most).contains(&wait), "{attempt}: {wait}");
        assert_eq!(peer.heard().len(), attempt as usize);
        desk.clock.advance(Duration::from_millis(wait));
    }
}

#[tokio::test]
async fn what_fails_too_often_is_given_up_on_and_can_be_sent_again() {
    let peer = Peer::with(|before, _| Say::Status(if before < 2 { 400 } else { 200 })).await;
    let desk = Desk::open(WebhookSettings { attempts: 2, ..to(&peer.url()) }).await;
    desk.happens("", 7, ["hi"]).await;
    desk.is_tried(1).await;
    desk.clock.advance(Duration::from_secs(1));
    let dead = desk.come_to(EventState::Dead, 1).await.remove(0);
    assert_eq!((dead.attempts, dead.result.as_deref()), (2, Some("HTTP 400")));
    assert_eq!(desk.metric(r#"roomgate_webhook_dead_total{env="default"}"#), 1.0);
    assert_eq!(desk.metric(r#"roomgate_webhook_pending{env="default"}"#), 0.0);
    desk.webhook.send_again(&dead.event_id).await.unwrap();
    let delivered = desk.come_to(EventState::Delivered, 1).await.remove(0);
    assert_eq!((delivered.event_id.as_str(), delivered.attempts), (dead.event_id.as_str(), 1));
    desk.webhook.send_again(&dead.event_id).await.unwrap();
    let heard = peer.hears(4).await;
    assert!(heard.iter().all(|again| again.body == heard[0].body));
    desk.come_to(EventState::Delivered, 1).await;
    assert_eq!(desk.metric(r#"roomgate_webhook_pending{env="default"}"#), 0.0);
    assert!(matches!(desk.webhook.send_again("x-1").await, Err(Trouble::UnknownEvent(_))));
}

#[tokio::test]
async fn all_the_dead_come_back_at_once_or_those_of_one_address() {
    let bad = Peer::with(|before, _| Say::Status(if before < 2 { 400 } else { 200 })).await;
    let other = Peer::with(|before, _| Say::Status(if before < 1 { 400 } else { 200 })).await;
    let settings = and_env(to(&bad.url()), "other", &other.url());
    let desk = Desk::open(WebhookSettings { attempts: 1, ..settings }).await;
    desk.happens("other", 1, ["x"]).await;
    desk.happens("", 1, ["y"]).await;
    desk.happens("", 2, ["z"]).await;
    desk.come_to(EventState::Dead, 3).await;
    assert_eq!(desk.webhook.send_dead_again(Some("other".into())).await, Ok(1));
    desk.come_to(EventState::Delivered, 1).await;
    assert_eq!(desk.webhook.send_dead_again(None).await, Ok(2));
    desk.come_to(EventState::Delivered, 3).await;
    assert_eq!(desk.webhook.send_dead_again(None).await, Ok(0));
}

#[tokio::test]
async fn what_was_pending_at_the_end_is_sent_after_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let open = |metrics: &Arc<Metrics>| Arc::new(Store::open(folder.path(), 1 << 30, metrics.clone()).unwrap());
    let nobody = Peer::nobody();
    let settings = and_env(to(&format!("http://{nobody}/")), "gone", &format!("http://{nobody}/"));
    let metrics = Arc::new(Metrics::new());
    let desk = Desk::over(open(&metrics), metrics, settings).await;
    desk.happens("", 7, ["one"]).await;
    desk.happens("gone", 7, ["two"]).await;
    let before = desk.come_to(EventState::Pending, 2).await;
    desk.webhook.end(SOON).await;
    let Desk { store, webhook, .. } = desk;
    drop(webhook);
    Arc::into_inner(store).expect("nobody holds the store").close();

    let peer = Peer::good().await;
    let metrics = Arc::new(Metrics::new());
    let store = open(&metrics);
    let desk = Desk::over(store, metrics, to(&peer.url())).await;
    // What failed is due a second later.
    desk.clock.advance(Duration::from_secs(2));
    let mut heard = texts(&peer.hears(2).await);
    heard.sort();
    assert_eq!(heard, ["one", "two"]);
    let after = desk.come_to(EventState::Delivered, 2).await;
    assert_eq!(
        after.iter().map(|event| &event.event_id).collect::<Vec<_>>(),
        before.iter().map(|event| &event.event_id).collect::<Vec<_>>()
    );
    assert!(after.iter().all(|event| event.env == "default"));
    for env in ["default", "gone"] {
        assert_eq!(desk.metric(&format!(r#"roomgate_webhook_pending{{env="{env}"}}"#)), 0.0, "{env}");
    }
}

#[tokio::test]
async fn what_has_no_room_is_counted_and_missing_in_the_sequence() {
    let gate = Gate::closed();
    let slow = gate.clone();
    let peer = Peer::with(move |_, _| Say::When(slow.clone(), 200)).await;
    let desk = Desk::open(WebhookSettings { disk_bytes: 300, ..to(&peer.url()) }).await;
    desk.happens("", 7, ["kept", "dropped", "dropped"]).await;
    assert_eq!(desk.metric(r#"roomgate_webhook_dropped_total{env="default"}"#), 2.0);
    gate.let_through(2);
    desk.come_to(EventState::Delivered, 1).await;
    desk.happens("", 7, ["kept again"]).await;
    let sequences: Vec<_> = peer.hears(2).await.iter().map(|heard| heard.json()["sequence"].clone()).collect();
    assert_eq!(sequences, ["1", "4"]);
}

#[tokio::test]
async fn what_was_given_up_on_takes_its_room_until_it_is_forgotten() {
    let peer = Peer::with(|before, _| Say::Status(if before < 1 { 400 } else { 200 })).await;
    let desk = Desk::open(WebhookSettings { disk_bytes: 300, attempts: 1, ..to(&peer.url()) }).await;
    desk.happens("", 7, ["dies"]).await;
    let dead = desk.come_to(EventState::Dead, 1).await.remove(0);
    assert_eq!(desk.metric(r#"roomgate_webhook_dead_kept{env="default"}"#), 1.0);
    desk.happens("", 7, ["dropped"]).await;
    assert_eq!(desk.metric(r#"roomgate_webhook_dropped_total{env="default"}"#), 1.0);
    desk.webhook.forget(&dead.event_id).await.unwrap();
    assert_eq!(desk.metric(r#"roomgate_webhook_dead_kept{env="default"}"#), 0.0);
    assert!(matches!(desk.webhook.forget(&dead.event_id).await, Err(Trouble::UnknownEvent(_))));
    desk.happens("", 7, ["kept"]).await;
    assert_eq!(texts(&peer.hears(2).await), ["dies", "kept"]);
}

#[tokio::test]
async fn the_dead_of_one_address_are_forgotten_and_what_waits_is_not() {
    let bad = Peer::with(|_, _| Say::Status(400)).await;
    let settings = and_env(to(&bad.url()), "other", &bad.url());
    let desk = Desk::open(WebhookSettings { attempts: 1, ..settings }).await;
    desk.happens("other", 1, ["x", "y"]).await;
    desk.happens("", 1, ["z"]).await;
    let dead = desk.come_to(EventState::Dead, 3).await;
    assert_eq!(desk.webhook.forget_dead(Some("other".into())).await, Ok(2));
    assert_eq!(desk.are(EventState::Dead).await, dead[..1]);
    assert_eq!(desk.webhook.forget_dead(None).await, Ok(1));
    desk.webhook.end(SOON).await;
    desk.happens("", 1, ["waits"]).await;
    let id = desk.are(EventState::Pending).await.remove(0).event_id;
    assert_eq!(desk.webhook.forget(&id).await, Err(Trouble::Waits(id)));
}

#[tokio::test]
async fn the_dead_count_after_the_next_start_too() {
    let folder = tempfile::tempdir().unwrap();
    let open = |metrics: &Arc<Metrics>| Arc::new(Store::open(folder.path(), 300, metrics.clone()).unwrap());
    let peer = Peer::with(|_, _| Say::Status(400)).await;
    let settings = WebhookSettings { attempts: 1, ..to(&peer.url()) };
    let metrics = Arc::new(Metrics::new());
    let desk = Desk::over(open(&metrics), metrics, settings.clone()).await;
    desk.happens("", 7, ["dies"]).await;
    desk.come_to(EventState::Dead, 1).await;
    desk.webhook.end(SOON).await;
    let Desk { store, webhook, .. } = desk;
    drop(webhook);
    Arc::into_inner(store).expect("nobody holds the store").close();
    let metrics = Arc::new(Metrics::new());
    let desk = Desk::over(open(&metrics), metrics, settings).await;
    desk.happens("", 7, ["dropped"]).await;
    for (metric, count) in [("dead_kept", 1.0), ("dropped_total", 1.0), ("pending", 0.0)] {
        assert_eq!(desk.metric(&format!(r#"roomgate_webhook_{metric}{{env="default"}}"#)), count, "{metric}");
    }
}

#[tokio::test]
async fn a_receiver_that_is_busy_is_left_alone_with_all_events() {
    let peer = Peer::with(fails_once(Say::Header(429, "Retry-After", "60".into()))).await;
    let desk = Desk::open(WebhookSettings { concurrency: 1, ..to(&peer.url()) }).await;
    desk.happens("", 1, ["a"]).await;
    desk.is_tried(1).await;
    desk.happens("", 2, ["b"]).await;
    desk.clock.advance(Duration::from_secs(59));
    desk.come_to(EventState::Pending, 2).await;
    assert_eq!(peer.heard().len(), 1);
    desk.clock.advance(Duration::from_secs(1));
    peer.hears(3).await;
}

#[tokio::test]
async fn what_waits_for_nobody_is_not_sent_without_being_asked_for() {
    let peer = Peer::good().await;
    let settings = WebhookSettings { url: None, ..and_env(to(&peer.url()), "new", &peer.url()) };
    let desk = Desk::open(settings).await;
    desk.happens("old", 7, ["hi"]).await;
    let id = desk.come_to(EventState::Pending, 1).await.remove(0).event_id;
    assert!(matches!(desk.webhook.send_again(&id).await, Err(Trouble::UnknownAddress(..))));
    assert_eq!(desk.webhook.find_target("old").await, Ok("old".to_owned()));
    assert!(matches!(desk.webhook.find_target("typo").await, Err(Trouble::UnknownAddress(..))));
    desk.webhook.forget(&id).await.unwrap();
    assert_eq!(desk.metric(r#"roomgate_webhook_pending{env="old"}"#), 0.0);
    for id in [id.replace('-', "-+"), id.replace('-', "-00")] {
        assert!(matches!(desk.webhook.forget(&id).await, Err(Trouble::UnknownEvent(_))), "{id}");
    }
}

#[tokio::test]
async fn a_dead_receiver_holds_up_no_other_and_is_asked_ever_less() {
    let dead = Peer::with(|_, _| Say::Status(503)).await;
    let alive = Peer::good().await;
    let desk = Desk::open(and_env(to(&dead.url()), "alive", &alive.url())).await;
    for room in 1..=100 {
        desk.happens("", room, ["lost"]).await;
        desk.happens("alive", room, ["heard"]).await;
    }
    alive.hears(100).await;
    desk.come_to(EventState::Delivered, 100).await;
    // Those that were on their way together, and no more until time passes.
    let asked = dead.heard().len();
    assert!(asked <= desk.settings.concurrency + 3, "{asked}");
    desk.clock.advance(Duration::from_secs(5));
    dead.hears(asked + 1).await;
}

#[tokio::test]
async fn a_receiver_that_is_back_gets_all_of_it() {
    let place = Peer::nobody();
    // So long that passing time ends no attempt.
    let timeout = Duration::from_secs(1_000_000_000);
    let desk = Desk::open(WebhookSettings { timeout, ..to(&format!("http://{place}/hook")) }).await;
    for room in 1..=50 {
        desk.happens("", room, ["hi"]).await;
    }
    let peer = Peer::at(place, |_, _| Say::Status(200)).await;
    desk.as_time_passes(desk.come_to(EventState::Delivered, 50)).await;
    let mut rooms = texts(&peer.heard());
    rooms.sort();
    assert_eq!(rooms, vec!["hi"; 50]);
}

#[tokio::test]
async fn only_the_newest_delivered_are_kept() {
    let peer = Peer::good().await;
    let desk = Desk::open(WebhookSettings { keep_delivered: 3, ..to(&peer.url()) }).await;
    desk.happens("", 7, 0..10).await;
    peer.hears(10).await;
    desk.come_to(EventState::Pending, 0).await;
    let kept = desk.as_time_passes(desk.come_to(EventState::Delivered, 3)).await;
    assert_eq!(kept.iter().map(|event| event.sequence).collect::<Vec<_>>(), [10, 9, 8]);
}

#[tokio::test]
async fn how_long_the_oldest_waits_is_measured() {
    let nobody = Peer::nobody();
    let desk = Desk::open(to(&format!("http://{nobody}/"))).await;
    let fields = Fields::default().with("attach", "hi");
    let made = desk.clock.wall() - 60_000;
    let event = Event { kind: EventType::Message, room: None, target: String::new(), made, fields };
    desk.store.note_event(event).await.unwrap().await;
    let measured = async {
        let deadline = tokio::time::Instant::now() + SOON;
        while desk.metric(r#"roomgate_webhook_oldest_pending_seconds{env="default"}"#) < 60.0 {
            assert!(tokio::time::Instant::now() < deadline, "{}", desk.metrics.render());
            tokio::task::yield_now().await;
        }
    };
    desk.as_time_passes(measured).await;
}

#[tokio::test]
async fn attempts_on_their_way_arrive_before_the_end_and_nothing_new_goes_out() {
    let gate = Gate::closed();
    let slow = gate.clone();
    let peer = Peer::with(move |_, _| Say::When(slow.clone(), 200)).await;
    let desk = Desk::open(to(&peer.url())).await;
    desk.happens("", 7, ["on its way", "not yet"]).await;
    peer.hears(1).await;
    desk.webhook.halt();
    gate.let_through(5);
    desk.webhook.end(SOON).await;
    assert_eq!(texts(&peer.heard()), ["on its way"]);
    assert_eq!(desk.are(EventState::Delivered).await.len(), 1);
    assert_eq!(desk.are(EventState::Pending).await.len(), 1);
}

/// `cargo test --release --lib webhook -- --ignored --nocapture`
#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures"]
async fn how_long_a_hundred_thousand_take() {
    const COUNT: usize = 100_000;
    let folder = tempfile::tempdir().unwrap();
    let metrics = Arc::new(Metrics::new());
    let store = Arc::new(Store::open(folder.path(), 1 << 30, metrics.clone()).unwrap());
    for number in 0..COUNT {
        let room = i64::try_from(number % 100 + 1).unwrap();
        let fields = Fields::default().with("attach", "x".repeat(300));
        let room = Some(RoomId::from_row(room));
        let event = Event { kind: EventType::Message, room, target: String::new(), made: 7, fields };
        drop(store.note_event(event).await.unwrap());
    }
    store.ping().await.unwrap();
    let peer = Peer::good().await;
    let begun = std::time::Instant::now();
    let desk = Desk::over(store, metrics, to(&peer.url())).await;
    while desk.metric(r#"roomgate_webhook_pending{env="default"}"#) > 0.0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let heard = peer.heard();
    println!("{} requests for {COUNT} events in {:?}", heard.len(), begun.elapsed());
}
