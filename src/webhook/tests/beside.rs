//! Nobody holds up others: no room, and no address.

use super::*;

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
