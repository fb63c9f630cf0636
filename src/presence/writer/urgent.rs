//! What a writer does for the high lane: its jobs go ahead of those that wait, its frames ahead of what the turn still sorts.

use std::sync::Arc;

#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::base::limits;
use crate::presence::Frame;
use crate::presence::job::{Address, Job, Target, Targets};

use super::Writer;

impl Writer {
    /// Lets other tasks run, who may have something urgent, and sees to that.
    pub(super) async fn let_others(&mut self) {
        tokio::task::yield_now().await;
        while self.hurried < limits::HIGH_RUN
            && let Ok(job) = self.ways.urgent.try_recv()
        {
            self.hurry(job).await;
        }
    }

    /// Sees to what is urgent and was handed over by now: what comes after it may end something, as `kicked` does, or take it back.
    pub(super) async fn catch_up_with_urgent(&mut self) {
        for _ in 0..self.ways.urgent.len() {
            let Ok(job) = self.ways.urgent.try_recv() else { return };
            self.hurry(job).await;
        }
    }

    /// Brings an urgent frame to its members at once, ahead of what is still to be sorted and written.
    pub(super) async fn hurry(&mut self, job: Job) {
        self.hurried += 1;
        self.turn_began = self.clock.now();
        let Job::Deliver { frame, to, report } = job else {
            self.sort(job);
            return;
        };
        let targets: Vec<Target> = match to {
            Targets::Roster(roster) => roster.iter().map(|&address| Target { address, had: false }).collect(),
            Targets::Listed(targets) => targets,
        };
        let mut fates = Vec::with_capacity(targets.len());
        for (count, target) in targets.into_iter().enumerate() {
            fates.push(self.push(&frame, target));
            // Whoever still gets a tape has the frame already, and the tape at the end of the turn.
            if self.outlets.get(target.address).is_some_and(|outlet| outlet.taped.is_none()) {
                self.flush(target.address);
            }
            if count % limits::MEMBERS_BETWEEN_YIELDS == limits::MEMBERS_BETWEEN_YIELDS - 1 {
                tokio::task::yield_now().await;
            }
        }
        // Whoever asked may have gone away meanwhile.
        let _ = report.map(|report| report.send(fates));
    }

    /// Writes an urgent frame at once to whoever keeps up, ahead of its part of a tape; false where it takes the lane.
    pub(super) fn write_ahead(&mut self, frame: &Arc<Frame>, address: Address) -> bool {
        #[cfg(feature = "wrong-gateways")]
        if Wrong::chosen() {
            return false;
        }
        let bounds = self.bounds();
        let Some(outlet) = self.outlets.get_mut(address) else { return false };
        let Some(written) = outlet.write_ahead(frame, &bounds, || self.clock.now()) else { return false };
        if written < frame.bytes().len() {
            self.with(address, |outlet| outlet.go_on_with(frame, written));
        }
        self.tally.queued += 1;
        self.note_retaining(address);
        true
    }
}
