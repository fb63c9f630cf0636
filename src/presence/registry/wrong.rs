//! What goes wrong on purpose between rooms (feature `wrong-gateways`).

use std::sync::Arc;

use crate::base::RoomId;
use crate::presence::Frame;
use crate::presence::job::{Job, Target, Targets};

use super::Registry;

impl Registry {
    /// Hands a message of this room to a member of another.
    pub(super) async fn stray(&self, from: RoomId, frame: &Arc<Frame>) {
        let own = self.present(from);
        let is_own = |accid| own.iter().any(|present| present.occupant.accid == accid);
        let rooms: Vec<_> = self.rooms.iter().filter(|room| *room.key() != from).map(|room| room.clone()).collect();
        let present = rooms.iter().flat_map(|room| room.present());
        let stranger = present.into_iter().find(|present| !is_own(present.occupant.accid.clone()));
        if let Some(taken) = stranger.as_ref().and_then(|stranger| stranger.seats().first()) {
            let to = Targets::Listed(vec![Target { address: taken.seat.address, had: false }]);
            self.writers.send(taken.seat.writer, Job::Deliver { frame: frame.clone(), to, report: None }).await;
        }
    }
}
