//! One room with somebody in it, or with somebody who left it just now: who, and the order in which things happen there.
//!
//! Everything that members can see happen in a room passes its one lock: the time is given, the frame is encoded and the jobs are
//! handed over under it, so times never go back and enter and leave notices agree with who is there. Nothing waits under it.

use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use smallvec::SmallVec;
use tokio::sync::oneshot;

#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::base::{Accid, Clock, PerSecond, Stamp};
use crate::model::{Occupant, Subscription};

use super::handing::{self, Chosen};
use super::job::{Job, Target, Targets};
use super::recent::{HandedTo, Recent, Total};
use super::registry::{Audience, Post};
use super::seating::{Present, Seating, Taken, Vacated};
use super::urgent::Urgent;
use super::writers::{SeatKey, Turnstile};
use super::{Fate, Frame, MessageKey, Range};

#[derive(Debug)]
pub(super) struct Room {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// It is no longer in the registry.
    gone: bool,
    /// Counts room-wide messages.
    sequence: u64,
    seating: Seating,
    recent: Recent,
    urgent: Urgent,
    high_rate: PerSecond,
    /// A message that is delivered too late.
    #[cfg(feature = "wrong-gateways")]
    late: Option<wrong::Late>,
}

/// A session that wants to come in.
pub(super) struct Entering {
    /// Its moment of entering is given by the room, and no earlier than it says.
    pub(super) occupant: Occupant,
    pub(super) subscription: Option<Arc<Subscription>>,
    pub(super) seat: SeatKey,
}

/// What joining did.
pub(super) enum Join {
    /// In it now, or still. `alone` where nobody else is.
    In { alone: bool },
    /// The room has just been emptied away; look it up again.
    Gone,
}

/// What leaving did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// It was the last session of its account there.
    pub last: bool,
    /// Nobody is in the room any more.
    pub empty: bool,
}

/// A message handed over, and the writers that will say what became of it.
pub(super) struct Posted {
    pub(super) frame: Arc<Frame>,
    pub(super) stamp: Stamp,
    /// It went to the room before: it is sent again.
    pub(super) known: bool,
    pub(super) reports: SmallVec<[Report; 2]>,
}

/// What one writer will say.
pub(super) struct Report {
    /// Which recipient each of its fates belongs to.
    pub(super) recipients: Vec<usize>,
    pub(super) fates: oneshot::Receiver<Vec<Fate>>,
}

impl Posted {
    /// Hands it to these; with `outcomes` each writer will say what became of it there.
    fn hand_to(&mut self, seats: Vec<Chosen>, outcomes: bool, turnstile: &mut Turnstile<'_>) {
        let reports = &mut self.reports;
        handing::listed(&self.frame, seats, turnstile, |recipients| {
            outcomes.then(|| {
                let (report, fates) = oneshot::channel();
                reports.push(Report { recipients, fates });
                report
            })
        });
    }
}

impl Room {
    pub(super) fn new(total: Total) -> Room {
        Room { state: Mutex::new(State { recent: Recent::within(total), ..State::default() }) }
    }

    /// Forgets what it no longer needs. True when it is of no use any more; then it takes nobody in.
    pub(super) fn sweep(&self, now: Instant) -> bool {
        let mut state = self.state.lock();
        state.recent.forget(now);
        state.urgent.forget(now);
        state.gone |= state.is_useless();
        state.gone
    }

    pub(super) fn accounts(&self) -> usize {
        self.state.lock().seating.len()
    }

    pub(super) fn present(&self) -> Vec<Present> {
        self.state.lock().seating.all().cloned().collect()
    }

    pub(super) fn find(&self, accid: &Accid) -> Option<Present> {
        self.state.lock().seating.find(accid).cloned()
    }

    /// Who the session is there, and what it said; `None` where it is not in the room.
    pub(super) fn session(&self, accid: &Accid, seat: SeatKey) -> Option<(Arc<Occupant>, Option<Arc<Subscription>>)> {
        let state = self.state.lock();
        let present = state.seating.find(accid)?;
        Some((present.occupant.clone(), present.taken(seat)?.subscription.clone()))
    }

    /// Whether one more high-priority message may go to the room in this second.
    pub(super) fn admit_high(&self, now: Instant, most: u32) -> bool {
        self.state.lock().high_rate.admit(now, most)
    }

    /// A message was taken back: whoever comes back does not get it.
    pub(super) fn forget_message(&self, key: MessageKey) {
        self.state.lock().urgent.forget_message(key);
    }

    /// Lets a session in. The first of its account is announced to all, itself included; before that comes `welcome` to it, and what
    /// was urgent while it was away.
    pub(super) fn join(
        &self,
        entering: Entering,
        clock: &Clock,
        turnstile: &mut Turnstile<'_>,
        welcome: impl FnOnce(&Occupant, usize) -> Option<Frame>,
        notice: impl FnOnce(&Occupant, usize, Stamp) -> Option<Frame>,
    ) -> Join {
        let mut state = self.state.lock();
        if state.gone {
            return Join::Gone;
        }
        let Entering { occupant, subscription, seat } = entering;
        let first = state.seating.find(&occupant.accid).is_none();
        let since = state.sequence;
        let occupant = state.seating.take(occupant, subscription, seat, since);
        let accounts = state.seating.len();
        if let Some(frame) = welcome(&occupant, accounts).map(Arc::new) {
            let to = Targets::Listed(vec![Target { address: seat.address, had: false }]);
            turnstile.send(seat.writer, Job::Deliver { frame, to, report: None });
        }
        state.catch_up(&occupant.accid, seat, clock.now(), turnstile);
        if let Some(frame) = first.then(|| notice(&occupant, accounts, clock.stamp())).flatten() {
            state.seating.tell_all(&Arc::new(frame), turnstile);
        }
        Join::In { alone: first && accounts == 1 }
    }

    /// Lets a session out; the last of its account is announced to those who stay. `None` where it is not in the room.
    pub(super) fn leave(
        &self,
        accid: &Accid,
        seat: SeatKey,
        clock: &Clock,
        turnstile: &mut Turnstile<'_>,
        notice: impl FnOnce(&Occupant, usize, Stamp) -> Option<Frame>,
    ) -> Option<Left> {
        let mut state = self.state.lock();
        let Vacated { occupant, last, away } = state.seating.vacate(accid, seat)?;
        if !away {
            state.urgent.note_leaving(accid, clock.now());
        }
        let accounts = state.seating.len();
        if last && let Some(frame) = notice(&occupant, accounts, clock.stamp()) {
            state.seating.tell_all(&Arc::new(frame), turnstile);
        }
        Some(Left { last, empty: accounts == 0 })
    }

    /// A session's connection is gone, or there again. Whoever is away with all sessions and comes in with a new one gets what was urgent
    /// since then.
    pub(super) fn set_away(&self, accid: &Accid, seat: SeatKey, away: bool, now: Instant) {
        let mut guard = self.state.lock();
        let state = &mut *guard;
        // Put out meanwhile, it says nothing of its account, which may be there with another session.
        let Some(present) = state.seating.find_mut(accid).filter(|present| present.taken(seat).is_some()) else {
            return;
        };
        present.set_away(seat, away);
        match (away, present.is_away()) {
            (true, true) => state.urgent.note_leaving(accid, now),
            (false, _) => state.urgent.forget_leaving(accid),
            (true, false) => {}
        }
    }

    /// Puts all sessions of an account out, each with this last word; then the others are told. `None` where it is not in the room.
    pub(super) fn expel(
        &self,
        accid: &Accid,
        last_word: Frame,
        clock: &Clock,
        turnstile: &mut Turnstile<'_>,
        notice: impl FnOnce(Stamp) -> Frame,
    ) -> Option<Left> {
        let mut state = self.state.lock();
        let present = state.seating.remove(accid)?;
        // Another session of it may have left just before.
        state.urgent.forget_leaving(accid);
        let seats = present.seats().iter().map(|taken| (0, taken.seat, false)).collect();
        handing::listed(&Arc::new(last_word), seats, turnstile, |_| None);
        state.seating.tell_all(&Arc::new(notice(clock.stamp())), turnstile);
        let left = Left { last: true, empty: state.seating.is_empty() };
        #[cfg(feature = "wrong-gateways")]
        if Wrong::SpeaksAfterKick.is() {
            state.seating.readmit(present);
        }
        Some(left)
    }

    /// Puts everybody out: all are told, then each hears this last word. Answers who was in.
    pub(super) fn empty(
        &self,
        last_word: Frame,
        clock: &Clock,
        turnstile: &mut Turnstile<'_>,
        notice: impl FnOnce(Stamp) -> Frame,
    ) -> Vec<Accid> {
        let mut state = self.state.lock();
        state.seating.tell_all(&Arc::new(notice(clock.stamp())), turnstile);
        state.seating.tell_all(&Arc::new(last_word), turnstile);
        state.urgent = Urgent::default();
        std::mem::take(&mut state.seating).all().map(|present| present.occupant.accid.clone()).collect()
    }

    /// Changes how an account looks there; false where it is not in the room.
    pub(super) fn update(&self, accid: &Accid, change: impl FnOnce(&mut Occupant)) -> bool {
        let mut state = self.state.lock();
        let Some(present) = state.seating.find_mut(accid) else { return false };
        change(Arc::make_mut(&mut present.occupant));
        true
    }

    /// Changes what an account's sessions said of themselves, or that of one of them; false where there is none.
    pub(super) fn subscribe(&self, accid: &Accid, only: Option<SeatKey>, change: impl Fn(&mut Subscription)) -> bool {
        let mut state = self.state.lock();
        let Some(present) = state.seating.find_mut(accid) else { return false };
        let mut changed = false;
        for taken in present.seats_mut().iter_mut().filter(|taken| only.is_none_or(|seat| taken.seat == seat)) {
            change(Arc::make_mut(taken.subscription.get_or_insert_default()));
            changed = true;
        }
        changed
    }

    /// Hands a message over; `None` where its sender is not in the room.
    pub(super) fn post(
        &self,
        post: &Post<'_>,
        key: MessageKey,
        clock: &Clock,
        turnstile: &mut Turnstile<'_>,
        encode: impl FnOnce(Stamp) -> Frame,
    ) -> Option<Posted> {
        let mut state = self.state.lock();
        if let Some(seat) = post.from_seat {
            state.seating.taken(post.sender, seat.key)?;
        }
        let now = clock.now();
        state.recent.forget(now);
        let stamp = clock.stamp();
        #[cfg(feature = "wrong-gateways")]
        let stamp = Stamp { time: stamp.time - 5000 * u64::from(Wrong::TimeGoesBack.once_in(50)), ..stamp };
        let frame = Arc::new(encode(stamp));
        let again = (post.again && state.recent.knows(key)).then_some(key);
        let known = again.is_some_and(|key| state.recent.went_to_room(key));
        let waits = again.is_some_and(|key| state.urgent.knows(key));
        #[cfg(feature = "wrong-gateways")]
        let again = again.filter(|_| !Wrong::DuplicateResend.is());
        if let (true, Some(range)) = (post.catch_up && !known && !waits, post.to.range()) {
            state.urgent.note_sending(&frame, range, now);
        }
        let mut posted = Posted { frame, stamp, known, reports: SmallVec::new() };
        match post.to {
            #[cfg(feature = "wrong-gateways")]
            Audience::Within(range) if range.is_everyone() && state.swaps(post, &posted.frame, key, now, turnstile) => {
            }
            Audience::Within(range) if range.is_everyone() => {
                state.post_to_all(&posted.frame, key, again, now, turnstile);
            }
            Audience::Within(range) => {
                let seats = state.seats_within(range, again);
                state.recent.note(key, now, &HandedTo::Range(&keys(&seats)));
                posted.hand_to(seats, false, turnstile);
            }
            Audience::Sender(range) => {
                let seats = state.seats_of_one(post.sender, range, again);
                state.recent.note(key, now, &HandedTo::Range(&keys(&seats)));
                posted.hand_to(seats, false, turnstile);
            }
            Audience::Listed(accids) => {
                let seats = state.seats_of(accids, again);
                state.recent.note(key, now, &HandedTo::Seats(&keys(&seats)));
                posted.hand_to(seats, post.outcomes, turnstile);
                #[cfg(feature = "wrong-gateways")]
                if Wrong::ExtraMember.once_in(3) {
                    handing::listed(&posted.frame, state.seat_beside(accids), turnstile, |_| None);
                }
            }
        }
        Some(posted)
    }

    /// Tells everybody in range something that nobody sends again.
    pub(super) fn tell(
        &self,
        range: &Range,
        clock: &Clock,
        turnstile: &mut Turnstile<'_>,
        encode: impl FnOnce(Stamp) -> Frame,
    ) {
        let mut state = self.state.lock();
        let frame = Arc::new(encode(clock.stamp()));
        if range.is_everyone() {
            state.seating.tell_all(&frame, turnstile);
        } else {
            let seats = state.seats_within(range, None);
            handing::listed(&frame, seats, turnstile, |_| None);
        }
    }
}

impl State {
    fn is_useless(&self) -> bool {
        self.seating.is_empty() && self.urgent.is_empty()
    }

    /// Gives a session what was urgent while its account was away.
    fn catch_up(&mut self, accid: &Accid, seat: SeatKey, now: Instant, turnstile: &mut Turnstile<'_>) {
        let missed = self.urgent.missed_by(accid, now);
        let subscription = self.seating.taken(accid, seat).and_then(|taken| taken.subscription.as_deref());
        let covered = missed.into_iter().filter(|(_, range)| range.covers(subscription));
        let frames: Vec<Arc<Frame>> = covered.map(|(frame, _)| frame).collect();
        // Sent again, they would come twice.
        for key in frames.iter().filter_map(|frame| frame.key) {
            self.recent.note(key, now, &HandedTo::Seats(&[seat]));
        }
        if !frames.is_empty() {
            turnstile.send(seat.writer, Job::CatchUp { frames, to: seat.address });
        }
    }

    fn post_to_all(
        &mut self,
        frame: &Arc<Frame>,
        key: MessageKey,
        again: Option<MessageKey>,
        now: Instant,
        turnstile: &mut Turnstile<'_>,
    ) {
        if again.is_some() {
            let seats = self.seats_within(&Range::default(), again);
            handing::listed(frame, seats, turnstile, |_| None);
        } else {
            self.seating.tell_all(frame, turnstile);
        }
        self.sequence += 1;
        self.recent.note(key, now, &HandedTo::Room(self.sequence));
    }

    fn had(&self, taken: &Taken, again: Option<MessageKey>) -> bool {
        again.is_some_and(|key| self.recent.had(key, taken.seat, taken.since))
    }

    fn seats_within(&self, range: &Range, again: Option<MessageKey>) -> Vec<Chosen> {
        self.seating.within(range).map(|taken| (0, taken.seat, self.had(taken, again))).collect()
    }

    fn seats_of_one(&self, accid: &Accid, range: &Range, again: Option<MessageKey>) -> Vec<Chosen> {
        let seats = self.seating.find(accid).map_or(&[][..], Present::seats).iter();
        let reached = seats.filter(|taken| range.covers(taken.subscription.as_deref()));
        reached.map(|taken| (0, taken.seat, self.had(taken, again))).collect()
    }

    fn seats_of(&self, accids: &[Accid], again: Option<MessageKey>) -> Vec<Chosen> {
        let mut chosen = Vec::with_capacity(accids.len());
        for (recipient, accid) in accids.iter().enumerate() {
            let seats = self.seating.find(accid).map_or(&[][..], Present::seats);
            chosen.extend(seats.iter().map(|taken| (recipient, taken.seat, self.had(taken, again))));
        }
        chosen
    }
}

fn keys(seats: &[Chosen]) -> Vec<SeatKey> {
    seats.iter().map(|(_, seat, _)| *seat).collect()
}

#[cfg(test)]
mod tests;
#[cfg(feature = "wrong-gateways")]
mod wrong;
