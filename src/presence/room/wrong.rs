//! What rooms do wrong on purpose (feature `wrong-gateways`), where that is more than a line.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::base::{Accid, Wrong};
use crate::model::Lane;
use crate::presence::handing::Chosen;
use crate::presence::recent::HandedTo;
use crate::presence::registry::Post;
use crate::presence::seating::Present;
use crate::presence::writers::{Turnstile, Writers};
use crate::presence::{Frame, MessageKey};

use super::{Room, State};

/// How long a message waits for the next one of its sender.
const WAIT: Duration = Duration::from_millis(50);

/// A message that waits for the next one, and its sender.
#[derive(Debug)]
pub(super) struct Late(Accid, Arc<Frame>);

impl State {
    /// Whether the message was seen to: it waits for the next one, or one of its sender waited for it.
    pub(super) fn swaps(
        &mut self,
        post: &Post<'_>,
        frame: &Arc<Frame>,
        key: MessageKey,
        now: Instant,
        turnstile: &mut Turnstile<'_>,
    ) -> bool {
        if let Some(Late(sender, late)) = self.late.take() {
            let swaps = sender == *post.sender && frame.lane == Lane::Normal;
            if swaps {
                self.post_to_all(frame, key, None, now, turnstile);
            }
            self.seating.tell_all(&late, turnstile);
            return swaps;
        }
        let waits = !post.again && frame.lane == Lane::Normal && Wrong::Swap.once_in(20);
        if waits {
            self.late = Some(Late(post.sender.clone(), frame.clone()));
            self.sequence += 1;
            self.recent.note(key, now, &HandedTo::Room(self.sequence));
        }
        waits
    }

    /// A seat of somebody who is not listed.
    pub(super) fn seat_beside(&self, accids: &[Accid]) -> Vec<Chosen> {
        let others = self.seating.all().filter(|present| !accids.contains(&present.occupant.accid));
        others.flat_map(Present::seats).map(|taken| (0, taken.seat, false)).take(1).collect()
    }
}

impl Room {
    /// What waits for the next message goes without it after a while.
    pub(in crate::presence) fn deliver_late_ones_soon(self: &Arc<Room>, writers: &Arc<Writers>) {
        let (room, writers) = (self.clone(), writers.clone());
        tokio::spawn(async move {
            tokio::time::sleep(WAIT).await;
            let Some(mut turnstile) = writers.reserve(1).await else { return };
            let mut state = room.state.lock();
            if let Some(Late(_, late)) = state.late.take() {
                state.seating.tell_all(&late, &mut turnstile);
            }
        });
    }
}
