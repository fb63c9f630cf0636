//! What a writer does with tapes: which frames go on one, who gets it, and who is taken off it.

use std::sync::Arc;

#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::base::limits;
use crate::model::Lane;
use crate::presence::Frame;
use crate::presence::job::{Address, Target};
use crate::presence::outlet::Bounds;

use super::tape::Tape;
use super::{Writer, signed};

impl Writer {
    /// Whether a frame for a whole room goes on a tape. An urgent one does not wait for the end of the turn, and a tape must fit into the
    /// lanes of those who can't take it at once.
    pub(super) fn tapes(&self, frame: &Frame) -> bool {
        // Who is wrong on purpose is so in the lanes.
        #[cfg(feature = "wrong-gateways")]
        if Wrong::chosen() {
            return false;
        }
        frame.lane == Lane::Normal && self.settings.bounds.normal_bytes >= 2 * limits::TURN_BYTES
    }

    /// Puts a frame on its room's tape. Who has something waiting already gets it by itself.
    pub(super) fn record(&mut self, frame: &Arc<Frame>, roster: &Arc<[Address]>) {
        let found = self.tapes.iter().position(|tape| tape.is_for(roster));
        let number = found.unwrap_or_else(|| {
            self.begin_tape(roster);
            self.tapes.len() - 1
        });
        let tape = &mut self.tapes[number];
        tape.append(frame);
        self.tally.queued += tape.takers;
        let stragglers = std::mem::take(&mut tape.stragglers);
        for &address in &stragglers {
            self.push(frame, Target { address, had: false });
        }
        self.tapes[number].stragglers = stragglers;
    }

    fn begin_tape(&mut self, roster: &Arc<[Address]>) {
        let mut tape = Tape::new(roster.clone());
        let mark = tape.mark(self.tapes.len());
        for &address in roster.iter() {
            let Some(outlet) = self.outlets.get_mut(address) else { continue };
            if !outlet.keeps_up() || outlet.taped.is_some() {
                tape.stragglers.push(address);
                continue;
            }
            outlet.taped = Some(mark);
            tape.takers += 1;
            if !std::mem::replace(&mut outlet.touched, true) {
                self.touched.push(address);
            }
        }
        self.tapes.push(tape);
    }

    /// Something else is to be done with a member that gets a tape: it gets its frames by itself from here on.
    pub(super) fn take_off_tape(&mut self, address: Address) {
        let Some(outlet) = self.outlets.get_mut(address) else { return };
        let Some(taped) = outlet.taped else { return };
        let tape = &mut self.tapes[taped.tape as usize];
        let bounds = Bounds { lanes: self.settings.bounds, resume_bytes: self.settings.resume_bytes };
        self.tally.dropped += outlet.take_off(tape.frames(taped), &bounds, self.turn_began);
        self.tally.bytes += signed(outlet.bytes());
        tape.takers -= 1;
        tape.stragglers.push(address);
    }
}
