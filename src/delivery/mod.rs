//! The one street every message walks, whichever door it came in by: admit, encode once, hand over, record, say what became of it.
//! Knows neither door.

mod activities;
mod announce;
mod broadcast;
mod outcome;
mod send;

use std::sync::Arc;

use crate::base::{Accid, Clock, Millis, limits};
use crate::metrics::{MessageLabels, Metrics, OutcomeLabels};
use crate::model::{Lane, Record, Refusal, Room, Sender, Subscription};
use crate::presence::{Audience, Fate, Frame, HandedOver, NotHanded, Post, Range, Registry};
use crate::settings::Settings;
use crate::store::{Keep, Store};
use crate::wire;

pub(crate) use crate::store::Kept;
pub use activities::Activities;
pub use announce::Announcement;
pub use outcome::Outcome;
pub use send::{Author, Recipients, Send, Sent, read_recipients};

/// Where sends are turned into frames in members' lanes.
#[derive(Debug)]
pub struct Delivery {
    store: Arc<Store>,
    registry: Arc<Registry>,
    clock: Clock,
    metrics: Arc<Metrics>,
    settings: Arc<Settings>,
    /// How much goes on in rooms.
    pub activities: Activities,
}

/// A sender that may send, and whom it speaks to where it says nothing else.
struct Admitted {
    sender: Sender,
    range: Range,
}

impl Delivery {
    /// The street, over its rooms.
    pub fn new(
        store: Arc<Store>,
        registry: Arc<Registry>,
        clock: Clock,
        metrics: Arc<Metrics>,
        settings: Arc<Settings>,
    ) -> Delivery {
        Delivery { store, registry, clock, metrics, settings, activities: Activities::default() }
    }

    /// Walks one message down the street to its end: when this returns it is handed over, and in the history unless that failed, which is
    /// logged and counted.
    pub async fn send(&self, send: Send) -> Result<Sent, Refusal> {
        let mut sent = self.hand_over(send).await?;
        sent.settle().await;
        Ok(sent)
    }

    /// Walks one message down the street until it is handed over and on its way into the history. Its sender may be answered when what
    /// this returns is settled.
    pub async fn hand_over(&self, send: Send) -> Result<Sent, Refusal> {
        let Admitted { sender, range } = self.admit(&send).await?;
        if send.is_abandoned() {
            return Ok(self.abandon(&send, &sender));
        }
        let lane = self.lane(&send)?;
        let post = Post {
            room: send.room,
            to: match &send.to {
                Recipients::Everyone => Audience::Within(&range),
                Recipients::Listed(accids) => Audience::Listed(accids),
            },
            sender: &sender.accid,
            from_seat: send.from.seat(),
            msg_id: &send.body.msg_id,
            again: send.body.resend == Some(true),
            outcomes: send.outcomes,
            catch_up: send.catch_up && lane == Lane::High,
        };
        let encode = |stamp, key| {
            let message = send.message(stamp, &sender, lane);
            Frame::message(wire::server::message(&message), lane, Some(key))
        };
        let handed = self.registry.hand_over(post, encode).await.map_err(|why| match why {
            NotHanded::NotIn => not_in(&send),
            NotHanded::Stopped => Refusal::stopping(),
        })?;
        self.count(if send.to == Recipients::Everyone { "room" } else { "directed" }, lane);
        if send.to == Recipients::Everyone {
            self.activities.note_message(send.room, handed.stamp.time);
        }
        let kept = self.record(&send, &sender, &handed, &range, lane).await;
        let outcomes = self.outcomes(&send, &handed.fates).await;
        Ok(Sent { frame: handed.frame, outcomes, kept })
    }

    /// Has a message kept in its room's history. It is handed over: a database that fails now is logged and must not make its sender
    /// send it again.
    async fn record(
        &self,
        send: &Send,
        sender: &Sender,
        handed: &HandedOver,
        range: &Range,
        lane: Lane,
    ) -> Option<Kept> {
        // What is sent again stands in the history already.
        if !send.is_recorded() || !self.keeps_history() || handed.known {
            return None;
        }
        let message = send.message(handed.stamp, sender, lane);
        // Nobody may have been there to remember that it was sent before.
        let again = send.body.resend == Some(true);
        let keep = Keep {
            record: Record::of(&message, send.room, range.tags_text()),
            most: self.history_length(),
            again_since: again.then(|| handed.stamp.time.saturating_sub(limits::RESEND_WINDOW_MS)),
        };
        match self.store.record(Some(keep), None).await {
            Ok(kept) => Some(kept),
            Err(error) => {
                tracing::error!(%error, "recording a message failed: {error}");
                None
            }
        }
    }

    /// The rules that need no more than the room and the sender.
    async fn admit(&self, send: &Send) -> Result<Admitted, Refusal> {
        let room = self.store.require_room(send.room).await?;
        room.require_open()?;
        let accid = send.from.accid();
        let user = self.store.require_user(accid).await?;
        let (sender, subscription) = match &send.from {
            Author::Server(_) => (Sender::account(&user), None),
            Author::Member { client, seat, .. } => {
                let (occupant, subscription) =
                    self.registry.session(send.room, accid, seat).ok_or_else(|| not_in(send))?;
                (Sender::member(&occupant, *client), subscription)
            }
        };
        let (standing, now) = (self.store.standing(send.room, accid).await?, self.clock.wall());
        standing.require_entry(accid, &room)?;
        if !send.ignore_mute {
            user.require_voice()?;
            standing.require_voice(accid, &room, now)?;
            if !standing.role.can_manage() {
                self.require_tags_voice(send, &room, subscription.as_deref(), now)?;
            }
        }
        Ok(Admitted { sender, range: range(send, subscription.as_deref()) })
    }

    /// A member is asked by the tags of the session that sends. The application server may speak for whoever may in one of its sessions,
    /// or has none.
    fn require_tags_voice(
        &self,
        send: &Send,
        room: &Room,
        subscription: Option<&Subscription>,
        now: Millis,
    ) -> Result<(), Refusal> {
        if room.tag_mutes.is_empty() || send.from.seat().is_some() {
            return room.require_tags_voice(subscription, now);
        }
        let Some(present) = self.registry.find_present(room.id, send.from.accid()) else { return Ok(()) };
        let verdicts = present.sessions().map(|(_, subscription)| room.require_tags_voice(subscription, now));
        verdicts.reduce(Result::or).unwrap_or(Ok(()))
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

/// What the message says of its range; else what its sender said when it entered.
fn range(send: &Send, subscription: Option<&Subscription>) -> Range {
    let mut range = send.range.clone();
    if range.tags.is_none() && send.to == Recipients::Everyone {
        range.tags = subscription.and_then(|subscription| subscription.target.clone());
    }
    range
}
