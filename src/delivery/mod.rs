//! The one street every message walks, whichever door it came in by: admit, encode once, hand over, record, say what became of it.
//! Knows neither door.

mod activities;
mod announce;
mod broadcast;
mod outcome;
mod send;

use std::sync::{Arc, OnceLock};

use crate::base::{Accid, Clock};
use crate::metrics::{MessageLabels, Metrics, OutcomeLabels};
use crate::model::{ClientType, Lane, Record, Refusal, Sender, Subscription};
use crate::presence::{Audience, Fate, Frame, NotHanded, Post, Range, Registry};
use crate::settings::Settings;
use crate::store::Store;
use crate::wire;

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

    /// Walks one message down the street.
    pub async fn send(&self, send: Send) -> Result<Sent, Refusal> {
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
        let number = OnceLock::new();
        let encode = |time, key| {
            number.get_or_init(|| self.store.numbers().next());
            let message = send.message(time, &sender, lane);
            Frame::message(wire::server::message(&message), lane, Some(key))
        };
        let handed = self.registry.hand_over(post, encode).await.map_err(|why| match why {
            NotHanded::NotIn => not_in(&send),
            NotHanded::Stopped => Refusal::stopping(),
        })?;
        self.count(if send.to == Recipients::Everyone { "room" } else { "directed" }, lane);
        if send.to == Recipients::Everyone {
            self.activities.note_message(send.room, handed.time);
        }
        if send.is_recorded() && self.keeps_history() {
            let message = send.message(handed.time, &sender, lane);
            let target = range.tags.map(|tags| tags.as_str().to_owned());
            let number = number.into_inner().unwrap_or_default();
            self.store.record(Record::of(&message, send.room, target, number), self.history_length()).await?;
        }
        let outcomes = self.outcomes(&send, &handed.fates).await;
        Ok(Sent { frame: handed.frame, outcomes })
    }

    /// The rules that need no more than the room and the sender.
    async fn admit(&self, send: &Send) -> Result<Admitted, Refusal> {
        let room = self.store.require_room(send.room).await?;
        room.require_open()?;
        let accid = send.from.accid();
        let user = self.store.require_user(accid).await?;
        let (sender, subscription) = match &send.from {
            Author::Server(_) => {
                let (nick, avator) = (user.profile.name.clone(), user.profile.icon.clone());
                (Sender { accid: accid.clone(), nick, avator, client: ClientType::REST }, None)
            }
            Author::Member { client, seat, .. } => {
                let (occupant, subscription) =
                    self.registry.session(send.room, accid, seat).ok_or_else(|| not_in(send))?;
                (Sender::member(&occupant, *client), subscription)
            }
        };
        let standing = self.store.standing(send.room, accid).await?;
        standing.require_entry(accid, &room)?;
        if !send.ignore_mute {
            let now = self.clock.wall();
            user.require_voice()?;
            standing.require_voice(accid, &room, now)?;
            if !standing.role.can_manage() {
                room.require_tags_voice(subscription.as_deref(), now)?;
            }
        }
        Ok(Admitted { sender, range: range(send, subscription.as_deref()) })
    }

    /// High priority has a rate of its own in each room; what is beyond it goes in its turn, or not at all where its sender wants that.
    fn lane(&self, send: &Send) -> Result<Lane, Refusal> {
        let most = self.settings.limits.high_priority_per_second;
        let limited = send.to == Recipients::Everyone && send.lane == Lane::High;
        match !limited || self.registry.admit_high(send.room, most) {
            true => Ok(send.lane),
            false if send.never_downgrade => Err(Refusal::TooUrgent(most)),
            false => Ok(Lane::Normal),
        }
    }

    fn abandon(&self, send: &Send, sender: &Sender) -> Sent {
        let message = send.abandoned(self.clock.message_time(), sender);
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
