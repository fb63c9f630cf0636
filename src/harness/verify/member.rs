//! One account that takes part: connects, logs in, enters rooms, speaks, breaks off and comes back.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::history::{Answer, Ending, Fault, Lane, Pace, Request, Room, Send, Text, What};
use super::link::Link;
use super::plan;
use super::proxy::Proxy;
use super::seat::{Asked, Seat, Waiting};
use super::world::World;

/// How long an answer on a socket may take before nobody waits for it any more. A machine may be very busy.
pub(super) const ANSWER_TIME: Duration = Duration::from_secs(20);
/// Messages of one flood that wait for their answers at the same time.
const WINDOW: usize = 32;
/// What a narrow connection asks its kernel for, which counts it double.
const NARROW_BYTES: u32 = 16 * 1024;

/// A member.
#[derive(Debug)]
pub(super) struct Member {
    accid: Text,
    token: String,
    world: Arc<World>,
    seat: Arc<Seat>,
    link: Option<Link>,
    /// What its connection leads through, and what older ones led through that have gone silent.
    proxies: Vec<Proxy>,
    /// The rooms where it wants to be.
    homes: BTreeSet<Room>,
}

impl Member {
    /// A member that is not there yet, but has rooms to enter.
    pub(super) fn new(accid: Text, token: String, homes: BTreeSet<Room>, world: Arc<World>) -> Member {
        Member { accid, token, world, seat: Arc::default(), link: None, proxies: Vec::new(), homes }
    }

    /// Whether it has a connection that works, as far as it knows.
    pub(super) fn is_there(&self) -> bool {
        self.link.as_ref().is_some_and(|link| !link.is_over())
    }

    /// Connects, unless it is connected: goes on with its session, or begins a new one and enters its rooms.
    pub(super) async fn come_back(&mut self, way: plan::Way) {
        if self.is_there() {
            return;
        }
        if let Some(link) = self.link.take() {
            link.abandon().await;
        }
        if !self.connect(way).await {
            return;
        }
        let before = self.seat.left().map(|(left, _)| left.session);
        if !self.log_in().await {
            return;
        }
        // What was silent may go now.
        let keep = usize::from(matches!(way, plan::Way::Proxy | plan::Way::Split));
        self.proxies.drain(..self.proxies.len().saturating_sub(keep));
        let resumed = before.is_some() && before == self.seat.left().map(|(left, _)| left.session);
        if resumed {
            // Behind its answer comes nothing that was answered before.
            self.ping().await;
            self.seat.give_up(&self.world.recorder);
            return;
        }
        for room in self.homes.clone() {
            self.join(room).await;
        }
    }

    async fn connect(&mut self, way: plan::Way) -> bool {
        let mut to = self.world.way();
        match way {
            plan::Way::Straight => {}
            plan::Way::Narrow => to.receive_buffer = Some(NARROW_BYTES),
            plan::Way::Proxy | plan::Way::Split => {
                let seed = (way == plan::Way::Split).then(|| self.accid.len() as u64);
                let Ok(proxy) = Proxy::open(to.to, seed).await else { return false };
                to.to = proxy.address();
                self.proxies.push(proxy);
            }
        }
        let opened = Link::open(&to, &self.accid, self.seat.clone(), self.world.recorder.clone()).await;
        self.link = opened.ok();
        if let (Some(link), plan::Way::Split) = (&self.link, way) {
            self.world.recorder.note(What::Nemesis { fault: Fault::Split { connection: link.number() } });
        }
        self.link.is_some()
    }

    async fn log_in(&mut self) -> bool {
        let Some(link) = &self.link else { return false };
        let left = self.seat.left();
        let call = self.world.recorder.call();
        let mut login = json!({"op": "login", "id": call, "appKey": self.world.app.key(), "accid": &*self.accid,
            "token": self.token});
        if let Some((left, name)) = &left {
            login["resume"] = json!({"session": name, "received": left.received});
        }
        let resume = left.map(|(left, _)| left);
        let what = What::LoggingIn { connection: link.number(), token_is_right: true, resume };
        let (done, answered) = oneshot::channel();
        self.seat.expect(call, Waiting { asked: Asked::Login, done: Some(done), permit: None });
        if link.say(what, &login.to_string()).await && self.answer(answered).await == Answer::Done {
            return true;
        }
        self.seat.cancel(call);
        if let Some(link) = self.link.take() {
            link.abandon().await;
        }
        false
    }

    /// Enters a room, and wants to be there.
    pub(super) async fn join(&mut self, room: Room) {
        self.homes.insert(room);
        self.ask("join", Request::Join { room }, json!({"roomid": room.to_string()})).await;
    }

    /// Leaves a room.
    pub(super) async fn leave(&mut self, room: Room) {
        self.homes.remove(&room);
        self.ask("leave", Request::Leave { room }, json!({"roomid": room.to_string()})).await;
    }

    /// Waits until everything is here that was queued before.
    pub(super) async fn ping(&self) {
        self.ask("ping", Request::Ping, json!({})).await;
    }

    /// Sends what must be refused.
    pub(super) async fn bad(&self, frame: &str) {
        self.ask(frame, Request::Bad { kind: frame.into() }, json!({})).await;
    }

    /// Sends a message and does not wait for the answer.
    pub(super) async fn send(&self, send: Send) {
        self.send_in(send, None).await;
    }

    async fn send_in(&self, send: Send, permit: Option<OwnedSemaphorePermit>) -> bool {
        let params = params(&send);
        let waiting = Waiting { asked: Asked::Send, done: None, permit };
        self.say("send", Request::Send(send), params, waiting).await
    }

    /// Sends messages, some at a time.
    pub(super) async fn flood(&self, sends: impl Iterator<Item = Send>) {
        let window = Arc::new(Semaphore::new(WINDOW));
        for send in sends {
            let Some(link) = &self.link else { return };
            let permit = tokio::select! {
                permit = window.clone().acquire_owned() => permit.ok(),
                () = link.over() => None,
                () = tokio::time::sleep(ANSWER_TIME) => None,
            };
            if permit.is_none() || !self.send_in(send, permit).await {
                return;
            }
        }
    }

    /// Waits for what was sent to be answered, and for all that came before; then for nothing more.
    pub(super) async fn settle(&self) {
        if let Some(link) = &self.link
            && !link.is_over()
        {
            link.read(Pace::Free);
            self.ping().await;
            self.seat.give_up(&self.world.recorder);
        }
    }

    /// Reads so from now on.
    pub(super) fn read(&self, pace: Pace) {
        if let Some(link) = &self.link {
            link.read(pace);
        }
    }

    /// Says goodbye, for good or for a while.
    pub(super) async fn close(&mut self, how: Ending) {
        let Some(link) = self.link.take() else { return };
        link.close(how).await;
        if how == Ending::Goodbye {
            self.seat.forget(&self.world.recorder);
        }
    }

    /// Breaks its connection off.
    pub(super) async fn cut(&mut self) {
        if let Some(link) = self.link.take() {
            link.cut().await;
        }
    }

    /// Its network goes silent. Without a proxy nothing happens.
    pub(super) async fn go_half_open(&mut self) {
        let Some(proxy) = self.proxies.last() else { return };
        let Some(link) = self.link.take() else { return };
        let how = Ending::HalfOpen;
        self.world.recorder.note(What::Ending { connection: link.number(), how });
        proxy.fall_silent();
        link.abandon().await;
    }

    async fn ask(&self, op: &str, request: Request, params: Value) {
        let (done, answered) = oneshot::channel();
        if self.say(op, request, params, Waiting { asked: Asked::Other, done: Some(done), permit: None }).await {
            self.answer(answered).await;
        }
    }

    /// Sends a request. False where that can't be.
    async fn say(&self, op: &str, request: Request, mut params: Value, waiting: Waiting) -> bool {
        let Some(link) = &self.link else { return false };
        let call = self.world.recorder.call();
        params["op"] = op.into();
        params["id"] = call.into();
        self.seat.expect(call, waiting);
        let what = What::Invoked { call, by: self.accid.clone(), connection: Some(link.number()), request };
        let said = link.say(what, &params.to_string()).await;
        if !said {
            self.seat.cancel(call);
        }
        said
    }

    /// An answer, as long as one may come on this connection.
    async fn answer(&self, answered: oneshot::Receiver<Answer>) -> Answer {
        let unknown = || Answer::Unknown { why: self.world.recorder.text("no answer came in time") };
        let Some(link) = &self.link else { return unknown() };
        tokio::select! {
            biased;
            answer = answered => answer.unwrap_or_else(|_| unknown()),
            () = link.over() => unknown(),
            () = tokio::time::sleep(ANSWER_TIME) => unknown(),
        }
    }
}

/// The members of a `send` frame.
fn params(send: &Send) -> Value {
    let mut params = json!({"roomid": send.room.to_string(), "msgId": &*send.msg_id, "msgType": send.kind,
        "attach": &*send.content});
    let to: Vec<&str> = send.to.iter().map(|to| &**to).collect();
    let more = [
        ("ext", (!send.ext.is_empty()).then(|| (*send.ext).into())),
        ("toAccids", (!to.is_empty()).then(|| to.into())),
        ("highPriority", (send.lane == Lane::High).then(|| true.into())),
        ("resendFlag", send.resend.then(|| 1.into())),
        ("outcomes", send.outcomes.then(|| true.into())),
    ];
    for (name, value) in more.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        params[name] = value;
    }
    params
}
