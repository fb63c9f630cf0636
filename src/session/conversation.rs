//! One member's connection from login to goodbye: hears a frame, has it done, answers. One request at a time, so what a client sends is
//! done in its order.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use futures::FutureExt;

use crate::base::RoomId;
#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::delivery::Cleared;
use crate::metrics::CloseLabels;
use crate::model::Refusal;
use crate::presence::{Away, Ending, Frame};
use crate::service::{LogOut, Services};
use crate::wire::server::KickReason;
use crate::wire::{ClientFrame, CloseCode, Op, Text, server};

use super::absences::Absences;
use super::answers::Answers;
use super::clearing::{Asked, Clearing};
use super::live::Live;
use super::login::{Resume, Visa, Welcome};
use super::machine::{Machine, Step, refuse};
use super::transport::{End, Heard, Transport};

pub(super) struct Conversation {
    services: Arc<Services>,
    absences: Arc<Absences>,
    transport: Box<Transport>,
    machine: Machine,
    live: Option<Box<Live>>,
    /// Sends that others are asked about.
    clearing: Clearing,
    /// Answers that wait for the history.
    answers: Answers,
    login_due: Option<Instant>,
}

impl Conversation {
    pub(super) fn new(
        services: Arc<Services>,
        absences: Arc<Absences>,
        transport: Box<Transport>,
    ) -> Box<Conversation> {
        let login_due = Some(services.clock.now() + services.settings.socket.login_timeout);
        // Boxed, since a future holds a value once more for each function that takes it.
        Box::new(Conversation {
            services,
            absences,
            transport,
            machine: Machine::default(),
            live: None,
            clearing: Clearing::default(),
            answers: Answers::default(),
            login_due,
        })
    }

    pub(super) async fn run(mut self: Box<Self>) {
        #[cfg(feature = "wrong-gateways")]
        if Wrong::SpeaksBeforeLogin.once_in(5) {
            self.speak_too_early().await;
        }
        let end = self.talk().await;
        // Boxed like a request: only the last moments of a connection need this much room.
        Box::pin(self.say_goodbye(end)).await;
    }

    async fn say_goodbye(&mut self, end: End) {
        self.services.metrics.closes.get_or_create(&labels(end)).inc();
        self.finish_sends().await;
        #[cfg(feature = "wrong-gateways")]
        if Wrong::LeaksPerDisconnect.is() {
            std::hint::black_box(vec![1_u8; 8 * 1024].leak());
        }
        if let Some(last) = end.keeps()
            && let Some(away) = self.part(last).await
        {
            if let Some(live) = self.live.take() {
                self.absences.keep(&self.services, away, live);
            }
            if !matches!(end, End::Broken | End::Moved) {
                self.transport.linger().await;
            }
            return;
        }
        if let Some(live) = self.live.take() {
            tracing::debug!(accid = %live.user.accid, ?end, "{} disconnected: {end:?}", live.user.accid);
            let rooms: Vec<RoomId> = live.rooms().collect();
            live.leave_all(log_out(end)).await;
            // Out of the rooms first, or something could still follow.
            if end == End::Ours(CloseCode::Replaced) {
                self.tell_kicked(&rooms).await;
            }
        }
        self.transport.finish(end).await;
    }

    /// Lets the session be away, where it may be; `last` is told to the other side.
    async fn part(&mut self, last: Vec<u8>) -> Option<Arc<Away>> {
        let live = self.live.as_mut()?;
        if !self.absences.have_room(self.services.settings.limits.connections) {
            return None;
        }
        live.part(&self.services, last).await
    }

    /// What follows from something heard is boxed: a connection waits for most of its life, and should not hold room for the largest
    /// request.
    async fn talk(&mut self) -> End {
        loop {
            let progress = poll_fn(|cx| poll_progress(&mut self.clearing, &mut self.answers, cx));
            let text = match self.transport.next(self.login_due, progress).await {
                Heard::Ready(Progress::Answer(answer)) => {
                    Box::pin(self.transport.seat.deliver(answer)).await;
                    continue;
                }
                Heard::Ready(Progress::Cleared(asked)) => {
                    if let Some(end) = Box::pin(self.hand_over_safely(asked)).await {
                        return end;
                    }
                    continue;
                }
                Heard::Text(text) => text,
                Heard::Binary(_) => return End::Ours(CloseCode::Unsupported),
                Heard::Deadline => return End::Ours(CloseCode::LoginTimeout),
                Heard::End(end) => return end,
            };
            match self.machine.hear(&text) {
                // It waits for nothing, and nothing for it: there are many of these.
                Step::Act(frame) if frame.op == Op::Ack && frame.id.is_none() && self.acknowledge(&frame).is_ok() => {}
                Step::Act(frame) => {
                    if let Some(end) = Box::pin(self.act_safely(frame)).await {
                        return end;
                    }
                }
                Step::Refuse(answer) => Box::pin(self.say(answer)).await,
                Step::Close(answer, code) => {
                    Box::pin(self.say(answer)).await;
                    return End::Ours(code);
                }
            }
        }
    }

    /// A panic ends this connection alone.
    async fn act_safely(&mut self, frame: ClientFrame) -> Option<End> {
        let (id, op) = (frame.id, frame.op.name().to_owned());
        let acted = AssertUnwindSafe(self.act(frame)).catch_unwind().await;
        self.transport.resume_listening();
        match acted {
            Ok(end) => end,
            Err(_) => Some(self.end_after_panic(id, &op).await),
        }
    }

    async fn hand_over_safely(&mut self, asked: Asked) -> Option<End> {
        let id = asked.0;
        match AssertUnwindSafe(self.hand_over(asked)).catch_unwind().await {
            Ok(()) => None,
            Err(_) => Some(self.end_after_panic(id, "send").await),
        }
    }

    async fn end_after_panic(&mut self, id: Option<u64>, op: &str) -> End {
        tracing::error!(op, "{op} panicked; its connection is closed with 1011");
        self.transport.seat.deliver(Frame::reply(refuse(id, &Refusal::Internal))).await;
        End::Ours(CloseCode::Internal)
    }

    fn acknowledge(&self, frame: &ClientFrame) -> Result<(), Refusal> {
        self.live.as_ref().map_or(Ok(()), |live| live.acknowledge(&frame.params))
    }

    async fn act(&mut self, frame: ClientFrame) -> Option<End> {
        if frame.op == Op::Send && self.live.is_some() {
            self.send(frame).await;
            return None;
        }
        let id = frame.id;
        if frame.op == Op::Ack && self.live.is_some() {
            match self.acknowledge(&frame) {
                Err(refusal) => self.say(refuse(id, &refusal)).await,
                Ok(()) => self.say(done(id)).await,
            }
            return None;
        }
        self.finish_sends().await;
        let Some(live) = &mut self.live else { return self.log_in(frame).await };
        let services = &self.services;
        let answer = match frame.op {
            Op::Join => live.join(services, id, &frame.params).await,
            Op::Leave => live.leave(&frame.params).await.map(|()| Some(Frame::reply(done(id)))),
            Op::Ping => Ok(Some(Frame::reply(server::reply(id, &Pong { time: services.clock.wall() })))),
            // Seen to above, or by the machine.
            Op::Login | Op::Send | Op::Ack => Ok(None),
            Op::Named(verb) => {
                // Its answer may be long.
                self.transport.wait_for_room(services.settings.lanes.normal_bytes / 2).await;
                live.ask(services, id, &verb, frame.params).await
            }
        };
        match answer {
            // A request without an id asked for no answer.
            Ok(Some(frame)) if id.is_some() => self.transport.seat.deliver(frame).await,
            Ok(_) => {}
            Err(refusal) => self.say(refuse(id, &refusal)).await,
        }
        None
    }

    /// Sends are heard one after the other, and handed over so; their answers follow when the history has them.
    async fn send(&mut self, frame: ClientFrame) {
        let (id, Some(live)) = (frame.id, &self.live) else { return };
        let send = match live.read_send(&frame.params) {
            Ok(send) => send,
            Err(refusal) => return self.say(refuse(id, &refusal)).await,
        };
        let delivery = &self.services.delivery;
        if self.clearing.is_empty() && !delivery.asks_about(&send) {
            return self.hand_over(Box::new((id, Ok(Cleared::unasked(send))))).await;
        }
        self.clearing.push(id, send, delivery.clone());
        if self.clearing.is_full() {
            let asked = self.clearing.next().await;
            self.hand_over(asked).await;
        }
    }

    async fn hand_over(&mut self, asked: Asked) {
        let (id, cleared) = *asked;
        let blocked = self.transport.seat.line().ending() == Some(Ending::Close(CloseCode::Disabled));
        let handed = match cleared {
            // It has waited for others, and its sender was put out meanwhile.
            Ok(cleared) if blocked => Err(Refusal::Disabled(cleared.sender().clone())),
            Ok(cleared) => self.services.delivery.hand_over(cleared).await,
            Err(refusal) => Err(refusal),
        };
        let mut sent = match handed {
            Ok(sent) => sent,
            Err(refusal) => {
                self.answer_all().await;
                return self.transport.seat.deliver(Frame::reply(refuse(id, &refusal))).await;
            }
        };
        if id.is_none() {
            return;
        }
        let (answer, keeping) = (Frame::reply(server::reply(id, &sent)), sent.take_kept());
        if keeping.is_none() && self.answers.is_empty() {
            return self.transport.seat.deliver(answer).await;
        }
        self.answers.push(id, answer, keeping);
        if self.answers.is_full() {
            let answer = self.answers.next().await;
            self.transport.seat.deliver(answer).await;
        }
    }

    /// Waits until all sends before this request are handed over and answered.
    async fn finish_sends(&mut self) {
        while !self.clearing.is_empty() {
            let asked = self.clearing.next().await;
            self.hand_over(asked).await;
        }
        self.answer_all().await;
    }

    /// Waits for the answers before this one, so that all go in the order of their requests.
    async fn answer_all(&mut self) {
        while !self.answers.is_empty() {
            let answer = self.answers.next().await;
            self.transport.seat.deliver(answer).await;
        }
    }

    async fn log_in(&mut self, frame: ClientFrame) -> Option<End> {
        match self.enter(&frame).await {
            Ok(live) => {
                self.machine.log_in();
                self.login_due = None;
                self.live = Some(live);
                None
            }
            Err(refusal) => {
                self.say(refuse(frame.id, &refusal)).await;
                let disabled = matches!(refusal, Refusal::Disabled(_));
                Some(End::Ours(if disabled { CloseCode::Disabled } else { CloseCode::LoginRefused }))
            }
        }
    }

    /// A session, new or gone on with, whose client has been answered.
    async fn enter(&mut self, frame: &ClientFrame) -> Result<Box<Live>, Refusal> {
        let (services, transport) = (&self.services, &mut self.transport);
        let resume = Resume::read(&frame.params)?;
        let visa = Visa::check(services, &transport.seat, &frame.params).await?;
        if let Some(resume) = resume
            && let Some(mut live) = resume.find(services, &self.absences, &visa.user.accid).await
        {
            let welcome = Welcome::of(live.session, &visa.user, true, services);
            let answer = frame.id.map(|_| server::reply(frame.id, &welcome).bytes().to_vec()).unwrap_or_default();
            live.come_back(services, visa, &transport.seat, &transport.link, &answer).await;
            transport.seat = live.seat.clone();
            return Ok(live);
        }
        let live = Box::new(Live::begin(services, &transport.seat, visa).await?);
        if services.settings.socket.resumes() {
            transport.seat.count().await;
        }
        if frame.id.is_some() {
            let welcome = Welcome::of(live.session, &live.user, false, services);
            transport.seat.deliver(Frame::reply(server::reply(frame.id, &welcome))).await;
        }
        Ok(live)
    }

    async fn say(&mut self, answer: Text) {
        self.finish_sends().await;
        self.transport.seat.deliver(Frame::reply(answer)).await;
    }

    async fn tell_kicked(&mut self, rooms: &[RoomId]) {
        for room in rooms {
            let frame = Frame::reply(server::kicked(*room, KickReason::LoginElsewhere, None));
            self.transport.seat.deliver(frame).await;
        }
    }
}

#[cfg(feature = "wrong-gateways")]
impl Conversation {
    /// Says something of a room to whoever has not said yet who it is.
    async fn speak_too_early(&mut self) {
        let member = |name: &str| (name.to_owned(), serde_json::Value::from("1"));
        let names = ["time", "msgid_client", "attach", "roomId", "fromAccount", "type"];
        let object: serde_json::Map<_, _> = names.into_iter().map(member).collect();
        let frame = Frame::message(server::message(&object), crate::model::Lane::Normal, None);
        self.transport.seat.deliver(frame).await;
    }
}

/// What may go on although nothing was heard.
enum Progress {
    /// Others have been asked about a send.
    Cleared(Asked),
    /// An answer may go.
    Answer(Frame),
}

fn poll_progress(clearing: &mut Clearing, answers: &mut Answers, cx: &mut Context<'_>) -> Poll<Progress> {
    if let Poll::Ready(answer) = answers.poll_next(cx) {
        return Poll::Ready(Progress::Answer(answer));
    }
    clearing.poll_next(cx).map(Progress::Cleared)
}

/// Why a session is out, as the application server is told.
fn log_out(end: End) -> LogOut {
    match end {
        End::ByClient(_) => LogOut::Exit,
        End::Ours(CloseCode::Replaced) => LogOut::LoginKick,
        End::Ours(CloseCode::Disabled) => LogOut::Kick,
        End::Ours(_) | End::Broken | End::Moved => LogOut::Offline,
    }
}

/// A client may close with any of three thousand codes; they are not worth a counter each.
fn labels(end: End) -> CloseLabels {
    match end {
        End::ByClient(code) => {
            CloseLabels { by: "client", code: code.filter(|code| *code <= 1001).unwrap_or(1005).into() }
        }
        End::Ours(code) => CloseLabels { by: "gateway", code: code.number().into() },
        End::Broken | End::Moved => CloseLabels { by: "nobody", code: 1006 },
    }
}

#[derive(serde::Serialize)]
struct Pong {
    time: u64,
}

fn done(id: Option<u64>) -> Text {
    server::reply(id, &())
}
