//! Messages through the signed server API.

use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, mpsc};

use crate::harness::load::order::{Audience, Fate, Order};
use crate::harness::load::pacer::Due;
use crate::harness::load::rest::{self, Line};
use crate::harness::load::stamp::{Lane, Stamp};

use super::{Office, Traffic};

/// How long nothing more is tried after a call that failed on its way: a gateway that is gone is not to be asked in a loop.
const RESPITE: Duration = Duration::from_millis(20);

impl Office {
    /// Calls when messages are due. One that finds no free connection waits, and is late.
    pub(super) async fn call_due(self: Rc<Office>, traffic: Traffic, mut dues: mpsc::Receiver<Due>) {
        let window = Rc::new(Semaphore::new(traffic.window));
        while let Some(due) = self.next_due(traffic, &mut dues).await
            && let Ok(permit) = window.acquire().await
        {
            permit.forget();
            let order = self.order(traffic, due.number, due.moment);
            tokio::task::spawn_local(self.clone().call(order, window.clone()));
        }
        self.rest(&window, traffic).await;
    }

    /// Calls as fast as there are answers.
    pub(super) async fn call_all(self: Rc<Office>, traffic: Traffic) {
        let window = Rc::new(Semaphore::new(traffic.window));
        for number in 0.. {
            let Ok(permit) = window.acquire().await else { return };
            permit.forget();
            let order = self.order(traffic, number, Instant::now());
            self.caught_up(&order.room).await;
            if self.stop.is_stopped() {
                window.add_permits(1);
                break;
            }
            let order = Order { nanos: self.run.tally.nanos(Instant::now()), ..order };
            tokio::task::spawn_local(self.clone().call(order, window.clone()));
        }
        self.rest(&window, traffic).await;
    }

    /// Waits for those that are on their way.
    async fn rest(&self, window: &Semaphore, traffic: Traffic) {
        let all = u32::try_from(traffic.window).unwrap_or(u32::MAX);
        // It is never closed.
        let _ = window.acquire_many(all).await;
    }

    async fn call(self: Rc<Office>, order: Order, window: Rc<Semaphore>) {
        let line = self.line().await;
        let form = self.form(&order);
        let action = match order.audience {
            Audience::Room => "chatroom/sendMsg",
            Audience::Listed { .. } => "chatroom/sendMsgToSomeone",
        };
        let pending = self.dispatch(order, window);
        let target = &self.run.target;
        let mut line = match line {
            Ok(line) => line,
            Err(error) => return self.failed("no connection", &error, || pending.end(Fate::Refused)).await,
        };
        match line.call(&rest::request(&target.rest, &target.app, &self.clock, action, &form)).await {
            Ok(code) => {
                self.lines.borrow_mut().push(line);
                if code != 200 {
                    self.run.errors.add("rest", code.to_string());
                }
                pending.end(if code == 200 { Fate::Accepted } else { Fate::Refused });
            }
            Err(error) => self.failed("no answer", &error, || pending.end(Fate::Unknown)).await,
        }
    }

    async fn failed(&self, what: &str, error: &std::io::Error, end: impl FnOnce()) {
        self.run.errors.add("rest", format!("{what}: {}", error.kind()));
        tokio::time::sleep(RESPITE).await;
        end();
    }

    /// The one used last: others may be too old.
    async fn line(&self) -> std::io::Result<Line> {
        while let Some(line) = self.take_line() {
            if line.is_fresh() {
                return Ok(line);
            }
        }
        Line::connect(&self.run.target.rest.authority).await
    }

    fn take_line(&self) -> Option<Line> {
        self.lines.borrow_mut().pop()
    }

    /// Nothing in it needs to be escaped but the list.
    fn form(&self, order: &Order) -> String {
        let id = self.run.tally.stamps.write(Stamp { lane: order.lane, nanos: order.nanos });
        let seats = order.room.seats.borrow();
        let from = self.run.names.accid(seats.first().map_or(0, |seat| seat.number));
        let (room, attach) = (&order.room.id, &self.attach);
        let mut form = format!("roomid={room}&msgId={id}&fromAccid={from}&msgType=0&attach={attach}");
        if let Audience::Listed { .. } = order.audience {
            let accids =
                order.listed(seats.len()).map(|at| format!("%22{}%22", self.run.names.accid(seats[at].number)));
            form += &format!("&toAccids=%5B{}%5D", accids.collect::<Vec<_>>().join("%2C"));
        }
        if order.lane == Lane::High {
            // Rather refused than counted in a lane that it did not take.
            form += "&highPriority=true&forbiddenIfHighPriorityMsgFreq=1";
        }
        form
    }
}
