//! Why a message was refused, for whoever runs the gateway: one log line and one count each.

use crate::base::{Accid, MsgId, RoomId};
use crate::metrics::RuleLabels;
use crate::model::Refusal;

use super::judge::Denied;
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
    /// Notes it, and answers what its sender is told.
    pub(super) fn note_refused(&self, about: &About, denied: impl Into<Denied>) -> Refusal {
        let (Denied { refusal, why }, About { room, accid, msg_id }) = (denied.into(), about);
        let rule = refusal.rule();
        self.metrics.messages_refused.get_or_create(&RuleLabels { rule: rule.name }).inc();
        tracing::info!(
            %room,
            %accid,
            %msg_id,
            rule = rule.name,
            set_by = rule.set_by,
            code = refusal.code().number(),
            why,
            "refused a message of {accid} to room {room}: {refusal}"
        );
        refusal
    }
}
