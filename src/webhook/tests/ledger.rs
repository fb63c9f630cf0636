//! What waits, what was given up on, and what operators do with it.

use super::*;

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
