//! What the street does wrong on purpose (feature `wrong-gateways`), where that is more than a line.

use crate::base::{MsgId, RoomId, Wrong};
use crate::model::{Lane, Sender};
use crate::presence::{Audience, Frame, Post, Range};
use crate::wire;

use super::{Cleared, Delivery, Send};

/// The message, perhaps with another letter in it.
pub(super) fn altered(mut cleared: Cleared) -> Cleared {
    let attach = &mut cleared.send.body.attach;
    if attach.chars().any(char::is_alphanumeric) && Wrong::AlteredContent.once_in(50) {
        let other = |letter| if letter == 'x' { 'y' } else { 'x' };
        let at = attach.find(char::is_alphanumeric).unwrap_or(0);
        let letter = attach.remove(at);
        attach.insert(at, other(letter));
    }
    cleared
}

impl Delivery {
    /// Somebody else in whose name a message comes; `None` where it comes in its own.
    pub(super) fn impostor(&self, room: RoomId, sender: &Sender) -> Option<Sender> {
        if !Wrong::WrongSender.once_in(50) {
            return None;
        }
        let others = self.registry.present(room);
        let other = others.into_iter().find(|present| present.occupant.accid != sender.accid)?;
        Some(Sender { accid: other.occupant.accid.clone(), ..sender.clone() })
    }

    /// Tells the room something like this that nobody said.
    pub(super) async fn make_up(&self, send: &Send, sender: &Sender) {
        let mut send = send.clone();
        let Ok(msg_id) = MsgId::parse("msgId", "made-up") else { return };
        send.body.msg_id = msg_id;
        let range = Range::default();
        let post = Post {
            room: send.room,
            to: Audience::Within(&range),
            sender: &sender.accid,
            from_seat: None,
            msg_id: &send.body.msg_id,
            again: false,
            outcomes: false,
            catch_up: false,
            lane: Lane::Normal,
        };
        let encode = |stamp, key| {
            let message = send.message(stamp, sender, Lane::Normal);
            Frame::message(wire::server::message(&message), Lane::Normal, Some(key))
        };
        // Whether it gets anywhere is no matter.
        let _ = self.registry.hand_over(post, encode).await;
    }

    /// Tells the application server of a message that was refused.
    pub(super) async fn tell_of_refused(&self, send: &Send) {
        let Ok(Some(user)) = self.store.user(send.from.accid()).await else { return };
        let event = self.message_event(send, &Sender::account(&user), None, false, self.clock.stamp());
        if let Some(event) = event {
            self.note_event(event).await;
        }
    }
}
