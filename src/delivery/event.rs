//! What the application server is told of messages (section 9.1, event 4), or asked about them (section 9.2).

use crate::base::Stamp;
#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::model::{Event, EventType, Extras, Fields, Sender};
use crate::moderation::Finding;

use super::{Author, Delivery, Recipients, Send};

impl Delivery {
    /// The event that tells of a message, perhaps of one that was `stopped`; `None` where nobody is told.
    pub(super) fn message_event(
        &self,
        send: &Send,
        sender: &Sender,
        finding: Option<&Finding>,
        stopped: bool,
        stamp: Stamp,
    ) -> Option<Event> {
        let target = self.target(&send.extras)?;
        #[cfg(feature = "wrong-gateways")]
        if Wrong::WebhookForgotten.once_in(20) {
            return None;
        }
        let fields = message_fields(send, sender)
            .with("msgTimestamp", stamp.time)
            .with_some("callbackExt", send.body.callback_ext.as_deref())
            .with_some("antispam", stopped.then_some(true))
            .with_some("yidunRes", finding.map(|finding| finding.yidun_res.as_str()));
        let room = Some(send.room).filter(|room| !room.is_none());
        Some(Event { kind: EventType::Message, room, target, made: stamp.time, fields })
    }

    /// The address that is told of something sent with these; `None` where none is.
    pub fn target(&self, extras: &Extras) -> Option<String> {
        self.settings.webhook.target(extras.env.as_deref()).filter(|_| !extras.unrouted).map(str::to_owned)
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
    let peer = from.seat().and_then(|seat| seat.line().peer());
    fields
        .with_some("fromClientIp", peer.map(|peer| peer.ip().to_canonical()))
        .with_some("fromClientPort", peer.map(|peer| peer.port()))
}
