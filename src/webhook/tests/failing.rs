//! Attempts that fail, and what comes after them.

use super::*;

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
