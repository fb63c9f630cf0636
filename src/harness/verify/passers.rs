//! Those who are only passing: strangers that never log in, and very many that come and go.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use serde_json::json;
use tokio::sync::oneshot;

use super::history::{Ending, Moment, Request, Text, What};
use super::link::Link;
use super::member::ANSWER_TIME;
use super::parse;
use super::seat::{Asked, Seat, Waiting};
use super::world::World;

/// So many come and go at the same time.
const AT_ONCE: usize = 16;
/// After a round, so long for the gateway to put away what is left of it.
const PUT_AWAY: Duration = Duration::from_millis(150);

/// Connects and listens for a while; one of three asks for things before it has logged in, one logs in with a wrong token.
pub(super) async fn lurk(world: &World, number: usize, time: Duration) {
    let seat: Arc<Seat> = Arc::default();
    let accid = world.accid(number);
    let Ok(link) = Link::open(&world.way(), &accid, seat.clone(), world.recorder.clone()).await else { return };
    tokio::time::sleep(time / 2).await;
    match number % 3 {
        0 => {}
        1 => {
            let room = world.room(0).to_string();
            let frames = [
                ("join", json!({"op": "join", "roomid": room})),
                ("send", json!({"op": "send", "roomid": room, "msgId": "never", "msgType": 0, "attach": "never"})),
            ];
            for (kind, mut frame) in frames {
                let call = world.recorder.call();
                frame["id"] = call.into();
                seat.expect(call, Waiting { asked: Asked::Other, done: None, permit: None });
                let request = Request::Bad { kind: parse::text(format!("{kind} before login")) };
                let what = What::Invoked { call, by: accid.clone(), connection: Some(link.number()), request };
                link.say(what, &frame.to_string()).await;
            }
        }
        _ => log_in(world, &link, &seat, &accid, "a-wrong-token").await,
    }
    tokio::select! {
        () = tokio::time::sleep(time / 2) => {}
        () = link.over() => {}
    }
    link.close(Ending::Goodbye).await;
    seat.give_up(&world.recorder);
}

async fn log_in(world: &World, link: &Link, seat: &Seat, accid: &Text, token: &str) {
    let call = world.recorder.call();
    let login = json!({"op": "login", "id": call, "appKey": world.app.key(), "accid": &**accid, "token": token});
    let token_is_right = token != "a-wrong-token";
    let what = What::LoggingIn { connection: link.number(), token_is_right, resume: None };
    let (done, answered) = oneshot::channel();
    seat.expect(call, Waiting { asked: Asked::Login, done: Some(done), permit: None });
    if link.say(what, &login.to_string()).await {
        wait(link, answered).await;
    }
}

async fn wait<T>(link: &Link, answered: oneshot::Receiver<T>) {
    tokio::select! {
        _ = answered => {}
        () = link.over() => {}
        () = tokio::time::sleep(ANSWER_TIME) => {}
    }
}

/// One round of many that connect, log in, enter the lobby and go.
pub(super) async fn churn(world: &World, round: u32, connections: u32) {
    let all = futures::stream::iter(0..connections);
    all.for_each_concurrent(AT_ONCE, |number| pass(world, number as usize)).await;
    tokio::time::sleep(PUT_AWAY).await;
    world.weigh(Moment::Round { round, connections }).await;
}

async fn pass(world: &World, number: usize) {
    let Some((accid, token)) = world.passers.get(number % world.passers.len().max(1)) else { return };
    let seat: Arc<Seat> = Arc::default();
    let Ok(link) = Link::open(&world.way(), accid, seat.clone(), world.recorder.clone()).await else { return };
    log_in(world, &link, &seat, accid, token).await;
    let call = world.recorder.call();
    let room = world.lobby;
    let (done, answered) = oneshot::channel();
    seat.expect(call, Waiting { asked: Asked::Other, done: Some(done), permit: None });
    let join = json!({"op": "join", "id": call, "roomid": room.to_string()});
    let request = Request::Join { room };
    let what = What::Invoked { call, by: accid.clone(), connection: Some(link.number()), request };
    if link.say(what, &join.to_string()).await {
        wait(&link, answered).await;
    }
    link.close(Ending::Goodbye).await;
    seat.forget(&world.recorder);
}
