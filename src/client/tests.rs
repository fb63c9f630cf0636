//! Both clients against a whole gateway.

use std::time::Duration;

use serde_json::{Value, json};

use crate::base::RoomId;
use crate::{Gateway, Running};

use super::{Api, ApiError, Client, ClientError, Event, Outgoing};

const SOON: Duration = Duration::from_secs(5);

struct World {
    gateway: Running,
    api: Api,
    room: RoomId,
}

impl World {
    async fn new() -> World {
        let gateway = Gateway::builder().for_tests().start().await.unwrap();
        let api = Api::new(&format!("http://{}/nimserver", gateway.addr()), gateway.app().clone()).unwrap();
        api.create_user("host", "The host").await.unwrap();
        let room = api.create_room("host", "lobby").await.unwrap();
        World { gateway, api, room }
    }

    /// A member in the room that has seen its own entering.
    async fn member(&self, accid: &str) -> Client {
        let token = self.api.create_user(accid, accid).await.unwrap();
        let mut client = Client::connect(self.gateway.addr()).await.unwrap();
        client.login(self.gateway.app().key(), accid, &token).await.unwrap();
        client.join(self.room).await.unwrap();
        client
    }
}

/// Waits for the next message that is no notification.
async fn said(client: &mut Client) -> String {
    loop {
        match client.next_within(SOON).await.expect("a message") {
            Event::Message(message) if message.is_notice() => {}
            Event::Message(message) => return message.attach().to_owned(),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_arrives_before_an_answer_is_handed_out_after_it() {
    let world = World::new().await;
    let mut ann = world.member("ann").await;
    for text in ["one", "two", "three"] {
        world.api.send(world.room, "host", Outgoing::text(text)).await.unwrap();
    }
    assert!(ann.ping().await.unwrap() > 0);
    for text in ["one", "two", "three"] {
        assert_eq!(said(&mut ann).await, text);
    }
    assert_eq!(ann.try_next(), None);
    assert_eq!(ann.next_within(Duration::from_millis(1)).await, None);
}

#[tokio::test]
async fn a_directed_message_is_the_same_for_sender_and_receiver() {
    let world = World::new().await;
    let mut ann = world.member("ann").await;
    let mut bob = world.member("bob").await;
    let message = Outgoing::text("psst").to(["bob", "zed"]).high().id("m1").kind(100).ext("{}").outcomes();
    let sent = ann.send(world.room, message).await.unwrap();
    let pair = |accid: &str, outcome: &str| (accid.to_owned(), outcome.to_owned());
    assert_eq!(sent.outcomes, [pair("bob", "queued"), pair("zed", "unknown")]);
    let received = loop {
        match bob.next_within(SOON).await.unwrap() {
            Event::Message(message) if message.is_notice() => {}
            Event::Message(message) => break message,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(received.raw(), sent.message.raw());
    assert_eq!((received.from(), received.msg_id(), received.kind(), received.ext()), ("ann", "m1", 100, "{}"));
    assert!(received.is_high() && received.is_directed());
}

#[tokio::test]
async fn refusals_have_their_code_on_both_doors() {
    let world = World::new().await;
    let nowhere = RoomId::parse("roomid", "999").unwrap();
    let error = world.api.send(nowhere, "host", Outgoing::text("x")).await.unwrap_err();
    assert_eq!((error.code(), error.to_string()), (Some(404), "404 room 999 does not exist".into()));
    let mut ann = world.member("ann").await;
    assert_eq!(ann.join(nowhere).await.unwrap_err().code(), Some(404));
    assert_eq!(ann.request("dance", Value::Null).await.unwrap_err().code(), Some(414));
    assert!(matches!(ann.request("ping", json!([])).await, Err(ClientError::Params { .. })));
}

#[tokio::test]
async fn an_answer_nobody_waits_for_is_handed_on() {
    let world = World::new().await;
    let mut client = Client::connect(format!("ws://{}/ws", world.gateway.addr())).await.unwrap();
    client.send_raw("nonsense").await.unwrap();
    let Some(Event::Other(reply)) = client.next_within(SOON).await else { panic!("no reply") };
    assert!(reply.contains("414"), "{reply}");
}

#[tokio::test]
async fn the_end_is_told_once_with_its_code() {
    let world = World::new().await;
    let mut client = Client::connect(world.gateway.addr()).await.unwrap();
    let refused = client.login(world.gateway.app().key(), "nobody", "x").await;
    assert_eq!(refused.unwrap_err().code(), Some(302));
    assert!(matches!(client.next_within(SOON).await, Some(Event::Closed { code: Some(4001), .. })));
    assert_eq!(client.next().await, None);
    assert!(matches!(client.ping().await, Err(ClientError::Closed { code: Some(4001), .. })));
}

#[tokio::test]
async fn a_handshake_that_is_refused_tells_its_status() {
    let world = World::new().await;
    let evil = Client::connect_with(world.gateway.addr(), &[("Origin", "http://evil.example")]).await;
    assert!(matches!(evil, Err(ClientError::Status(403))), "{evil:?}");
    let nowhere = Client::connect("127.0.0.1:1").await.unwrap_err().to_string();
    assert!(nowhere.starts_with("no connection to 127.0.0.1:1: "), "{nowhere}");
}

#[tokio::test]
async fn calls_at_once_do_not_wait_for_each_other() {
    let world = World::new().await;
    let call = |number: usize| {
        let api = world.api.clone();
        async move { api.create_user(&format!("user{number}"), "name").await }
    };
    for result in futures::future::join_all((0..50).map(call)).await {
        assert_eq!(result.unwrap().len(), 32);
    }
}

#[tokio::test]
async fn a_gateway_that_is_gone_is_a_transport_error() {
    let world = World::new().await;
    world.gateway.stop(SOON).await;
    let error = world.api.call("user/create", &[("accid", "x")]).await.unwrap_err();
    assert!(matches!(error, ApiError::Transport { .. }), "{error}");
}
