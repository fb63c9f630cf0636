//! Notifications on their way: the gateway itself speaks, in somebody's name.

use std::sync::OnceLock;

use crate::base::{Accid, RoomId, Stamp};
use crate::model::{Body, ClientType, Lane, Message, Notice, Record, Sender};
use crate::presence::{Audience, Frame, Post, Range};
use crate::store::Keep;
use crate::wire;

use super::{Delivery, Keeping};

/// A notification that is told once, under a room's lock, and recorded afterwards.
#[derive(Debug)]
pub struct Announcement {
    room: RoomId,
    sender: Sender,
    body: Body,
    lane: Lane,
    range: Range,
    record: OnceLock<Record>,
}

impl Announcement {
    /// Of this notice, acted out from such a client.
    pub fn new(room: RoomId, notice: &Notice, client: ClientType) -> Announcement {
        let operator = &notice.operator;
        let (nick, avator) = (operator.nick.clone(), operator.avator.clone());
        let sender = Sender { accid: operator.accid.clone(), nick, avator, ext: None, client };
        let (lane, range) = (Lane::Normal, Range::default());
        Announcement { room, sender, body: notice.body(), lane, range, record: OnceLock::new() }
    }

    /// In that lane.
    pub fn in_lane(mut self, lane: Lane) -> Announcement {
        self.lane = lane;
        self
    }

    /// For those in range only.
    pub fn within(mut self, range: Range) -> Announcement {
        self.range = range;
        self
    }

    /// Its frame, told at this moment.
    pub fn frame(&self, stamp: Stamp) -> Frame {
        let message = Message {
            stamp,
            room: Some(self.room),
            sender: &self.sender,
            body: &self.body,
            lane: self.lane,
            directed: false,
            abandoned: false,
            point: None,
        };
        // The first telling counts.
        let _ = self.record.set(Record::of(&message, self.room, self.range.tags_text()));
        Frame::message(wire::server::message(&message), self.lane, None)
    }
}

impl Delivery {
    /// Tells whom it is for, and records it.
    pub async fn announce(&self, announcement: Announcement) {
        let Announcement { room, lane, ref range, .. } = announcement;
        self.registry.tell(room, lane, range, |stamp| announcement.frame(stamp)).await;
        self.announce_unheard(announcement).await;
    }

    /// Tells these accounts, as far as they are in the room, and nobody else. What only some heard of is in no history.
    pub async fn announce_to(&self, announcement: Announcement, accids: &[Accid]) {
        let post = Post {
            room: announcement.room,
            to: Audience::Listed(accids),
            sender: &announcement.sender.accid,
            from_seat: None,
            msg_id: &announcement.body.msg_id,
            again: false,
            outcomes: false,
            catch_up: false,
            lane: announcement.lane,
        };
        self.count("notice", announcement.lane);
        // It fails where the writers have stopped; then there is nobody to tell.
        let _ = self.registry.hand_over(post, |stamp, _| announcement.frame(stamp)).await;
    }

    /// Records what was told, also where nobody was there to hear it.
    pub async fn announce_unheard(&self, announcement: Announcement) {
        if announcement.record.get().is_none() {
            announcement.frame(self.clock.stamp());
        }
        self.record_announcement(announcement).await;
    }

    /// Records what was told, if it was. It is in the history when this returns, as whoever made it happen may expect.
    pub async fn record_announcement(&self, announcement: Announcement) {
        if let Some(keeping) = self.start_recording(announcement).await {
            // Nobody requires it.
            let _ = keeping.await;
        }
    }

    /// The same, sooner or later: nobody waits for the database to enter a room.
    pub async fn record_announcement_soon(&self, announcement: Announcement) {
        self.start_recording(announcement).await;
    }

    /// What was told can't be taken back, so a failure is no reason to do it again.
    async fn start_recording(&self, announcement: Announcement) -> Option<Keeping> {
        let lane = announcement.lane;
        let record = announcement.record.into_inner()?;
        self.count("notice", lane);
        if !self.keeps_history() {
            return None;
        }
        let keep = Keep { record, most: self.history_length(), again_since: None };
        // What could not be kept is logged where it happens.
        self.keep(Some(keep), None).await.ok().flatten()
    }
}
