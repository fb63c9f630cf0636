//! What of a message moderation judges, and what its verdict does to it. Texts are judged before they are handed over, what is behind an
//! address after that.

use crate::base::{Accid, Millis, MsgId, RoomId, Stamp, read_json};
use crate::model::{Extras, Judged, MsgType, Refusal, Sender};
use crate::moderation::{Finding, Moderation, Subject, Verdict};
use crate::presence::Range;
use crate::settings::Refused;

use super::{Author, Delivery, Recipients, Send};

/// Why a message is refused, and what only a log line says of it.
pub(super) struct Denied {
    pub(super) refusal: Refusal,
    pub(super) why: Option<String>,
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Denied {
        Denied { refusal, why: None }
    }
}

/// A message that may be handed over, with what moderation found.
#[derive(Debug, Default)]
pub(super) struct Opinion {
    pub(super) finding: Option<Finding>,
    /// It is refused, and its sender shall not know.
    pub(super) pretended: bool,
}

/// Something that was handed over and is to be judged now.
#[derive(Debug)]
pub struct Unjudged {
    /// Its room.
    pub room: RoomId,
    /// Who sent it.
    pub accid: Accid,
    /// Its id.
    pub msg_id: MsgId,
    /// When it was accepted.
    pub time: Millis,
    /// Who got it.
    pub to: Recipients,
    /// How far it went.
    pub range: Range,
    /// What is behind this address.
    pub address: String,
    /// And is of this type.
    pub kind: MsgType,
    /// What its sender said of its moderation, and of whom to tell.
    pub extras: Extras,
}

impl Delivery {
    /// Who judges.
    pub fn moderation(&self) -> &Moderation {
        &self.moderation
    }

    pub(super) fn judges(&self, send: &Send) -> bool {
        !self.moderation.is_off() && !send.extras.unmoderated && text_of(send).is_some()
    }

    /// Judges what a message says, and replaces of it what shall be replaced.
    pub(super) async fn judge(&self, send: &mut Send, sender: &Sender) -> Result<Opinion, Denied> {
        let Some(text) = text_of(send) else { return Ok(Opinion::default()) };
        let subject = Subject {
            accid: &sender.accid,
            data_id: send.body.msg_id.as_str(),
            room: Some(send.room).filter(|room| !room.is_none()),
            extras: &send.extras,
        };
        match self.moderation.judge_text(text, &subject).await {
            Verdict::Passed => Ok(Opinion::default()),
            Verdict::Suspect(finding) => Ok(Opinion { finding: Some(finding), pretended: false }),
            Verdict::Replaced(text, finding) if send.body.kind != MsgType::Custom => {
                send.body.attach = text;
                Ok(Opinion { finding: Some(finding), pretended: false })
            }
            // What is judged of a custom message is not what it shows, so nothing can be replaced there.
            Verdict::Replaced(_, finding) | Verdict::Refused(finding) => {
                self.refuse_content(send, sender, finding).await
            }
        }
    }

    async fn refuse_content(&self, send: &Send, sender: &Sender, finding: Finding) -> Result<Opinion, Denied> {
        let is_member = matches!(send.from, Author::Member { .. });
        if is_member && self.settings.moderation.refused == Refused::Pretend {
            return Ok(Opinion { finding: Some(finding), pretended: true });
        }
        // The application server is told of what nobody else hears.
        if let Some(event) = self.message_event(send, sender, Some(&finding), true, self.clock.stamp()) {
            self.note_event(event).await;
        }
        Err(Denied { refusal: Refusal::ContentRefused, why: Some(finding.why) })
    }

    /// Has what a message leads to judged, some time. Where too much waits it is not, which is counted.
    pub(super) fn judge_later(&self, send: &Send, range: &Range, stamp: Stamp) {
        if !self.moderation.judges_media() || send.extras.unmoderated {
            return;
        }
        let Some(address) = address_of(send) else { return };
        self.unjudged.push(Unjudged {
            room: send.room,
            accid: send.from.accid().clone(),
            msg_id: send.body.msg_id.clone(),
            time: stamp.time,
            to: send.to.clone(),
            range: range.clone(),
            address,
            kind: send.body.kind,
            extras: send.extras.clone(),
        });
    }
}

fn text_of(send: &Send) -> Option<&str> {
    match (send.body.kind, &send.extras.custom) {
        (MsgType::Text | MsgType::Tip, _) => Some(&send.body.attach),
        (MsgType::Custom, Some(Judged::Text(text))) => Some(text),
        _ => None,
    }
}

fn address_of(send: &Send) -> Option<String> {
    match (send.body.kind, &send.extras.custom) {
        (MsgType::Image | MsgType::Audio | MsgType::Video | MsgType::File, _) => {
            read_json(&send.body.attach).ok()?["url"].as_str().map(str::to_owned)
        }
        (MsgType::Custom, Some(Judged::Media(address))) => Some(address.clone()),
        _ => None,
    }
}
