//! Who may send: the rules that need no more than the room and the sender.

use crate::base::Millis;
use crate::model::{Refusal, Room, Sender, Subscription};
use crate::presence::Range;

use super::{Author, Delivery, Recipients, Send};

/// A sender that may send, and whom it speaks to where it says nothing else.
pub(super) struct Admitted {
    pub(super) sender: Sender,
    pub(super) range: Range,
}

impl Delivery {
    pub(super) async fn admit(&self, send: &Send) -> Result<Admitted, Refusal> {
        let room = self.store.require_room(send.room).await?;
        room.require_open()?;
        let accid = send.from.accid();
        let user = self.store.require_user(accid).await?;
        let (sender, subscription) = match &send.from {
            Author::Server(_) => (Sender::account(&user), None),
            Author::Member { client, seat, .. } => {
                let (occupant, subscription) =
                    self.registry.session(send.room, accid, seat).ok_or_else(|| super::not_in(send))?;
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
}

/// What the message says of its range; else what its sender said when it entered.
pub(super) fn range(send: &Send, subscription: Option<&Subscription>) -> Range {
    let mut range = send.range.clone();
    if range.tags.is_none() && send.to == Recipients::Everyone {
        range.tags = subscription.and_then(|subscription| subscription.target.clone());
    }
    range
}
