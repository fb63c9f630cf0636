//! Notifications on their way: the gateway itself speaks, in somebody's name.

use std::sync::OnceLock;

use crate::base::{Clock, Millis, RoomId};
use crate::model::{Body, ClientType, Lane, Message, Notice, Record, Sender};
use crate::presence::{Frame, Range};
use crate::store::StoreError;
use crate::wire;

use super::Delivery;

/// A notification that is told once, under a room's lock, and recorded afterwards.
#[derive(Debug)]
pub struct Announcement {
    room: RoomId,
    sender: Sender,
    body: Body,
    lane: Lane,
    clock: Clock,
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
        self.record.get_or_init(|| Record::of(&message, self.clock.message_number(), self.room, None));
        Frame::message(wire::server::message(&message), self.lane, None)
    }
}

impl Delivery {
    /// Something to be told of this notice, acted out from such a client.
    pub fn announcement(&self, room: RoomId, notice: &Notice, client: ClientType) -> Announcement {
        let operator = &notice.operator;
        let (nick, avator) = (operator.nick.clone(), operator.avator.clone());
        let sender = Sender { accid: operator.accid.clone(), nick, avator, client };
        let (body, clock) = (notice.body(), self.clock.clone());
        Announcement { room, sender, body, lane: Lane::Normal, clock, record: OnceLock::new() }
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

    /// Records what was told, if it was. It is in the history when this returns, as whoever made it happen may expect.
    pub async fn record_announcement(&self, announcement: Announcement) {
        if let Some(record) = self.take_record(announcement) {
            log_failure(self.store.record(record, self.history_length()).await);
        }
    }

    /// The same, sooner or later: nobody waits for the database to enter a room.
    pub async fn record_announcement_soon(&self, announcement: Announcement) {
        if let Some(record) = self.take_record(announcement) {
            log_failure(self.store.record_soon(record, self.history_length()).await);
        }
    }

    fn take_record(&self, announcement: Announcement) -> Option<Record> {
        let record = announcement.record.into_inner()?;
        self.count("notice", announcement.lane);
        self.keeps_history().then_some(record)
    }
}

/// What was told can't be taken back: its caller is not to do it again.
fn log_failure(recorded: Result<(), StoreError>) {
    if let Err(error) = recorded {
        tracing::error!(%error, "recording a notification failed: {error}");
    }
}
