//! A writer: one task that owns the outlets of its share of sessions. It takes all jobs that wait, sorts their frames into lanes, then
//! writes each touched session once. No lock is needed, and no task is woken for each member and message.

mod due;
pub(super) mod tape;
mod taping;
mod urgent;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use futures::FutureExt;
use futures::stream::{FuturesUnordered, StreamExt};
use slotmap::SlotMap;
use tokio::sync::{mpsc, oneshot};

#[cfg(feature = "wrong-gateways")]
use crate::base::Wrong;
use crate::base::{Clock, limits};
use crate::metrics::Metrics;
use crate::model::Lane;
use crate::wire::{self, CloseCode, Text};

use super::job::{Address, Job, Target, Targets};
use super::link::Line;
use super::outlet::{Bounds, Flushed, Outlet};
use super::writers::WritersSettings;
use super::{Fate, Frame, Link};
use due::next_paced;
use tape::Tape;

/// The soonest that a client is asked to come back: nobody listens before that.
const RECONNECT_AFTER_MS: u64 = 500;

/// What comes to a writer.
pub(super) struct Ways {
    pub(super) jobs: mpsc::Receiver<Job>,
    /// Frames of the high lane.
    pub(super) urgent: mpsc::Receiver<Job>,
}

pub(super) struct Writer {
    ways: Ways,
    settings: WritersSettings,
    clock: Clock,
    metrics: Arc<Metrics>,
    outlets: SlotMap<Address, Outlet>,
    /// Outlets with something to write in this turn.
    touched: Vec<Address>,
    /// Urgent jobs done in this turn. Beyond `HIGH_RUN` of them none goes ahead of what waits by itself: the lanes say what is next.
    hurried: u32,
    /// What whole rooms get in this turn.
    tapes: Vec<Tape>,
    /// One for each blocked outlet; ready when its socket takes bytes again.
    writable: FuturesUnordered<Pin<Box<dyn Future<Output = Address> + Send>>>,
    /// Outlets whose socket took nothing when it was last tried, each once.
    blocked: Vec<Address>,
    /// Outlets whose pace allows more at that moment, each once.
    paced: Vec<(Instant, Address)>,
    /// Outlets that keep what they sent, each once.
    retaining: Vec<Address>,
    /// When those are looked at next.
    next_forgetting: Instant,
    /// Read once a turn, not once a member.
    turn_began: Instant,
    /// When stalled members are looked for next, however much work there is.
    next_check: Instant,
    /// The gateway is going away; whoever still comes is told so.
    draining: Option<CloseCode>,
    tally: Tally,
}

/// What a turn changed, brought to the metrics once a turn.
#[derive(Default)]
struct Tally {
    queued: u64,
    dropped: u64,
    bytes: i64,
}

impl Writer {
    pub(super) fn new(ways: Ways, settings: WritersSettings, clock: Clock, metrics: Arc<Metrics>) -> Writer {
        let now = clock.now();
        Writer {
            ways,
            settings,
            clock,
            metrics,
            outlets: SlotMap::with_key(),
            touched: Vec::new(),
            hurried: 0,
            tapes: Vec::new(),
            writable: FuturesUnordered::new(),
            blocked: Vec::new(),
            paced: Vec::new(),
            retaining: Vec::new(),
            next_forgetting: now,
            turn_began: now,
            next_check: now,
            draining: None,
            tally: Tally::default(),
        }
    }

    pub(super) async fn run(mut self) {
        loop {
            tokio::select! {
                Some(job) = self.ways.urgent.recv() => self.hurry(job).await,
                job = self.ways.jobs.recv() => match job {
                    Some(job) => {
                        // Whoever is ready to hand something over does so first, and it goes in the same writes.
                        self.let_others().await;
                        self.turn(job).await;
                    }
                    None => return,
                },
                Some(address) = self.writable.next(), if !self.writable.is_empty() => self.unblocked(address),
                () = self.clock.sleep_until(self.next_check), if !self.blocked.is_empty() => self.close_stalled(),
                () = next_paced(&self.clock, &self.paced), if !self.paced.is_empty() => self.release_paced(),
                () = self.clock.sleep_until(self.next_forgetting), if !self.retaining.is_empty() => self.forget_overdue(),
            }
            let rested = self.flush_touched().await;
            // Under a constant stream of jobs the sockets that became writable must have their turn too. Nobody knows of them before the
            // runtime has asked the kernel, which a task that yields waits for.
            if !rested && !self.writable.is_empty() {
                tokio::task::yield_now().await;
            }
            while let Some(Some(address)) = self.writable.next().now_or_never() {
                self.unblocked(address);
            }
            self.flush_touched().await;
            self.report();
        }
    }

    /// Takes the jobs that wait, up to `TURN_BYTES` of frames or `TURN_JOBS`.
    async fn turn(&mut self, first: Job) {
        self.turn_began = self.clock.now();
        let (mut job, mut bytes, mut members) = (first, 0, 0);
        for done in 1.. {
            self.catch_up_with_urgent().await;
            members += job.members();
            bytes += self.sort(job);
            if members >= limits::MEMBERS_SORTED {
                members = 0;
                self.let_others().await;
            }
            // Whoever takes a job sorts it, so the bound is looked at before the next is taken.
            if bytes >= limits::TURN_BYTES || done >= limits::TURN_JOBS {
                return;
            }
            let Ok(next) = self.ways.jobs.try_recv() else { return };
            job = next;
        }
    }

    fn sort(&mut self, job: Job) -> usize {
        match job {
            Job::Deliver { frame, to, report } => return self.deliver(&frame, &to, report),
            Job::Open { link, reply } => self.open(link, reply),
            Job::CatchUp { frames, to } => {
                let target = Target { address: to, had: false };
                return frames.iter().map(|frame| self.deliver(frame, &Targets::Listed(vec![target]), None)).sum();
            }
            Job::Count { of } => self.with(of, Outlet::count),
            Job::Part { of, away, last, reply } => {
                // Nobody comes back to a gateway that goes away.
                let stays = self.draining.is_none();
                let now = self.turn_began;
                let parted = self.ask(of, |outlet| stays && outlet.part(away, &last, now));
                let _ = reply.send(parted.unwrap_or(false));
            }
            Job::TakeBack { of, received, reply } => {
                let taken = self.ask(of, |outlet| outlet.take_back(received));
                let _ = reply.send(taken.unwrap_or(false));
            }
            Job::Detach { address, reply } => self.detach(address, reply),
            Job::Attach { to, link, first } => self.attach(to, &link, &first),
            Job::Control { to, bytes } => self.with(to, |outlet| outlet.control(&bytes)),
            Job::Close { to, frame, flush } => self.with(to, |outlet| outlet.close(frame, flush)),
            Job::Remove { address } => self.remove(address),
            Job::Backlog { of, reply } => {
                self.take_off_tape(of);
                let _ = reply.send(self.outlets.get(of).map_or(0, Outlet::backlog));
            }
            Job::Inside { of, reply } => {
                of.iter().for_each(|address| self.take_off_tape(*address));
                let now = self.turn_began;
                let waits = |address| Some((address, self.outlets.get_mut(address)?.waiting(now)));
                let _ = reply.send(of.into_iter().filter_map(waits).collect());
            }
            Job::Pace { of, bytes_per_second } => {
                let now = self.turn_began;
                // What the old pace had it wait for is over.
                self.paced.retain(|&(_, address)| address != of);
                self.with(of, |outlet| outlet.set_pace(bytes_per_second, now));
            }
            Job::Freeze { of, frozen, reply } => {
                let held = self.ask(of, |outlet| outlet.freeze(frozen));
                let _ = reply.send(held.unwrap_or(false));
            }
            Job::Drain { spread_ms, code } => self.drain(spread_ms, code),
        }
        0
    }

    fn open(&mut self, link: Arc<Link>, reply: oneshot::Sender<Address>) {
        let address = self.outlets.insert(Outlet::new(link));
        if reply.send(address).is_err() {
            self.outlets.remove(address);
        } else if let Some(code) = self.draining {
            self.send_away(address, RECONNECT_AFTER_MS, code);
        }
    }

    fn remove(&mut self, address: Address) {
        self.take_off_tape(address);
        let Some(mut outlet) = self.outlets.remove(address) else { return };
        self.tally.bytes -= signed(outlet.bytes());
        // A close frame may have come in this same turn.
        outlet.flush(&self.bounds(), || self.clock.now());
        outlet.hang_up();
    }

    fn detach(&mut self, address: Address, reply: oneshot::Sender<Vec<u8>>) {
        self.take_off_tape(address);
        let waits = self.outlets.remove(address).map(|outlet| {
            self.tally.bytes -= signed(outlet.bytes());
            outlet.detach()
        });
        let _ = reply.send(waits.unwrap_or_default());
    }

    fn attach(&mut self, address: Address, link: &Arc<Link>, first: &[u8]) {
        let first = Arc::new(Frame::reply(Text::in_final_bytes(first)));
        if self.ask(address, |outlet| outlet.attach(link.clone(), first)) != Some(true) {
            // It got too much while it was on its way.
            link.end(CloseCode::TooSlow);
        } else if let Some(code) = self.draining {
            self.send_away(address, RECONNECT_AFTER_MS, code);
        }
    }

    fn bounds(&self) -> Bounds {
        Bounds { lanes: self.settings.bounds, resume_bytes: self.settings.resume_bytes }
    }

    fn deliver(&mut self, frame: &Arc<Frame>, to: &Targets, report: Option<oneshot::Sender<Vec<Fate>>>) -> usize {
        match to {
            Targets::Roster(roster) if self.tapes(frame) => self.record(frame, roster),
            Targets::Roster(roster) => {
                for &address in roster.iter() {
                    self.push(frame, Target { address, had: false });
                }
            }
            Targets::Listed(targets) => {
                let push = |&target: &Target| {
                    #[cfg(feature = "wrong-gateways")]
                    if frame.key.is_some() && Wrong::DropDirected.once_in(20) {
                        return Fate::Queued;
                    }
                    self.push(frame, target)
                };
                let fates = targets.iter().map(push).collect();
                // Whoever asked may have gone away meanwhile.
                let _ = report.map(|report| report.send(fates));
            }
        }
        frame.text.bytes().len()
    }

    fn push(&mut self, frame: &Arc<Frame>, target: Target) -> Fate {
        let bounds = self.bounds();
        #[cfg(feature = "wrong-gateways")]
        if frame.key.is_some() && Wrong::DropRare.once_in(10_000) {
            return Fate::Queued;
        }
        #[cfg(feature = "wrong-gateways")]
        if frame.key.is_some() && Wrong::DeliversTwice.once_in(500) {
            self.push(frame, target);
        }
        let ahead = frame.lane == Lane::High && !target.had && self.hurried <= limits::HIGH_RUN;
        if ahead && self.write_ahead(frame, target.address) {
            return Fate::Queued;
        }
        // Nothing is dropped or refused for want of room before the socket was offered what waits.
        if self.outlets.get_mut(target.address).is_some_and(|outlet| outlet.is_full_unoffered(frame, &bounds.lanes)) {
            self.flush(target.address);
        }
        let now = self.turn_began;
        let mut fate = Fate::Gone;
        let mut dropped = 0;
        self.with(target.address, |outlet| {
            let lost = target.had && frame.key.is_some_and(|key| outlet.take_missed(key, now));
            if target.had && !lost {
                fate = Fate::Duplicate;
                return;
            }
            let pushed = outlet.push(frame, &bounds, now);
            (fate, dropped) = (pushed.fate, pushed.dropped);
        });
        self.tally.queued += u64::from(fate == Fate::Queued);
        self.tally.dropped += dropped;
        fate
    }

    /// Does something with an outlet, keeps count of its bytes and remembers to write it.
    fn with(&mut self, address: Address, act: impl FnOnce(&mut Outlet)) {
        self.ask(address, act);
    }

    /// The same with an answer; `None` where the outlet is gone.
    fn ask<T>(&mut self, address: Address, act: impl FnOnce(&mut Outlet) -> T) -> Option<T> {
        self.take_off_tape(address);
        let outlet = self.outlets.get_mut(address)?;
        let before = outlet.bytes();
        let answer = act(outlet);
        self.tally.bytes += signed(outlet.bytes()) - signed(before);
        if !outlet.touched && outlet.blocked_since.is_none() {
            outlet.touched = true;
            self.touched.push(address);
        }
        Some(answer)
    }

    /// Answers whether other tasks ran meanwhile.
    async fn flush_touched(&mut self) -> bool {
        let mut count = 0;
        // What is urgent may add to the list meanwhile; it is written by then, and has its turn here for nothing.
        while let Some(&address) = self.touched.get(count) {
            self.flush(address);
            count += 1;
            if count.is_multiple_of(limits::MEMBERS_BETWEEN_YIELDS) {
                self.let_others().await;
            }
        }
        self.touched.clear();
        // Whoever was to get one is among those.
        self.tapes.clear();
        self.hurried = 0;
        count >= limits::MEMBERS_BETWEEN_YIELDS
    }

    fn flush(&mut self, address: Address) {
        let bounds = self.bounds();
        let Some(outlet) = self.outlets.get_mut(address) else { return };
        // It may have been written already, to make room.
        if !std::mem::take(&mut outlet.touched) {
            return;
        }
        let before = outlet.bytes();
        let flushed = match outlet.taped.and_then(|taped| self.tapes.get(taped.tape as usize)) {
            Some(tape) => outlet.flush_tape(tape, &bounds, || self.clock.now()),
            None => outlet.flush(&bounds, || self.clock.now()),
        };
        self.tally.bytes += signed(outlet.bytes()) - signed(before);
        self.note_retaining(address);
        let Some(outlet) = self.outlets.get_mut(address) else { return };
        match flushed {
            Flushed::Blocked => self.wait_for(address),
            Flushed::Frozen => self.watch(address),
            Flushed::Paced(until) if !std::mem::replace(&mut outlet.paced, true) => self.paced.push((until, address)),
            Flushed::Paced(_) | Flushed::Empty | Flushed::Shut => {}
        }
    }

    /// Has it looked for whether the client says what it has.
    fn note_retaining(&mut self, address: Address) {
        if let Some(outlet) = self.outlets.get_mut(address)
            && outlet.owes_word()
            && !std::mem::replace(&mut outlet.retains, true)
        {
            self.retaining.push(address);
        }
    }

    /// Has it looked for whether its socket takes nothing for too long.
    fn watch(&mut self, address: Address) {
        let Some(outlet) = self.outlets.get_mut(address) else { return };
        if !std::mem::replace(&mut outlet.watched, true) {
            self.blocked.push(address);
        }
    }

    fn wait_for(&mut self, address: Address) {
        self.watch(address);
        let Some(outlet) = self.outlets.get_mut(address) else { return };
        let Line::Here(link) = outlet.line.clone() else { return };
        self.writable.push(Box::pin(async move {
            // A failed socket counts as writable: writing will show what is wrong.
            let _ = link.socket.writable().await;
            address
        }));
    }

    fn unblocked(&mut self, address: Address) {
        let Some(outlet) = self.outlets.get_mut(address) else { return };
        if !outlet.touched {
            outlet.touched = true;
            self.touched.push(address);
        }
    }

    fn drain(&mut self, spread_ms: u64, code: CloseCode) {
        let addresses: Vec<Address> = self.outlets.keys().collect();
        let count = addresses.len().max(1) as u64;
        for (at, address) in addresses.into_iter().enumerate() {
            let after = RECONNECT_AFTER_MS + spread_ms * at as u64 / count;
            self.send_away(address, after, code);
        }
        self.draining = Some(code);
    }

    fn send_away(&mut self, address: Address, after_ms: u64, code: CloseCode) {
        let frame = Arc::new(Frame::reply(wire::server::drain(after_ms)));
        self.push(&frame, Target { address, had: false });
        if let Some(outlet) = self.outlets.get(address) {
            outlet.line.end(code);
        }
    }

    fn report(&mut self) {
        let Tally { queued, dropped, bytes } = std::mem::take(&mut self.tally);
        self.metrics.frames_queued.inc_by(queued);
        self.metrics.frames_dropped.inc_by(dropped);
        self.metrics.queue_bytes.inc_by(bytes);
    }
}

fn signed(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
