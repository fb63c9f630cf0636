//! One room with somebody in it: who, and the order in which things happen there.
//!
//! Everything that members can see happen in a room passes its one lock: the time is given, the frame is encoded and the jobs are
//! handed over under it, so times never go back and enter and leave notices agree with who is there. Nothing waits under it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use smallvec::{SmallVec, smallvec};
use tokio::sync::oneshot;

use crate::base::{Accid, Clock, Millis};
use crate::model::Member;

use super::job::{Address, Job, Target, Targets};
use super::recent::{HandedTo, Recent, Total};
use super::registry::{Audience, Post};
use super::writers::{SeatKey, Turnstile};
use super::{Fate, Frame, MessageKey};

#[derive(Debug)]
pub(super) struct Room {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// It was empty and is no longer in the registry.
    gone: bool,
    /// Counts room-wide messages.
    sequence: u64,
    members: HashMap<Accid, Present>,
    /// All seats cut by writer; made again when somebody has come or gone.
    roster: Option<Arc<[Arc<[Address]>]>>,
    recent: Recent,
}

#[derive(Debug)]
struct Present {
    member: Arc<Member>,
    seats: SmallVec<[Taken; 1]>,
}

#[derive(Debug, Clone, Copy)]
struct Taken {
    seat: SeatKey,
    /// The sequence number of the room when it joined.
    since: u64,
}

/// What joining did.
pub(super) enum Join {
    /// In it now, or still.
    In { member: Arc<Member> },
    /// The room has just been emptied away; look it up again.
    Gone,
}

/// A message handed over, and the writers that will say what became of it.
pub(super) struct Posted {
    pub(super) frame: Arc<Frame>,
    pub(super) reports: SmallVec<[Report; 2]>,
}

/// What one writer will say.
pub(super) struct Report {
    /// Which recipient each of its fates belongs to.
    pub(super) recipients: Vec<usize>,
    pub(super) fates: oneshot::Receiver<Vec<Fate>>,
}

impl Room {
    pub(super) fn new(total: Total) -> Room {
        Room { state: Mutex::new(State { recent: Recent::within(total), ..State::default() }) }
    }

    /// Forgets what it no longer needs for re-sends.
    pub(super) fn sweep(&self, now: Instant) {
        self.state.lock().recent.forget(now);
    }

    pub(super) fn accounts(&self) -> usize {
        self.state.lock().members.len()
    }

    pub(super) fn members(&self) -> Vec<Arc<Member>> {
        self.state.lock().members.values().map(|present| present.member.clone()).collect()
    }

    /// Lets a session in. The first of its account is announced to all, itself included; `welcome` goes to it before that.
    pub(super) fn join(
        &self,
        member: Member,
        seat: SeatKey,
        turnstile: &mut Turnstile<'_>,
        welcome: impl FnOnce(&Member, usize) -> Option<Frame>,
        notice: impl FnOnce(usize) -> Option<Frame>,
    ) -> Join {
        let mut state = self.state.lock();
        if state.gone {
            return Join::Gone;
        }
        let since = state.sequence;
        let accid = member.accid.clone();
        let first = !state.members.contains_key(&accid);
        let present =
            state.members.entry(accid).or_insert_with(|| Present { member: Arc::new(member), seats: SmallVec::new() });
        let member = present.member.clone();
        if !present.seats.iter().any(|taken| taken.seat == seat) {
            present.seats.push(Taken { seat, since });
            state.roster = None;
        }
        let accounts = state.members.len();
        if let Some(frame) = welcome(&member, accounts).map(Arc::new) {
            let to = Targets::Listed(vec![Target { address: seat.address, had: false }]);
            turnstile.send(seat.writer, Job::Deliver { frame, to, report: None });
        }
        if let Some(frame) = first.then(|| notice(accounts)).flatten() {
            state.tell_all(&Arc::new(frame), turnstile);
        }
        Join::In { member }
    }

    /// Lets a session out; the last of its account is announced to those who stay. True when nobody stays.
    pub(super) fn leave(
        &self,
        accid: &Accid,
        seat: SeatKey,
        turnstile: &mut Turnstile<'_>,
        notice: impl FnOnce(usize) -> Option<Frame>,
    ) -> bool {
        let mut state = self.state.lock();
        let Some(present) = state.members.get_mut(accid) else { return false };
        present.seats.retain(|taken| taken.seat != seat);
        let last = present.seats.is_empty();
        state.roster = None;
        if last {
            state.members.remove(accid);
        }
        let accounts = state.members.len();
        if accounts == 0 {
            state.gone = true;
        } else if let Some(frame) = last.then(|| notice(accounts)).flatten() {
            state.tell_all(&Arc::new(frame), turnstile);
        }
        state.gone
    }

    /// Hands a message over.
    pub(super) fn post(
        &self,
        post: &Post<'_>,
        key: MessageKey,
        clock: &Clock,
        turnstile: &mut Turnstile<'_>,
        encode: impl FnOnce(Millis) -> Frame,
    ) -> Posted {
        let mut state = self.state.lock();
        state.recent.forget(clock.now());
        let frame = Arc::new(encode(clock.message_time()));
        let again = post.again && state.recent.knows(key);
        let mut posted = Posted { frame, reports: SmallVec::new() };
        match post.to {
            Audience::Everyone => {
                if again {
                    let seats = state.all_seats(key);
                    send_listed(&mut posted, seats, false, turnstile);
                } else {
                    state.tell_all(&posted.frame, turnstile);
                }
                state.sequence += 1;
                let handed = HandedTo::Room(state.sequence);
                state.recent.note(key, clock.now(), &handed);
            }
            Audience::Listed(accids) => {
                let seats = state.seats_of(accids, again.then_some(key));
                let handed: Vec<SeatKey> = seats.iter().map(|(_, seat, _)| *seat).collect();
                state.recent.note(key, clock.now(), &HandedTo::Seats(&handed));
                send_listed(&mut posted, seats, post.outcomes, turnstile);
            }
        }
        posted
    }
}

/// A recipient's number in the list, its seat, and whether it was handed the message before.
type Chosen = (usize, SeatKey, bool);

fn send_listed(posted: &mut Posted, seats: Vec<Chosen>, outcomes: bool, turnstile: &mut Turnstile<'_>) {
    let mut cut: SmallVec<[(Vec<Target>, Vec<usize>); 8]> = smallvec![Default::default(); turnstile.writers()];
    for (recipient, seat, had) in seats {
        let (targets, recipients) = &mut cut[seat.writer];
        targets.push(Target { address: seat.address, had });
        recipients.push(recipient);
    }
    for (writer, (targets, recipients)) in cut.into_iter().enumerate() {
        if targets.is_empty() {
            continue;
        }
        let report = outcomes.then(|| {
            let (report, fates) = oneshot::channel();
            posted.reports.push(Report { recipients, fates });
            report
        });
        let to = Targets::Listed(targets);
        turnstile.send(writer, Job::Deliver { frame: posted.frame.clone(), to, report });
    }
}

impl State {
    fn tell_all(&mut self, frame: &Arc<Frame>, turnstile: &mut Turnstile<'_>) {
        let members = &self.members;
        let roster = self.roster.get_or_insert_with(|| cut_roster(members, turnstile.writers()));
        for (writer, seats) in roster.iter().enumerate().filter(|(_, seats)| !seats.is_empty()) {
            let to = Targets::Roster(seats.clone());
            turnstile.send(writer, Job::Deliver { frame: frame.clone(), to, report: None });
        }
    }

    fn all_seats(&self, key: MessageKey) -> Vec<Chosen> {
        let seats = self.members.values().flat_map(|present| &present.seats);
        seats.map(|taken| (0, taken.seat, self.recent.had(key, taken.seat, taken.since))).collect()
    }

    fn seats_of(&self, accids: &[Accid], again: Option<MessageKey>) -> Vec<Chosen> {
        let mut chosen = Vec::with_capacity(accids.len());
        for (recipient, accid) in accids.iter().enumerate() {
            let seats = self.members.get(accid).map_or(&[][..], |present| &present.seats);
            chosen.extend(seats.iter().map(|taken| {
                let had = again.is_some_and(|key| self.recent.had(key, taken.seat, taken.since));
                (recipient, taken.seat, had)
            }));
        }
        chosen
    }
}

fn cut_roster(members: &HashMap<Accid, Present>, writers: usize) -> Arc<[Arc<[Address]>]> {
    let mut cut = vec![Vec::new(); writers];
    for taken in members.values().flat_map(|present| &present.seats) {
        cut[taken.seat.writer].push(taken.seat.address);
    }
    cut.into_iter().map(Arc::from).collect()
}
