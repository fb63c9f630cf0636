//! Who may send: the rules that need no more than the room and the sender.

use std::sync::Arc;

#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::base::{Accid, Millis, RoomId};
use crate::model::{Refusal, Room, Sender, Subscription, User};
use crate::presence::Range;

use super::{Author, Delivery, Recipients, Send};

/// A sender that may send, and whom it speaks to where it says nothing else.
pub(super) struct Admitted {
    pub(super) sender: Sender,
    pub(super) range: Range,
}

/// Where somebody speaks from.
#[derive(Debug, Clone, Copy)]
pub enum Whence<'a> {
    /// The application server speaks in its name.
    Server,
    /// A session that is in the room, with what it said of itself when it entered.
    Inside(Option<&'a Subscription>),
    /// A session that is not.
    Outside,
}

impl Delivery {
    pub(super) async fn admit(&self, send: &Send) -> Result<Admitted, Refusal> {
        let accid = send.from.accid();
        let session = send.from.seat().and_then(|seat| self.registry.session(send.room, accid, seat));
        let subscription = session.as_ref().and_then(|(_, subscription)| subscription.as_deref());
        let whence = match (&send.from, &session) {
            (Author::Server(_), _) => Whence::Server,
            (Author::Member { .. }, Some(_)) => Whence::Inside(subscription),
            (Author::Member { .. }, None) => Whence::Outside,
        };
        let user = self.require_leave(send.room, accid, whence, send.ignore_mute, self.clock.wall()).await?;
        let sender = match (&send.from, &session) {
            (Author::Member { client, .. }, Some((occupant, _))) => Sender::member(occupant, *client),
            _ => Sender::account(&user),
        };
        Ok(Admitted { sender, range: range(send, subscription) })
    }

    /// The account, if it may send to the room.
    pub async fn require_leave(
        &self,
        room: RoomId,
        accid: &Accid,
        whence: Whence<'_>,
        ignore_mute: bool,
        now: Millis,
    ) -> Result<Arc<User>, Refusal> {
        let room = self.store.require_room(room).await?;
        room.require_open()?;
        let user = self.store.require_user(accid).await?;
        if matches!(whence, Whence::Outside) {
            return Err(Refusal::not_in(accid, room.id));
        }
        let standing = self.store.standing(room.id, accid).await?;
        standing.require_entry(accid, &room)?;
        #[cfg(feature = "wrong-gateways")]
        let ignore_mute = ignore_mute || Wrong::MutedMaySpeak.is();
        if !ignore_mute {
            user.require_voice()?;
            standing.require_voice(accid, &room, now)?;
            if !standing.role.can_manage() {
                self.require_tags_voice(accid, &room, whence, now)?;
            }
        }
        Ok(user)
    }

    /// A member is asked by the tags of the session that sends. The application server may speak for whoever may in one of its sessions,
    /// or has none.
    fn require_tags_voice(&self, accid: &Accid, room: &Room, whence: Whence<'_>, now: Millis) -> Result<(), Refusal> {
        match whence {
            Whence::Inside(subscription) => room.require_tags_voice(subscription, now),
            _ if room.tag_mutes.is_empty() => Ok(()),
            Whence::Server | Whence::Outside => {
                let Some(present) = self.registry.find_present(room.id, accid) else { return Ok(()) };
                let verdicts = present.sessions().map(|(_, subscription)| room.require_tags_voice(subscription, now));
                verdicts.reduce(Result::or).unwrap_or(Ok(()))
            }
        }
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
