//! Where messages go out, in both ways: through members' sockets and the server API, on time or as fast as they are taken.

mod api;
mod socket;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;

use crate::base::Clock;

use super::order::{Audience, Fate, Order};
use super::pacer::{self, Due};
use super::plan::{Rate, Via};
use super::rest::Line;
use super::room::Room;
use super::run::Run;
use super::stamp::Lane;
use super::tally::{Times, add, times};
use super::watch::Stop;

/// How far members may be behind, in bytes of frames for each on average: half of what roomgate keeps for one by default. It does not
/// wait for members that can't keep up, so who sends as fast as possible has to.
const BEHIND_BYTES: u64 = 128 * 1024;
/// How long they are waited for before it is looked again.
const PAUSE: Duration = Duration::from_millis(1);
/// How long senders may take to end when they are asked to.
const END_TIME: Duration = Duration::from_secs(15);

/// Messages of one kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Traffic {
    /// For which lane.
    pub lane: Lane,
    /// For so many members each; `None` is for the whole room.
    pub recipients: Option<usize>,
    /// How fast.
    pub rate: Rate,
    /// Through which door.
    pub via: Via,
    /// How many may be on their way.
    pub window: usize,
    /// How many there are at most.
    pub most: u64,
}

/// Where they go out during one phase.
#[derive(Debug)]
pub struct Office {
    run: Rc<Run>,
    clock: Clock,
    attach: String,
    stop: Stop,
    /// Asked and not answered.
    under_way: Cell<u64>,
    /// Accepted.
    accepted: Cell<u64>,
    /// From the moment one was due until it went out.
    lag: RefCell<Times>,
    /// From the moment one went out until it was answered.
    answers: RefCell<Times>,
    lines: RefCell<Vec<Line>>,
    tasks: RefCell<Vec<JoinHandle<()>>>,
}

/// A message that has gone out and is not answered.
#[derive(Debug)]
pub struct Pending {
    order: Order,
    office: Rc<Office>,
    since: Instant,
    window: Rc<Semaphore>,
}

impl Office {
    /// Nothing goes out yet.
    pub fn new(run: &Rc<Run>) -> Rc<Office> {
        Rc::new(Office {
            run: run.clone(),
            clock: Clock::system(),
            attach: "x".repeat(run.plan.size),
            stop: Stop::default(),
            under_way: Cell::new(0),
            accepted: Cell::new(0),
            lag: RefCell::new(times()),
            answers: RefCell::new(times()),
            lines: RefCell::default(),
            tasks: RefCell::default(),
        })
    }

    /// Begins with one kind of messages.
    pub fn start(self: &Rc<Office>, traffic: Traffic) -> std::io::Result<()> {
        let task = match (traffic.rate, traffic.via) {
            (Rate::Max, Via::Rest) => tokio::task::spawn_local(self.clone().call_all(traffic)),
            (Rate::Max, Via::Socket) => tokio::task::spawn_local(self.clone().say_all(traffic)),
            (Rate::PerRoom(rate), via) => {
                let dues = pacer::start(rate * self.run.rooms.len() as f64)?;
                match via {
                    Via::Rest => tokio::task::spawn_local(self.clone().call_due(traffic, dues)),
                    Via::Socket => tokio::task::spawn_local(self.clone().say_due(traffic, dues)),
                }
            }
        };
        self.tasks.borrow_mut().push(task);
        Ok(())
    }

    /// Ends it. What is on its way is waited for.
    pub async fn end(&self) {
        self.stop.stop();
        let tasks = self.tasks.take();
        // One that hangs has unanswered messages, which are told of.
        let _ = tokio::time::timeout(END_TIME, futures::future::join_all(tasks)).await;
    }

    /// Messages accepted until now.
    pub fn accepted(&self) -> u64 {
        self.accepted.get()
    }

    /// Messages that were not answered yet.
    pub fn under_way(&self) -> u64 {
        self.under_way.get()
    }

    /// Forgets how long things took until now.
    pub fn begin(&self) {
        self.lag.borrow_mut().reset();
        self.answers.borrow_mut().reset();
    }

    /// How late messages went out.
    pub fn lag(&self) -> Times {
        self.lag.borrow().clone()
    }

    /// How long answers took.
    pub fn answers(&self) -> Times {
        self.answers.borrow().clone()
    }

    /// Message `number`, that is due now: rooms take turns, and so do those on lists, in a way that nobody is asked for in turn.
    fn order(&self, traffic: Traffic, number: u64, moment: Instant) -> Order {
        let rooms = &self.run.rooms;
        let room = rooms[usize::try_from(number % rooms.len() as u64).unwrap_or_default()].clone();
        self.order_in(room, traffic, moment)
    }

    fn order_in(&self, room: Rc<Room>, traffic: Traffic, moment: Instant) -> Order {
        let members = room.seats.borrow().len();
        let audience = match traffic.recipients {
            Some(count) => Audience::Listed { first: fastrand::usize(..members), count },
            None => Audience::Room,
        };
        Order { room, lane: traffic.lane, audience, nanos: self.run.tally.nanos(moment) }
    }

    /// It goes out now.
    fn dispatch(self: &Rc<Office>, order: Order, window: Rc<Semaphore>) -> Pending {
        let since = Instant::now();
        order.send();
        self.under_way.set(self.under_way.get() + 1);
        let late = self.run.tally.nanos(since).saturating_sub(order.nanos);
        add(&mut self.lag.borrow_mut(), Duration::from_nanos(late));
        Pending { order, office: self.clone(), since, window }
    }

    /// Waits until the members of a room have taken in most of what was sent there.
    async fn caught_up(&self, room: &Room) {
        while room.behind() * self.run.tally.frame_bytes.get() > BEHIND_BYTES && !self.stop.is_stopped() {
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The next moment, until it is to end or enough were sent.
    async fn next_due(&self, traffic: Traffic, dues: &mut mpsc::Receiver<Due>) -> Option<Due> {
        let due = tokio::select! {
            biased;
            () = self.stop.wait() => None,
            due = dues.recv() => due,
        };
        due.filter(|due| due.number < traffic.most)
    }
}

impl Pending {
    /// It was answered, or will not be.
    pub fn end(self, fate: Fate) {
        let office = &self.office;
        office.under_way.set(office.under_way.get() - 1);
        self.order.end(fate);
        if fate == Fate::Accepted {
            office.accepted.set(office.accepted.get() + 1);
            add(&mut office.answers.borrow_mut(), self.since.elapsed());
        }
        self.window.add_permits(1);
    }
}
