//! Handing a frame to the writers: cut by writer, one job for each that has somebody to reach.

use std::sync::Arc;

use smallvec::SmallVec;
use tokio::sync::oneshot;

use super::job::{Address, Job, Target, Targets};
use super::writers::{SeatKey, Turnstile};
use super::{Fate, Frame};

/// All seats of a room, cut by writer; many messages share it.
pub(super) type Roster = Arc<[Arc<[Address]>]>;

/// A recipient's number in the list, its seat, and whether it was handed the message before.
pub(super) type Chosen = (usize, SeatKey, bool);

/// Cuts seats by writer.
pub(super) fn cut(seats: impl Iterator<Item = SeatKey>, writers: usize) -> Roster {
    let mut cut = vec![Vec::new(); writers];
    for seat in seats {
        cut[seat.writer].push(seat.address);
    }
    cut.into_iter().map(Arc::from).collect()
}

/// To everybody of a roster.
pub(super) fn all(frame: &Arc<Frame>, roster: &Roster, turnstile: &mut Turnstile<'_>) {
    for (writer, seats) in roster.iter().enumerate().filter(|(_, seats)| !seats.is_empty()) {
        let to = Targets::Roster(seats.clone());
        turnstile.send(writer, Job::Deliver { frame: frame.clone(), to, report: None });
    }
}

/// To those chosen. `report` says, for the recipients that one writer has, where it shall tell what became of them.
pub(super) fn listed(
    frame: &Arc<Frame>,
    seats: Vec<Chosen>,
    turnstile: &mut Turnstile<'_>,
    mut report: impl FnMut(Vec<usize>) -> Option<oneshot::Sender<Vec<Fate>>>,
) {
    // Most of them have the same writer, or equally many have each.
    let room = seats.len() / turnstile.writers() + 1;
    let part = || (Vec::with_capacity(room), Vec::with_capacity(room));
    let mut cut: SmallVec<[(Vec<Target>, Vec<usize>); 8]> = (0..turnstile.writers()).map(|_| part()).collect();
    for (recipient, seat, had) in seats {
        let (targets, recipients) = &mut cut[seat.writer];
        targets.push(Target { address: seat.address, had });
        recipients.push(recipient);
    }
    for (writer, (targets, recipients)) in cut.into_iter().enumerate().filter(|(_, (targets, _))| !targets.is_empty()) {
        let report = report(recipients);
        turnstile.send(writer, Job::Deliver { frame: frame.clone(), to: Targets::Listed(targets), report });
    }
}
