//! A message to the members of every room (section 3.3): never recorded, and only where the operator wants that.

use std::sync::Arc;

use crate::model::{Lane, Refusal, Sender};
use crate::presence::{Audience, Frame, Post};
use crate::wire;

use super::admit::{Admitted, range};
use super::judge::Opinion;
use super::{Author, Delivery, Send, Sent};

impl Delivery {
    /// Hands a message over in every room where somebody hears it. What `send` says of its room does not count.
    pub async fn broadcast(&self, mut send: Send) -> Result<Sent, Refusal> {
        if !self.settings.rooms.broadcast {
            let words = "no right to send chatroom broadcast msg! Set rooms.broadcast = true to allow it";
            return Err(Refusal::Forbidden(words.into()));
        }
        let admitted = self.admit_broadcaster(&send).await;
        let Admitted { sender, range } = admitted.map_err(|refusal| self.note_refused(&send, refusal))?;
        let opinion = match self.judges(&send) {
            true => self.judge(&mut send, &sender).await.map_err(|denied| self.note_refused(&send, denied))?,
            false => Opinion::default(),
        };
        for room in self.registry.awake() {
            let post = Post {
                room,
                to: Audience::Within(&range),
                sender: &sender.accid,
                from_seat: None,
                msg_id: &send.body.msg_id,
                again: send.body.resend == Some(true),
                outcomes: false,
                catch_up: send.catch_up && send.lane == Lane::High,
                lane: send.lane,
            };
            let encode = |stamp, key| {
                let message = crate::model::Message { room: Some(room), ..send.message(stamp, &sender, send.lane) };
                Frame::message(wire::server::message(&message), send.lane, Some(key))
            };
            self.registry.hand_over(post, encode).await.map_err(|_| Refusal::stopping())?;
        }
        self.count("broadcast", send.lane);
        let stamp = self.clock.stamp();
        let message = crate::model::Message { room: None, ..send.message(stamp, &sender, send.lane) };
        let frame = Frame::message(wire::server::message(&message), send.lane, None);
        let event = self.message_event(&send, &sender, opinion.finding.as_ref(), false, stamp);
        if let Some(keeping) = self.keep(None, event).await? {
            keeping.await?;
        }
        Ok(Sent { frame: Arc::new(frame), outcomes: Vec::new(), kept: None })
    }

    async fn admit_broadcaster(&self, send: &Send) -> Result<Admitted, Refusal> {
        let Author::Server(accid) = &send.from else { return Err(Refusal::Internal) };
        let user = self.store.require_user(accid).await?;
        user.require_voice()?;
        Ok(Admitted { sender: Sender::account(&user), range: range(send, None) })
    }
}
