//! One member: its room, its connection, what it was owed and what it got.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use crate::harness::frames;

use super::office::Pending;
use super::pen::Pen;
use super::room::{Mark, Room};

/// One member.
#[derive(Debug)]
pub struct Seat {
    /// Among all members.
    pub number: usize,
    /// Its room.
    pub room: Rc<Room>,
    /// Whether latencies are taken here.
    pub sampled: bool,
    /// It was in its room the whole phase, so that what it is owed is known exactly.
    pub whole: Cell<bool>,
    /// It is in its room, or away with a session that may come back.
    pub present: Cell<bool>,
    /// Messages of this phase that came.
    pub received: Cell<u64>,
    /// Messages of this phase whose loss was told.
    pub lost: Cell<u64>,
    /// What it is owed of this phase, but for the stay that goes on.
    owed: Cell<Mark>,
    /// The room's mark when its stay began.
    entered: Cell<Mark>,
    /// Accepted for it before its connection ended, and not come.
    pub undelivered: Cell<u64>,
    /// Text frames of its session.
    pub frames: Cell<u64>,
    /// How many of them it has said it has.
    pub acked: Cell<u64>,
    /// What a login with `resume` names.
    pub session: RefCell<String>,
    pen: RefCell<Option<Rc<Pen>>>,
    reader: RefCell<Option<AbortHandle>>,
    next_id: Cell<u64>,
    asked: RefCell<VecDeque<(u64, Asked)>>,
}

/// What a reply is awaited for.
#[derive(Debug)]
pub enum Asked {
    /// A message.
    Send(Pending),
    /// A verb, whose asker waits for the code.
    Verb(oneshot::Sender<u16>),
}

impl Seat {
    /// A member that is not there yet.
    pub fn new(number: usize, room: Rc<Room>, sampled: bool) -> Seat {
        Seat {
            number,
            room,
            sampled,
            whole: Cell::new(false),
            present: Cell::new(false),
            received: Cell::new(0),
            lost: Cell::new(0),
            owed: Cell::default(),
            entered: Cell::default(),
            undelivered: Cell::new(0),
            frames: Cell::new(0),
            acked: Cell::new(0),
            session: RefCell::default(),
            pen: RefCell::default(),
            reader: RefCell::default(),
            next_id: Cell::new(0),
            asked: RefCell::default(),
        }
    }

    /// A phase begins, in its room too.
    pub fn begin(&self) {
        self.received.set(0);
        self.lost.set(0);
        self.undelivered.set(0);
        self.owed.set(Mark::default());
        self.entered.set(self.room.mark());
        self.whole.set(self.present.get());
    }

    /// It is in its room. `asked` is the room's mark from before it asked to be.
    pub fn enter(&self, asked: Mark) {
        let mark = Mark { least: asked.least, most: self.room.mark().most };
        self.entered.set(mark);
        if !self.present.replace(true) {
            self.room.present.set(self.room.present.get() + 1);
        }
    }

    /// The room's mark when its stay began.
    pub fn entered(&self) -> Mark {
        self.entered.get()
    }

    /// It has left by itself. `asked` is the room's mark from before it asked to: what was accepted by then has come before the answer.
    pub fn leave(&self, asked: Mark) {
        let stay = self.entered.get().until(Mark { least: asked.least, most: self.room.mark().most });
        self.owe(stay);
        self.whole.set(false);
        self.absent();
    }

    /// Its connection has ended, and nothing more comes. Of what was accepted for it, that can't be asked for any more.
    pub fn cut_off(&self) {
        if !self.present.get() {
            return;
        }
        let mark = self.owed();
        let came = self.came();
        self.undelivered.set(self.undelivered.get() + mark.least.saturating_sub(came));
        self.room.came.set(self.room.came.get() + mark.most.saturating_sub(came));
        self.owed.set(Mark { least: mark.least.min(came), most: mark.most });
        self.whole.set(false);
        self.absent();
    }

    fn absent(&self) {
        if self.present.replace(false) {
            self.room.present.set(self.room.present.get() - 1);
        }
    }

    /// One more directed message is for it; with `certain` false perhaps.
    pub fn owe_one(&self, certain: bool) {
        if self.present.get() {
            self.owe(Mark { least: u64::from(certain), most: 1 });
        }
    }

    fn owe(&self, more: Mark) {
        let owed = self.owed.get();
        self.owed.set(Mark { least: owed.least + more.least, most: owed.most + more.most });
    }

    /// What it is owed of this phase until now.
    pub fn owed(&self) -> Mark {
        let owed = self.owed.get();
        if !self.present.get() {
            return owed;
        }
        let stay = self.entered.get().until(self.room.mark());
        Mark { least: owed.least + stay.least, most: owed.most + stay.most }
    }

    /// What it got of this phase, or was told of.
    pub fn came(&self) -> u64 {
        self.received.get() + self.lost.get()
    }

    /// It has a connection.
    pub fn connect(&self, pen: Pen, next_id: u64) -> Rc<Pen> {
        let pen = Rc::new(pen);
        *self.pen.borrow_mut() = Some(pen.clone());
        self.next_id.set(next_id);
        pen
    }

    /// Who reads its connection.
    pub fn read_by(&self, reader: AbortHandle) {
        *self.reader.borrow_mut() = Some(reader);
    }

    /// Its connection, as long as it has one.
    pub fn pen(&self) -> Option<Rc<Pen>> {
        self.pen.borrow().clone()
    }

    /// Lets go of its connection. Answers what no reply came to.
    pub fn disconnect(&self) -> Vec<Asked> {
        if let Some(reader) = self.reader.take() {
            reader.abort();
        }
        self.pen.take();
        self.asked.take().into_iter().map(|(_, asked)| asked).collect()
    }

    /// The id of a request whose reply is awaited.
    pub fn ask(&self, asked: Asked) -> u64 {
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        self.asked.borrow_mut().push_back((id, asked));
        id
    }

    /// What a reply answers. Replies come in the order of their requests.
    pub fn answered(&self, id: u64) -> Option<Asked> {
        let mut asked = self.asked.borrow_mut();
        let at = asked.iter().position(|(asked, _)| *asked == id)?;
        asked.remove(at).map(|(_, asked)| asked)
    }

    /// Says how many frames it has, once there are `every` more of them; 0 is never.
    pub fn ack(&self, every: u64) {
        let frames = self.frames.get();
        if every == 0 || frames < self.acked.get() + every {
            return;
        }
        if let Some(pen) = &*self.pen.borrow() {
            self.acked.set(frames);
            let mut frame = Vec::with_capacity(48);
            frames::push_text(&mut frame, &format!(r#"{{"op":"ack","received":{frames}}}"#));
            pen.say(&frame);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seated() -> (Rc<Room>, Seat) {
        let room = Rc::new(Room::new("1".into()));
        let seat = Seat::new(0, room.clone(), true);
        seat.enter(room.mark());
        seat.begin();
        (room, seat)
    }

    fn say(room: &Room, times: u64) {
        for _ in 0..times {
            room.send();
            room.accept();
        }
    }

    #[test]
    fn who_stays_is_owed_exactly_what_was_accepted() {
        let (room, seat) = seated();
        say(&room, 5);
        seat.owe_one(true);
        assert_eq!((seat.owed(), seat.whole.get()), (Mark { least: 6, most: 6 }, true));
        room.begin();
        seat.begin();
        assert_eq!(seat.owed(), Mark::default());
    }

    #[test]
    fn who_goes_and_comes_is_owed_its_stays() {
        let (room, seat) = seated();
        say(&room, 2);
        seat.leave(room.mark());
        say(&room, 10);
        let asked = room.mark();
        say(&room, 1);
        seat.enter(asked);
        say(&room, 3);
        assert_eq!((seat.owed(), seat.whole.get(), room.present.get()), (Mark { least: 5, most: 6 }, false, 1));
    }

    #[test]
    fn who_is_cut_off_is_owed_no_more_than_came() {
        let (room, seat) = seated();
        say(&room, 5);
        seat.received.set(3);
        seat.cut_off();
        say(&room, 5);
        seat.owe_one(true);
        assert_eq!((seat.owed(), seat.undelivered.get()), (Mark { least: 3, most: 5 }, 2));
    }
}
