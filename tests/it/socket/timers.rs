//! What happens when nothing happens. The clock stands still until a test turns it.

use std::time::Duration;

use roomgate::client::Event;

use crate::support::House;
use crate::support::raw::{PING, PONG, Raw, TEXT};

/// A house where nobody has to log in soon.
async fn patient_house() -> House {
    House::with_still_clock(|settings| settings.socket.login_timeout = Duration::from_secs(3600)).await
}

/// A connection whose session is there and has set its timers: it answers.
async fn connection(house: &House) -> Raw {
    let mut raw = Raw::connect(house.gateway.addr(), "/ws").await;
    is_alive(&mut raw).await;
    raw
}

async fn is_alive(raw: &mut Raw) {
    raw.sends(PING, b"alive").await;
    assert_eq!(raw.hears().await, (PONG, b"alive".to_vec()));
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

#[tokio::test]
async fn who_does_not_log_in_is_closed_after_five_seconds() {
    let house = House::with_still_clock(|_| ()).await;
    let mut visitor = house.visitor().await;
    assert!(visitor.ping().await.is_err(), "refused, but answered");
    house.clock.advance(seconds(4.9));
    assert!(visitor.ping().await.is_err(), "refused, but answered");
    house.clock.advance(seconds(0.1));
    let closed = visitor.next().await;
    assert!(matches!(closed, Some(Event::Closed { code: Some(4103), .. })), "{closed:?}");
}

#[tokio::test]
async fn a_silent_connection_is_pinged_and_then_closed() {
    let house = patient_house().await;
    let mut raw = connection(&house).await;
    house.clock.advance(seconds(24.9));
    is_alive(&mut raw).await;
    house.clock.advance(seconds(0.1));
    assert_eq!(raw.hears().await, (PING, vec![]));
    house.clock.advance(seconds(10.0));
    raw.is_closed_with(4102).await;
}

#[tokio::test]
async fn whoever_answers_pings_stays() {
    let house = patient_house().await;
    let mut raw = connection(&house).await;
    for _ in 0..4 {
        house.clock.advance(seconds(25.0));
        assert_eq!(raw.hears().await, (PING, vec![]));
        raw.sends(PONG, b"").await;
        is_alive(&mut raw).await;
    }
    raw.sends(TEXT, b"{}").await;
    assert!(raw.hears_text().await.contains("op: expected a verb"));
}

#[tokio::test]
async fn half_a_message_is_waited_for_ten_seconds() {
    let house = patient_house().await;
    let mut half = connection(&house).await;
    let mut begun = connection(&house).await;
    half.sends(0x01, b"{").await;
    begun.bytes(&[TEXT, 0x85]).await;
    // A pong tells that the fragment before it has been read.
    is_alive(&mut half).await;
    house.clock.advance(seconds(9.9));
    is_alive(&mut half).await;
    house.clock.advance(seconds(0.1));
    half.is_closed_with(4101).await;
    // Nothing tells when the bare header was read; by now it was.
    house.clock.advance(seconds(10.0));
    begun.is_closed_with(4101).await;
}
