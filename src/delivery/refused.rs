//! Why a message was refused, for whoever runs the gateway: one log line and one count each.

use crate::metrics::RuleLabels;
use crate::model::Refusal;

use super::judge::Denied;
use super::{Delivery, Send};

impl Delivery {
    /// Notes it, and answers what its sender is told.
    pub(super) fn note_refused(&self, send: &Send, denied: impl Into<Denied>) -> Refusal {
        let Denied { refusal, why } = denied.into();
        let (room, accid, msg_id) = (send.room, send.from.accid(), &send.body.msg_id);
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
