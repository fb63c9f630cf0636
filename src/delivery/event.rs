//! What the application server is told of messages (section 9.1, event 4), or asked about them (section 9.2).

use crate::base::Stamp;
use crate::model::{Event, EventType, Fields, Sender};

use super::{Author, Cleared, Delivery, Recipients, Send};

impl Delivery {
    /// The event that tells of a message; `None` where nobody is told.
    pub(super) fn message_event(&self, cleared: &Cleared, sender: &Sender, stamp: Stamp) -> Option<Event> {
        let extras = &cleared.send.extras;
        let target = self.settings.webhook.target(extras.env.as_deref()).filter(|_| !extras.unrouted)?;
        let fields = message_fields(&cleared.send, sender)
            .with("msgTimestamp", stamp.time)
            .with_some("callbackExt", cleared.send.body.callback_ext.as_deref());
        let room = Some(cleared.send.room).filter(|room| !room.is_none());
        Some(Event { kind: EventType::Message, room, target: target.to_owned(), made: stamp.time, fields })
    }
}

/// What both say of a message.
pub(super) fn message_fields(send: &Send, sender: &Sender) -> Fields {
    let body = &send.body;
    let listed = match &send.to {
        Recipients::Everyone => None,
        Recipients::Listed(accids) => Some(crate::base::json(accids)),
    };
    Fields::default()
        .with_some("roomId", Some(send.room).filter(|room| !room.is_none()))
        .with("fromAccount", &sender.accid)
        .with("fromNick", &sender.nick)
        .with("fromAvator", &sender.avator)
        .with_some("fromExt", sender.ext.as_deref())
        .with("fromClientType", sender.client.webhook_word())
        .with("msgType", body.kind.webhook_word())
        .with("msgidClient", &body.msg_id)
        .with("attach", &body.attach)
        .with("ext", &body.ext)
        .with_some("subType", body.sub_type)
        .with("resendFlag", u8::from(body.resend == Some(true)))
        .with_some("toAccids", listed)
}

/// Where a member's message comes from, which only questions say.
pub(super) fn with_origin(fields: Fields, from: &Author) -> Fields {
    let peer = from.seat().and_then(|seat| seat.link().peer());
    fields
        .with_some("fromClientIp", peer.map(|peer| peer.ip().to_canonical()))
        .with_some("fromClientPort", peer.map(|peer| peer.port()))
}
