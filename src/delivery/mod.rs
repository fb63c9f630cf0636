//! The one street every message walks, whichever door it came in by: admit, encode once, hand over, say what became of it.
//! Knows neither door.

mod outcome;
mod send;

use std::sync::Arc;

use crate::base::{Accid, Clock, RoomId};
use crate::metrics::{MessageLabels, Metrics, OutcomeLabels};
use crate::model::{Body, ClientType, Lane, Message, Notice, Refusal, Room, Sender};
use crate::presence::{Audience, Fate, Frame, Post, Registry};
use crate::store::Store;
use crate::wire;

pub use outcome::Outcome;
pub use send::{Author, Recipients, Send, Sent, read_recipients};

/// Where sends are turned into frames in members' lanes.
#[derive(Debug)]
pub struct Delivery {
    store: Arc<Store>,
    registry: Arc<Registry>,
    clock: Clock,
    metrics: Arc<Metrics>,
}

impl Delivery {
    /// The street, over its rooms.
    pub fn new(store: Arc<Store>, registry: Arc<Registry>, clock: Clock, metrics: Arc<Metrics>) -> Delivery {
        Delivery { store, registry, clock, metrics }
    }

    /// Walks one message down the street.
    pub async fn send(&self, send: Send) -> Result<Sent, Refusal> {
        let sender = self.admit(&send).await?;
        if send.is_abandoned() {
            return Ok(self.abandon(&send, &sender));
        }
        let post = Post {
            room: send.room,
            to: match &send.to {
                Recipients::Everyone => Audience::Everyone,
                Recipients::Listed(accids) => Audience::Listed(accids),
            },
            sender: &sender.accid,
            msg_id: &send.body.msg_id,
            again: send.body.resend == Some(true),
            outcomes: send.outcomes,
        };
        let encode = |time, key| {
            let message = send.message(time, &sender, false);
            Frame::message(wire::server::message(&message), send.lane, Some(key))
        };
        let handed = self.registry.hand_over(post, encode).await.ok_or_else(Refusal::stopping)?;
        self.count(if send.to == Recipients::Everyone { "room" } else { "directed" }, send.lane);
        let outcomes = self.outcomes(&send, &handed.fates).await;
        Ok(Sent { frame: handed.frame, outcomes })
    }

    /// The rules that need no more than the room and the sender.
    async fn admit(&self, send: &Send) -> Result<Sender, Refusal> {
        self.store.require_room(send.room).await?.require_open()?;
        match &send.from {
            Author::Member(sender) => Ok(sender.clone()),
            Author::Server(accid) => {
                let user = self.store.require_user(accid).await?;
                Ok(Sender {
                    accid: user.accid.clone(),
                    nick: user.profile.name.clone(),
                    avator: user.profile.icon.clone(),
                    client: ClientType::REST,
                })
            }
        }
    }

    fn abandon(&self, send: &Send, sender: &Sender) -> Sent {
        let message = send.message(self.clock.message_time(), sender, true);
        let frame = Frame::message(wire::server::message(&message), send.lane, None);
        self.count("abandoned", send.lane);
        Sent { frame: Arc::new(frame), outcomes: Vec::new() }
    }

    async fn outcomes(&self, send: &Send, fates: &[Option<Fate>]) -> Vec<(Accid, Outcome)> {
        let Recipients::Listed(accids) = &send.to else { return Vec::new() };
        let mut outcomes = Vec::with_capacity(fates.len());
        for (accid, fate) in accids.iter().zip(fates) {
            let outcome = match fate {
                Some(Fate::Queued) => Outcome::Queued,
                Some(Fate::Duplicate) => Outcome::Duplicate,
                Some(Fate::Slow) => Outcome::Slow,
                Some(Fate::Gone) => Outcome::NotInRoom,
                None => self.absence(accid).await,
            };
            self.metrics.outcomes.get_or_create(&OutcomeLabels { outcome: outcome.name() }).inc();
            outcomes.push((accid.clone(), outcome));
        }
        outcomes
    }

    /// The message is handed over: a database that fails now must not make its sender send it again.
    async fn absence(&self, accid: &Accid) -> Outcome {
        match self.store.user(accid).await {
            Ok(None) => Outcome::Unknown,
            Ok(Some(_)) => Outcome::NotInRoom,
            Err(error) => {
                tracing::error!(%error, "looking up a recipient failed: {error}");
                Outcome::NotInRoom
            }
        }
    }

    /// The frame of a notification; `None` where the room is too large, or does not want it.
    pub fn notice(
        &self,
        room: &Room,
        notice: &Notice,
        sender: &Sender,
        time: u64,
        members: usize,
        most: usize,
    ) -> Option<Frame> {
        if !room.facts.in_out_notices {
            return None;
        }
        if members > most {
            self.metrics.notices_omitted.inc();
            return None;
        }
        self.count("notice", Lane::Normal);
        Some(notice_frame(room.id, &notice.body(), sender, time))
    }

    fn count(&self, kind: &'static str, lane: Lane) {
        self.metrics.messages.get_or_create(&MessageLabels { kind, lane: lane.name() }).inc();
    }
}

fn notice_frame(room: RoomId, body: &Body, sender: &Sender, time: u64) -> Frame {
    let message = Message { time, room, sender, body, lane: Lane::Normal, directed: false, abandoned: false };
    Frame::message(wire::server::message(&message), Lane::Normal, None)
}
