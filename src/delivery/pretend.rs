//! A message that moderation refused and whose sender shall not know: it gets what it would have got, and nobody else gets anything.

use crate::model::{Lane, Refusal, Sender};
use crate::presence::{Audience, Fate, Range};

use super::judge::Denied;
use super::{Cleared, Delivery, Recipients, Sent};

impl Delivery {
    pub(super) async fn pretend(
        &self,
        cleared: &Cleared,
        sender: &Sender,
        range: &Range,
        lane: Lane,
    ) -> Result<Sent, Refusal> {
        let send = &cleared.send;
        let to = match &send.to {
            Recipients::Everyone => Audience::Sender(range),
            // Whoever lists itself gets its own message.
            Recipients::Listed(accids) if accids.contains(&sender.accid) => Audience::Sender(range),
            Recipients::Listed(_) => Audience::Listed(&[]),
        };
        let handed = self.post(send, sender, lane, to).await?;
        self.count("refused", lane);
        let finding = cleared.opinion.finding.as_ref();
        let denied = Denied { refusal: Refusal::ContentRefused, why: finding.map(|finding| finding.why.clone()) };
        self.note_refused(send, denied);
        let kept = self.keep(None, self.message_event(send, sender, finding, true, handed.stamp)).await?;
        let fates: Vec<Option<Fate>> = match &send.to {
            Recipients::Listed(accids) if send.outcomes => {
                // Whoever seemed to get it has it, when it is sent again.
                let fate = if send.body.resend == Some(true) { Fate::Duplicate } else { Fate::Queued };
                let is_here = |accid| self.registry.find_present(send.room, accid).map(|_| fate);
                accids.iter().map(is_here).collect()
            }
            _ => Vec::new(),
        };
        Ok(Sent { frame: handed.frame, outcomes: self.outcomes(send, &fates).await, kept })
    }
}
