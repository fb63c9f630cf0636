//! Notifications on their way: the gateway itself speaks, in somebody's name.

use std::sync::OnceLock;

use crate::base::{Millis, RoomId};
use crate::model::{Body, ClientType, Lane, Message, Notice, Record, Sender};
use crate::presence::{Frame, Range};
use crate::store::Numbers;
use crate::wire;

use super::Delivery;

/// A notification that is told once, under a room's lock, and recorded afterwards.
#[derive(Debug)]
pub struct Announcement {
    room: RoomId,
    sender: Sender,
    body: Body,
    lane: Lane,
    numbers: Numbers,
    record: OnceLock<Record>,
}

impl Announcement {
    /// In that lane.
    pub fn in_lane(mut self, lane: Lane) -> Announcement {
        self.lane = lane;
        self
    }

    /// Its frame, told at this time.
    pub fn frame(&self, time: Millis) -> Frame {
        let message = Message {
            time,
            room: Some(self.room),
            sender: &self.sender,
            body: &self.body,
            lane: self.lane,
            directed: false,
            abandoned: false,
            point: None,
        };
        // The first telling counts.
        self.record.get_or_init(|| Record::of(&message, self.room, None, self.numbers.next()));
        Frame::message(wire::server::message(&message), self.lane, None)
    }
}

impl Delivery {
    /// An announcement of this notice, acted out from such a client.
    pub fn announcement(&self, room: RoomId, notice: &Notice, client: ClientType) -> Announcement {
        let operator = &notice.operator;
        let (nick, avator) = (operator.nick.clone(), operator.avator.clone());
        let sender = Sender { accid: operator.accid.clone(), nick, avator, client };
        let (numbers, record) = (self.store.numbers().clone(), OnceLock::new());
        Announcement { room, sender, body: notice.body(), lane: Lane::Normal, numbers, record }
    }

    /// Tells everybody in range, and records it.
    pub async fn announce(&self, announcement: Announcement, range: &Range) {
        self.registry.tell(announcement.room, range, |time| announcement.frame(time)).await;
        self.announce_unheard(announcement).await;
    }

    /// Records what was told, also where nobody was there to hear it.
    pub async fn announce_unheard(&self, announcement: Announcement) {
        if announcement.record.get().is_none() {
            announcement.frame(self.clock.message_time());
        }
        self.record_announcement(announcement).await;
    }

    /// Records what was told, if it was.
    pub async fn record_announcement(&self, announcement: Announcement) {
        let lane = announcement.lane;
        let Some(record) = announcement.record.into_inner() else { return };
        self.count("notice", lane);
        if self.keeps_history()
            && let Err(error) = self.store.record_soon(record, self.history_length()).await
        {
            tracing::error!(%error, "recording a notification failed: {error}");
        }
    }
}
