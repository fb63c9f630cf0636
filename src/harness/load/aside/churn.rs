//! Half of the members of each room go and come: a goodbye and the end of the connection, then a new one.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;

use crate::harness::frames;
use crate::harness::load::pacer;
use crate::harness::load::report::{Churn, Latency};
use crate::harness::load::run::Run;
use crate::harness::load::seat::{Asked, Seat};
use crate::harness::load::tally::{Times, add, times};
use crate::harness::load::watch::Stop;

/// How long the answer to a `leave` may take.
const ANSWER_TIME: Duration = Duration::from_secs(10);

struct Books {
    run: Rc<Run>,
    went: Cell<u64>,
    came: Cell<u64>,
    failed: Cell<u64>,
    coming: RefCell<Times>,
    going: RefCell<Times>,
    /// Those who are on their way.
    under_way: RefCell<HashSet<usize>>,
}

/// Each in turn does what it did not do last, until it is stopped.
pub(super) async fn go_and_come(run: Rc<Run>, per_second: f64, stop: Stop) -> Churn {
    let books = Rc::new(Books {
        run: run.clone(),
        went: Cell::new(0),
        came: Cell::new(0),
        failed: Cell::new(0),
        coming: RefCell::new(times()),
        going: RefCell::new(times()),
        under_way: RefCell::default(),
    });
    // The senders are among the others.
    let moving: Vec<Rc<Seat>> = run
        .rooms
        .iter()
        .flat_map(|room| {
            let seats = room.seats.borrow();
            seats[seats.len().div_ceil(2)..].to_vec()
        })
        .collect();
    let mut tasks = JoinSet::new();
    if let Ok(mut dues) = pacer::start(per_second) {
        let at_a_time = Arc::new(Semaphore::new(run.plan.opening));
        loop {
            let due = tokio::select! {
                due = dues.recv() => due,
                () = stop.wait() => None,
            };
            let (Some(due), Ok(permit)) = (due, at_a_time.clone().acquire_owned().await) else { break };
            let seat = moving[usize::try_from(due.number).unwrap_or_default() % moving.len()].clone();
            let books = books.clone();
            tasks.spawn_local(async move {
                books.turn(&seat).await;
                drop(permit);
            });
            while tasks.try_join_next().is_some() {}
        }
    }
    tasks.join_all().await;
    books.close()
}

impl Books {
    async fn turn(&self, seat: &Rc<Seat>) {
        // Turns may come faster than members are.
        if !self.under_way.borrow_mut().insert(seat.number) {
            return;
        }
        if seat.present.get() {
            self.go(seat).await;
        } else {
            self.come(seat).await;
        }
        self.under_way.borrow_mut().remove(&seat.number);
    }

    async fn come(&self, seat: &Rc<Seat>) {
        let since = Instant::now();
        match self.run.come(seat).await {
            Ok(()) => {
                self.came.set(self.came.get() + 1);
                add(&mut self.coming.borrow_mut(), since.elapsed());
            }
            Err(error) => {
                self.failed.set(self.failed.get() + 1);
                self.run.errors.add_connection(&error);
            }
        }
    }

    async fn go(&self, seat: &Rc<Seat>) {
        let Some(pen) = seat.pen() else { return };
        let (since, asked) = (Instant::now(), seat.room.mark());
        let (asker, code) = oneshot::channel();
        let id = seat.ask(Asked::Verb(asker));
        let mut frame = Vec::new();
        frames::push_text(&mut frame, &format!(r#"{{"op":"leave","id":{id},"roomid":"{}"}}"#, seat.room.id));
        // One that can't be written to is noticed by its reader.
        let _ = pen.write(&frame).await;
        match tokio::time::timeout(ANSWER_TIME, code).await {
            Ok(Ok(200)) => {
                seat.leave(asked);
                self.went.set(self.went.get() + 1);
                add(&mut self.going.borrow_mut(), since.elapsed());
            }
            Ok(Ok(code)) => self.run.errors.add("socket", format!("{code} to leave")),
            Ok(Err(_)) => return,
            Err(_) => self.run.errors.add("socket", "no answer to leave"),
        }
        seat.cut_off();
        self.run.say_goodbye(seat);
    }

    fn close(&self) -> Churn {
        Churn {
            went: self.went.get(),
            came: self.came.get(),
            failed: self.failed.get(),
            coming: Latency::of(&self.coming.borrow()),
            going: Latency::of(&self.going.borrow()),
        }
    }
}
