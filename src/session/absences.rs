//! Sessions whose connection is gone, kept for a while for whoever comes back over another one (promise 5 of the socket protocol).

use std::future::poll_fn;
use std::sync::Arc;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use tokio::sync::oneshot;

use crate::base::{Clock, SessionId, Tasks, limits};
use crate::metrics::Counted;
use crate::presence::{Away, Ending, Line};
use crate::service::{LogOut, Services};
use crate::wire::CloseCode;

use super::live::Live;

/// All of them.
#[derive(Debug)]
pub(super) struct Absences {
    slots: DashMap<SessionId, Slot>,
    tasks: Tasks,
}

#[derive(Debug)]
enum Slot {
    /// It is away.
    Kept(Arc<Away>, Box<Live>),
    /// Somebody waits for it to let go of its old connection.
    Wanted(oneshot::Sender<Box<Live>>),
}

/// One session's absence, which ends by itself.
struct Absence {
    services: Arc<Services>,
    absences: Arc<Absences>,
    session: SessionId,
    away: Arc<Away>,
    _counted: Counted,
}

impl Absences {
    /// None yet. Each will be a task of `tasks`.
    pub(super) fn new(tasks: Tasks) -> Arc<Absences> {
        Arc::new(Absences { slots: DashMap::new(), tasks })
    }

    /// Whether there is room for one more.
    pub(super) fn have_room(&self, most: usize) -> bool {
        self.slots.len() < most
    }

    /// Keeps a session until it has come back or is over; where somebody has waited for it, hands it on.
    pub(super) fn keep(self: &Arc<Self>, services: &Arc<Services>, away: Arc<Away>, live: Box<Live>) {
        let session = live.session;
        match self.slots.entry(session) {
            Entry::Vacant(free) => {
                free.insert(Slot::Kept(away.clone(), live));
            }
            Entry::Occupied(wanted) => {
                let Slot::Wanted(waiting) = wanted.remove() else { return };
                let Err(live) = waiting.send(live) else { return };
                // Whoever waited has just given up.
                self.slots.insert(session, Slot::Kept(away.clone(), live));
            }
        }
        let counted = Counted::by(&services.metrics.sessions_away);
        let absence = Absence { services: services.clone(), absences: self.clone(), session, away, _counted: counted };
        // A task of its own: its connection may not be closed for a while yet.
        self.tasks.spawn(absence.end());
    }

    /// Takes a session from wherever it is: it lets go of its old connection, if it has one still. `line` is how it is reached.
    pub(super) async fn claim(&self, line: &Line, session: SessionId, clock: &Clock) -> Option<Box<Live>> {
        let waiting = match self.slots.entry(session) {
            Entry::Vacant(free) => {
                let (sender, waiting) = oneshot::channel();
                free.insert(Slot::Wanted(sender));
                waiting
            }
            Entry::Occupied(slot) if matches!(slot.get(), Slot::Kept(..)) => {
                let Slot::Kept(away, live) = slot.remove() else { return None };
                Line::Away(away).move_away();
                return Some(live);
            }
            // Another connection was quicker.
            Entry::Occupied(_) => return None,
        };
        line.move_away();
        let claimed = tokio::select! {
            biased;
            claimed = waiting => claimed.ok(),
            () = clock.sleep(limits::CLAIM_TIME) => None,
        };
        self.slots.remove_if(&session, |_, slot| matches!(slot, Slot::Wanted(sender) if sender.is_closed()));
        claimed
    }

    /// Takes the session of this absence out, if it is here still.
    fn take(&self, session: SessionId, absence: &Arc<Away>) -> Option<Box<Live>> {
        let own = |_: &SessionId, slot: &Slot| matches!(slot, Slot::Kept(away, _) if Arc::ptr_eq(away, absence));
        match self.slots.remove_if(&session, own)? {
            (_, Slot::Kept(_, live)) => Some(live),
            (_, Slot::Wanted(_)) => None,
        }
    }
}

impl Absence {
    /// Waits until the session has come back, or is over and has left its rooms.
    async fn end(self) {
        let time = self.services.settings.socket.resume_time;
        let why = tokio::select! {
            ending = poll_fn(|cx| self.away.poll_ending(cx)) => log_out(ending),
            () = self.services.clock.sleep(time) => LogOut::Offline,
        };
        if let Some(live) = self.absences.take(self.session, &self.away) {
            tracing::debug!(accid = %live.user.accid, "{} did not come back", live.user.accid);
            // Boxed: an absence waits for most of its time.
            Box::pin(live.leave_all(why)).await;
        }
    }
}

fn log_out(ending: Ending) -> LogOut {
    match ending {
        Ending::Close(CloseCode::Replaced) => LogOut::LoginKick,
        Ending::Close(CloseCode::Disabled) => LogOut::Kick,
        Ending::Close(_) | Ending::Broken | Ending::Moved => LogOut::Offline,
    }
}
