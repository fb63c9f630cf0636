//! Everybody hears of a queue's changes in the order in which they were made: whoever listens knows the queue.

use roomgate::base::RoomId;
use roomgate::client::Event;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::support::queue::QueueView;
use crate::support::{House, Member, eventually};

const LISTENERS: usize = 3;
const ACTORS: usize = 4;
const VISITORS: usize = 4;
const STEPS: u64 = 60;

/// Numbers that look like chance, and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_queue_rebuilt_from_notices_is_the_queue() {
    let house = House::without_resume().await;
    let room = house.room().await;
    let (over, is_over) = watch::channel(false);
    let mut listening = Vec::new();
    for number in 0..LISTENERS {
        let listener = house.member_in(room, &format!("listener{number}")).await;
        listening.push(tokio::spawn(listen(listener, is_over.clone())));
    }
    let mut acting: Vec<JoinHandle<()>> = Vec::new();
    for number in 0..ACTORS {
        let actor = house.member_in(room, &format!("actor{number}")).await;
        acting.push(tokio::spawn(act(actor, room, Chance(number as u64))));
    }
    for number in 0..VISITORS {
        let visitor = house.member(&format!("visitor{number}")).await;
        acting.push(tokio::spawn(visit(visitor, room, Chance(number as u64))));
    }
    for one in acting {
        one.await.unwrap();
    }
    eventually("only listeners are left", || house.metric("roomgate_sessions") == LISTENERS as f64).await;
    over.send(true).unwrap();
    let list = house.queue(room).list().await;
    assert!(!list.is_empty(), "what the last actor offered last is there");
    for one in listening {
        assert_eq!(one.await.unwrap().list(), list);
    }
}

async fn listen(mut member: Member, mut is_over: watch::Receiver<bool>) -> QueueView {
    let mut view = QueueView::default();
    loop {
        tokio::select! {
            event = member.client.next() => take_in(&mut view, event),
            _ = is_over.changed() => break,
        }
    }
    // Whatever was told before now comes before the answer to this.
    member.client.ping().await.unwrap();
    while let Some(event) = member.client.try_next() {
        take_in(&mut view, Some(event));
    }
    view
}

fn take_in(view: &mut QueueView, event: Option<Event>) {
    match event {
        Some(Event::Message(message)) => view.take_in(&message),
        other => panic!("a listener heard {other:?}"),
    }
}

/// Somebody who stays, and changes the queue with everybody else.
async fn act(mut member: Member, room: RoomId, mut chance: Chance) {
    for step in 0..STEPS {
        let (key, value) = (chance.below(12).to_string(), format!("{} {step}", member.accid));
        let (action, params) = match chance.below(8) {
            0..4 => ("queueOffer", json!({"key": key, "value": value})),
            4 => {
                let other = chance.below(12).to_string();
                let elements = json!([{"key": key, "value": value}, {"key": other, "value": value}]);
                ("queueBatchOffer", json!({ "elements": elements }))
            }
            5 => ("queuePoll", json!({"key": key})),
            6 => ("queuePoll", json!({})),
            _ => ("queueOffer", json!({"key": key, "value": value, "transient": true})),
        };
        let params = params_of(room, params);
        if let Err(error) = member.client.request(action, params).await {
            assert_eq!(error.code(), Some(404), "{error}");
        }
        // What it hears is not looked at, but it must not become slow.
        while member.client.try_next().is_some() {}
    }
    let lasting = json!({"key": member.accid, "value": "there"});
    member.client.request("queueOffer", params_of(room, lasting)).await.unwrap();
}

/// Somebody who comes and goes, and leaves nothing behind but what others took over.
async fn visit(mut member: Member, room: RoomId, mut chance: Chance) {
    for step in 0..STEPS / 2 {
        member.client.join(room).await.unwrap();
        for _ in 0..=chance.below(2) {
            let element = json!({"key": chance.below(12).to_string(), "value": format!("{} {step}", member.accid), "transient": true});
            member.client.request("queueOffer", params_of(room, element)).await.unwrap();
        }
        if step + 1 < STEPS / 2 {
            member.client.leave(room).await.unwrap();
        }
        while member.client.try_next().is_some() {}
    }
    // The last time it just goes away.
}

fn params_of(room: RoomId, mut params: serde_json::Value) -> serde_json::Value {
    params["roomid"] = room.to_string().into();
    params
}
