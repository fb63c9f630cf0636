//! Events reach their receiver.

use super::*;

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
async fn a_receiver_that_says_500_has_received_it_where_the_operator_says_so() {
    let peer = Peer::with(|_, _| Say::Status(500)).await;
    let desk = Desk::open(WebhookSettings { accept_500: true, ..to(&peer.url()) }).await;
    desk.happens("", 7, ["hi"]).await;
    assert_eq!(desk.come_to(EventState::Delivered, 1).await[0].result.as_deref(), Some("HTTP 500"));
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
        let name = format!(r#"roomgate_webhook_pending{{env="{env}"}}"#);
        // Counted a moment after the ledger knows.
        let counted = async {
            while desk.metric(&name) != 0.0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(SOON, counted).await.unwrap_or_else(|_| panic!("{env}: something is still pending"));
    }
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
#[ignore = "it measures how fast the ledger empties, which says something in a release build only"]
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
    let _desk = Desk::over(store, metrics, to(&peer.url())).await;
    let heard = peer.hears(COUNT).await;
    println!("{} requests for {COUNT} events in {:?}", heard.len(), begun.elapsed());
}
