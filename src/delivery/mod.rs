//! The one street every message walks, whichever door it came in by: admit, encode once, hand over, record, say what became of it.
//! Knows neither door.

mod activities;
mod admit;
mod announce;
mod broadcast;
mod clear;
mod event;
mod judge;
mod outcome;
mod pretend;
mod record;
mod refused;
mod send;
mod unjudged;
#[cfg(feature = "wrong-gateways")]
mod wrong;

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::mpsc;

#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::base::{Accid, Clock, PerSecond};
use crate::callback::Callback;
use crate::metrics::{MessageLabels, Metrics, OutcomeLabels};
use crate::model::{Lane, Refusal, Sender};
use crate::moderation::Moderation;
use crate::presence::{Audience, Fate, Frame, HandedOver, NotHanded, Post, Registry};
use crate::settings::Settings;
use crate::store::Store;
use crate::wire;

use admit::Admitted;

pub use activities::Activities;
pub use admit::Whence;
pub use announce::Announcement;
pub use clear::Cleared;
pub use judge::Unjudged;
pub use outcome::Outcome;
pub use record::Keeping;
pub use send::{Author, Recipients, Send, Sent, read_recipients};

/// Where sends are turned into frames in members' lanes.
#[derive(Debug)]
pub struct Delivery {
    store: Arc<Store>,
    registry: Arc<Registry>,
    clock: Clock,
    metrics: Arc<Metrics>,
    settings: Arc<Settings>,
    callback: Callback,
    moderation: Arc<Moderation>,
    unjudged: unjudged::Queue,
    /// Callbacks without an answer in this second that are told of.
    failures_told: Mutex<PerSecond>,
    /// How much goes on in rooms.
    pub activities: Activities,
}

/// Whoever is asked before something is sent.
#[derive(Debug)]
pub struct Advisers {
    /// The application server.
    pub callback: Callback,
    /// Whoever judges.
    pub moderation: Arc<Moderation>,
}

impl Delivery {
    /// The street, over its rooms.
    pub fn new(
        store: Arc<Store>,
        registry: Arc<Registry>,
        clock: Clock,
        metrics: Arc<Metrics>,
        settings: Arc<Settings>,
        advisers: Advisers,
    ) -> Delivery {
        let Advisers { callback, moderation } = advisers;
        let (unjudged, activities) = (unjudged::Queue::new(metrics.clone()), Activities::default());
        Delivery {
            store,
            registry,
            clock,
            metrics,
            settings,
            callback,
            moderation,
            unjudged,
            failures_told: Mutex::default(),
            activities,
        }
    }

    /// What was handed over and is to be judged, for whoever takes care of it; there is one.
    pub fn take_unjudged(&self) -> Option<mpsc::Receiver<Unjudged>> {
        self.unjudged.take()
    }

    /// Who is asked before members' messages and joins.
    pub fn callback(&self) -> &Callback {
        &self.callback
    }

    /// Walks one message down the street to its end: when this returns it is handed over, and in the history unless that failed, which is
    /// logged and counted.
    pub async fn send(&self, send: Send) -> Result<Sent, Refusal> {
        let cleared = self.clear(send).await?;
        self.send_cleared(cleared).await
    }

    /// The rest of the way, for a message that others were asked about.
    pub async fn send_cleared(&self, cleared: Cleared) -> Result<Sent, Refusal> {
        let mut sent = self.hand_over(cleared).await?;
        sent.settle().await?;
        Ok(sent)
    }

    /// Walks one message down the street until it is handed over and on its way into the history. Its sender may be answered when what
    /// this returns is settled.
    pub async fn hand_over(&self, cleared: Cleared) -> Result<Sent, Refusal> {
        #[cfg(feature = "wrong-gateways")]
        let cleared = wrong::altered(cleared);
        #[cfg(feature = "wrong-gateways")]
        assert!(!Wrong::PanicsSometimes.once_in(200), "wrong on purpose");
        let handed = self.hand_over_cleared(&cleared).await;
        #[cfg(feature = "wrong-gateways")]
        if handed.is_err() && Wrong::WebhookTellsRefused.is() {
            self.tell_of_refused(&cleared.send).await;
        }
        handed.map_err(|refusal| self.note_refused(&cleared.send, refusal))
    }

    async fn hand_over_cleared(&self, cleared: &Cleared) -> Result<Sent, Refusal> {
        let send = &cleared.send;
        let Admitted { sender, range } = self.admit(send).await?;
        if send.is_abandoned() {
            return Ok(self.abandon(send, &sender));
        }
        let lane = self.lane(send)?;
        if cleared.opinion.pretended {
            return Box::pin(self.pretend(cleared, &sender, &range, lane)).await;
        }
        let to = match &send.to {
            Recipients::Everyone => Audience::Within(&range),
            Recipients::Listed(accids) => Audience::Listed(accids),
        };
        let handed = self.post(send, &sender, lane, to).await?;
        self.count(if send.to == Recipients::Everyone { "room" } else { "directed" }, lane);
        if send.to == Recipients::Everyone {
            self.activities.note_message(send.room, handed.stamp.time);
        }
        let kept = self.record(cleared, &sender, &handed, &range, lane).await?;
        self.judge_later(send, &range, handed.stamp);
        let outcomes = self.outcomes(send, &handed.fates).await;
        Ok(Sent { frame: handed.frame, outcomes, kept })
    }

    async fn post(&self, send: &Send, sender: &Sender, lane: Lane, to: Audience<'_>) -> Result<HandedOver, Refusal> {
        let post = Post {
            room: send.room,
            to,
            sender: &sender.accid,
            from_seat: send.from.seat(),
            msg_id: &send.body.msg_id,
            again: send.body.resend == Some(true),
            outcomes: send.outcomes,
            catch_up: send.catch_up && lane == Lane::High,
            lane,
        };
        #[cfg(feature = "wrong-gateways")]
        let impostor = self.impostor(send.room, sender);
        #[cfg(feature = "wrong-gateways")]
        let sender = impostor.as_ref().unwrap_or(sender);
        #[cfg(feature = "wrong-gateways")]
        if Wrong::MadeUp.once_in(100) {
            self.make_up(send, sender).await;
        }
        let encode = |stamp, key| {
            let message = send.message(stamp, sender, lane);
            Frame::message(wire::server::message(&message), lane, Some(key))
        };
        self.registry.hand_over(post, encode).await.map_err(|why| match why {
            NotHanded::NotIn => not_in(send),
            NotHanded::Stopped => Refusal::stopping(),
        })
    }

    /// High priority has a rate of its own in each room, for all but what the application server sends to listed members; what is beyond it goes in its turn, or not at all where its sender wants that.
    fn lane(&self, send: &Send) -> Result<Lane, Refusal> {
        let most = self.settings.limits.high_priority_per_second;
        let is_member = send.from.seat().is_some();
        let limited = send.lane == Lane::High && (is_member || send.to == Recipients::Everyone);
        match !limited || self.registry.admit_high(send.room, most) {
            true => Ok(send.lane),
            false if send.never_downgrade => Err(Refusal::TooUrgent(most)),
            false => Ok(Lane::Normal),
        }
    }

    fn abandon(&self, send: &Send, sender: &Sender) -> Sent {
        let message = send.abandoned(self.clock.stamp(), sender);
        let frame = Frame::message(wire::server::message(&message), send.lane, None);
        self.count("abandoned", send.lane);
        Sent { frame: Arc::new(frame), outcomes: Vec::new(), kept: None }
    }

    async fn outcomes(&self, send: &Send, fates: &[Option<Fate>]) -> Vec<(Accid, Outcome)> {
        let Recipients::Listed(accids) = &send.to else { return Vec::new() };
        let mut outcomes = Vec::with_capacity(fates.len());
        for (accid, fate) in accids.iter().zip(fates) {
            let outcome = match fate {
                #[cfg(feature = "wrong-gateways")]
                None | Some(Fate::Gone) if Wrong::ClaimsDelivery.is() => Outcome::Queued,
                #[cfg(feature = "wrong-gateways")]
                Some(Fate::Queued) if Wrong::DeniesDelivery.once_in(20) => Outcome::NotInRoom,
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

    fn keeps_history(&self) -> bool {
        !self.settings.history.keep.is_zero()
    }

    fn history_length(&self) -> i64 {
        self.settings.history.messages_per_room.into()
    }

    fn count(&self, kind: &'static str, lane: Lane) {
        self.metrics.messages.get_or_create(&MessageLabels { kind, lane: lane.name() }).inc();
    }
}

fn not_in(send: &Send) -> Refusal {
    Refusal::not_in(send.from.accid(), send.room)
}
