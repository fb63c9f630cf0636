//! Messages through members' sockets: each sender has its share of what may be on its way.

use std::rc::Rc;
use std::time::Instant;

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::harness::frames;
use crate::harness::load::order::{Audience, Order};
use crate::harness::load::pacer::Due;
use crate::harness::load::room::Room;
use crate::harness::load::seat::{Asked, Seat};
use crate::harness::load::stamp::{Lane, Stamp};

use super::{Office, Traffic};

/// Messages written at once at the most.
const TOGETHER: usize = 16;
/// Messages that wait for one sender: what is beyond waits before it.
const WAITING: usize = 1024;

impl Office {
    /// All senders send all they can.
    pub(super) async fn say_all(self: Rc<Office>, traffic: Traffic) {
        let mut senders = JoinSet::new();
        let share = self.share(traffic);
        for room in &self.run.rooms {
            for seat in self.senders(room) {
                senders.spawn_local(self.clone().say_on(seat, share, traffic));
            }
        }
        senders.join_all().await;
    }

    /// Senders take turns when messages are due.
    pub(super) async fn say_due(self: Rc<Office>, traffic: Traffic, mut dues: mpsc::Receiver<Due>) {
        let mut tasks = JoinSet::new();
        let (share, mut desks) = (self.share(traffic), Vec::new());
        for room in &self.run.rooms {
            let mut of_room = Vec::new();
            for seat in self.senders(room) {
                let (desk, orders) = mpsc::channel(WAITING);
                tasks.spawn_local(self.clone().say_each(seat, share, orders));
                of_room.push(desk);
            }
            desks.push(of_room);
        }
        while let Some(due) = self.next_due(traffic, &mut dues).await {
            let number = usize::try_from(due.number).unwrap_or_default();
            let of_room = &desks[number % desks.len()];
            let desk = &of_room[number / desks.len() % of_room.len()];
            // A sender whose connection ended has told so.
            let _ = desk.send(self.order(traffic, due.number, due.moment)).await;
        }
        drop(desks);
        tasks.join_all().await;
    }

    fn senders(&self, room: &Room) -> Vec<Rc<Seat>> {
        room.seats.borrow().iter().take(self.run.plan.senders.max(1)).cloned().collect()
    }

    fn share(&self, traffic: Traffic) -> usize {
        let senders: usize = self.run.rooms.iter().map(|room| self.senders(room).len()).sum();
        (traffic.window / senders.max(1)).max(1)
    }

    async fn say_on(self: Rc<Office>, seat: Rc<Seat>, share: usize, traffic: Traffic) {
        let window = Rc::new(Semaphore::new(share));
        let mut buffer = Vec::new();
        while !self.stop.is_stopped()
            && let Ok(permit) = window.acquire().await
        {
            permit.forget();
            self.caught_up(&seat.room).await;
            if self.stop.is_stopped() {
                return;
            }
            buffer.clear();
            for _ in 0..=window.forget_permits(TOGETHER - 1) {
                let order = self.order_in(seat.room.clone(), traffic, Instant::now());
                self.say(&seat, order, window.clone(), &mut buffer);
            }
            if !write(&seat, &buffer).await {
                return;
            }
        }
    }

    async fn say_each(self: Rc<Office>, seat: Rc<Seat>, share: usize, mut orders: mpsc::Receiver<Order>) {
        let window = Rc::new(Semaphore::new(share));
        let mut buffer = Vec::new();
        while let Some(order) = orders.recv().await
            && let Ok(permit) = window.acquire().await
        {
            permit.forget();
            buffer.clear();
            self.say(&seat, order, window.clone(), &mut buffer);
            if !write(&seat, &buffer).await {
                return;
            }
        }
    }

    /// Puts one message into the buffer.
    fn say(self: &Rc<Office>, seat: &Seat, order: Order, window: Rc<Semaphore>, buffer: &mut Vec<u8>) {
        let id = self.run.tally.stamps.write(Stamp { lane: order.lane, nanos: order.nanos });
        let more = self.more(&order);
        let (room, attach) = (order.room.clone(), &self.attach);
        let pending = self.dispatch(order, window);
        let number = seat.ask(Asked::Send(pending));
        frames::push_text(
            buffer,
            &format!(
                r#"{{"op":"send","id":{number},"roomid":"{}","msgId":"{id}","msgType":0,"attach":"{attach}"{more}}}"#,
                room.id
            ),
        );
    }

    fn more(&self, order: &Order) -> String {
        let mut more = String::new();
        if let Audience::Listed { .. } = order.audience {
            let seats = order.room.seats.borrow();
            let accids = order.listed(seats.len()).map(|at| format!(r#""{}""#, self.run.names.accid(seats[at].number)));
            more += &format!(r#","toAccids":[{}]"#, accids.collect::<Vec<_>>().join(","));
        }
        if order.lane == Lane::High {
            more += r#","highPriority":true,"forbiddenIfHighPriorityMsgFreq":1"#;
        }
        more
    }
}

/// False where the connection is gone: its reader has told so, and of what was not answered.
async fn write(seat: &Seat, buffer: &[u8]) -> bool {
    match seat.pen() {
        Some(pen) => pen.write(buffer).await.is_ok(),
        None => false,
    }
}
