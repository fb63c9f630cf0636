//! Why a message was refused, for whoever runs the gateway: one log line and one count each.

use crate::base::{Accid, MsgId, RoomId};
use crate::metrics::RuleLabels;
use crate::model::Refusal;

use super::{Delivery, Send};

/// Which message.
pub(super) struct About {
    room: RoomId,
    accid: Accid,
    msg_id: MsgId,
}

impl About {
    pub(super) fn of(send: &Send) -> About {
        About { room: send.room, accid: send.from.accid().clone(), msg_id: send.body.msg_id.clone() }
    }
}

impl Delivery {
    pub(super) fn note_refused(&self, about: &About, refusal: &Refusal) {
        let (rule, About { room, accid, msg_id }) = (refusal.rule(), about);
        self.metrics.messages_refused.get_or_create(&RuleLabels { rule: rule.name }).inc();
        tracing::info!(
            %room,
            %accid,
            %msg_id,
            rule = rule.name,
            set_by = rule.set_by,
            code = refusal.code().number(),
            "refused a message of {accid} to room {room}: {refusal}"
        );
    }
}
