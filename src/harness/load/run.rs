//! A run while it goes on: its members, what comes to them, and what goes wrong.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::time::Instant;

use tokio::net::tcp::OwnedReadHalf;

use crate::harness::connection::FROM_ONE_ADDRESS;
use crate::harness::frames::{Frame, Kind, PONG, Walker};
use crate::harness::reading::poll_some;
use crate::harness::{Connection, ConnectionError};

use super::errors::Errors;
use super::office::Pending;
use super::order::Fate;
use super::pen::Pen;
use super::plan::Plan;
use super::room::Room;
use super::seat::{Asked, Seat};
use super::stage::Names;
use super::tally::Tally;
use super::target::Target;
use super::watch::Stop;

/// Source addresses on loopback that a run may begin with: one of its own, since the ports of the last run are not free at once.
const FIRST_BLOCKS: usize = 20_000;
/// A goodbye: a masked close frame with code 1000.
const GOODBYE: [u8; 8] = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8];

/// One run.
#[derive(Debug)]
pub struct Run {
    /// What is to be done.
    pub plan: Plan,
    /// The gateway.
    pub target: Target,
    /// Names and tokens.
    pub names: Names,
    /// The rooms.
    pub rooms: Vec<Rc<Room>>,
    /// The members.
    pub seats: Vec<Rc<Seat>>,
    /// What came.
    pub tally: Tally,
    /// What went wrong.
    pub errors: Errors,
    /// Connections that ended and were not ended here.
    pub ended: Cell<u64>,
    /// Of these, those without a close frame: it died, or the network did.
    pub broken: Cell<u64>,
    /// The first source address on loopback, of those there are: who comes back uses others.
    first_block: Cell<usize>,
    /// Ends it early.
    pub stop: Stop,
}

impl Run {
    /// Members in their rooms, none of them there yet.
    pub fn new(plan: Plan, target: Target, names: Names, rooms: Vec<String>, stop: Stop) -> Run {
        let rooms: Vec<Rc<Room>> = rooms.into_iter().map(|id| Rc::new(Room::new(id))).collect();
        let sample = plan.sample();
        let seat = |number: usize| {
            let room = &rooms[number % rooms.len()];
            let seat = Rc::new(Seat::new(number, room.clone(), number.is_multiple_of(sample)));
            room.seats.borrow_mut().push(seat.clone());
            seat
        };
        let seats = (0..plan.members).map(seat).collect();
        Run {
            plan,
            target,
            names,
            rooms,
            seats,
            tally: Tally::new(),
            errors: Errors::default(),
            ended: Cell::new(0),
            broken: Cell::new(0),
            first_block: Cell::new(fastrand::usize(1..FIRST_BLOCKS)),
            stop,
        }
    }

    /// Nothing is on its way, and counting begins anew.
    pub fn begin(&self) {
        self.rooms.iter().for_each(|room| room.begin());
        self.seats.iter().for_each(|seat| seat.begin());
    }

    /// Brings a member in: connects, logs in, joins.
    pub async fn come(self: &Rc<Run>, seat: &Rc<Seat>) -> Result<(), ConnectionError> {
        let mut connection = self.connect(seat).await?;
        let answer = connection.ask_for("login", &self.login(seat), |_| ()).await?;
        self.settle_in(seat, connection, &answer).await
    }

    /// Brings one back whose connection was cut, with its session where it has it still. Answers whether it had.
    pub async fn come_back(self: &Rc<Run>, seat: &Rc<Seat>) -> Result<bool, ConnectionError> {
        let mut connection = self.connect(seat).await?;
        let resume = format!(r#","resume":{{"session":"{}","received":{}}}"#, seat.session.borrow(), seat.frames.get());
        let login = self.login(seat) + &resume;
        let mut early = Early::default();
        let answer = connection.ask_for("login", &login, |frame| early.note(self, seat, frame)).await?;
        if answer.contains(r#""resumed":true"#) {
            early.count(seat);
            self.attend(seat, connection);
            return Ok(true);
        }
        seat.cut_off();
        self.settle_in(seat, connection, &answer).await?;
        Ok(false)
    }

    async fn connect(&self, seat: &Seat) -> Result<Connection, ConnectionError> {
        self.target.entrance.connect(seat.number + self.first_block.get() * FROM_ONE_ADDRESS).await
    }

    /// From now on members connect from other source addresses.
    pub fn move_on(&self) {
        self.first_block.set(self.first_block.get() + self.plan.members.div_ceil(FROM_ONE_ADDRESS));
    }

    fn login(&self, seat: &Seat) -> String {
        let (key, accid, token) = (self.target.app.key(), self.names.accid(seat.number), &self.names.token);
        format!(r#""appKey":"{key}","accid":"{accid}","token":"{token}""#)
    }

    /// With a new session, whose first frame was the answer to the login.
    async fn settle_in(
        self: &Rc<Run>,
        seat: &Rc<Seat>,
        mut connection: Connection,
        login: &str,
    ) -> Result<(), ConnectionError> {
        *seat.session.borrow_mut() = session(login).unwrap_or_default().to_owned();
        let asked = seat.room.mark();
        let mut early = Early { frames: 2 };
        connection.join(&seat.room.id, |frame| early.note(self, seat, frame)).await?;
        seat.frames.set(0);
        seat.acked.set(0);
        early.count(seat);
        seat.enter(asked);
        self.attend(seat, connection);
        Ok(())
    }

    fn attend(self: &Rc<Run>, seat: &Rc<Seat>, connection: Connection) {
        let next_id = connection.next_id();
        let (stream, walker) = connection.into_parts();
        let (reader, writer) = stream.into_split();
        let pen = seat.connect(Pen::new(writer), next_id);
        let task = tokio::task::spawn_local(self.clone().read(seat.clone(), reader, pen, walker));
        seat.read_by(task.abort_handle());
    }

    /// Reads until the gateway ends the connection.
    async fn read(self: Rc<Run>, seat: Rc<Seat>, mut reader: OwnedReadHalf, pen: Rc<Pen>, mut walker: Walker) {
        let mut end = None;
        let mut more = true;
        while more {
            more = poll_fn(|cx| {
                poll_some(&mut reader, cx, |bytes| {
                    let now = seat.sampled.then(Instant::now);
                    walker.walk(bytes, |frame| match frame.kind {
                        Kind::Ping => pen.say(&PONG),
                        Kind::Close => end = Some(frame.close_code()),
                        _ => self.note(&seat, frame, now),
                    });
                    seat.ack(self.plan.ack);
                })
            })
            .await;
        }
        let what = match end {
            Some(Some(code)) => code.to_string(),
            Some(None) => "without a code".into(),
            None => {
                self.broken.set(self.broken.get() + 1);
                "the connection broke".into()
            }
        };
        self.errors.add("close", what);
        self.ended.set(self.ended.get() + 1);
        self.cut(&seat);
        seat.cut_off();
    }

    /// A text frame of a member's session.
    fn note(&self, seat: &Seat, frame: Frame<'_>, now: Option<Instant>) {
        seat.frames.set(seat.frames.get() + 1);
        match frame.kind {
            Kind::Message => self.came(seat, frame, now),
            Kind::Reply => self.answered(seat, frame),
            Kind::Lost => {
                let lost = frame.lost().unwrap_or_default();
                seat.lost.set(seat.lost.get() + lost);
                seat.room.came.set(seat.room.came.get() + lost);
            }
            Kind::Kicked => self.errors.add("socket", "kicked"),
            Kind::Drain | Kind::Ping | Kind::Close | Kind::Other => {}
        }
    }

    fn came(&self, seat: &Seat, frame: Frame<'_>, now: Option<Instant>) {
        if let Some(found) = self.tally.stamps.find(frame.head) {
            seat.received.set(seat.received.get() + 1);
            seat.room.came.set(seat.room.came.get() + 1);
            self.tally.came(found, frame.bytes, now);
        }
    }

    fn answered(&self, seat: &Seat, frame: Frame<'_>) {
        let code = frame.code().unwrap_or_default();
        match frame.reply_id().and_then(|id| seat.answered(id)) {
            Some(Asked::Send(pending)) if code == 200 => pending.end(Fate::Accepted),
            Some(Asked::Send(pending)) => {
                self.errors.add("socket", format!("{code} to send"));
                pending.end(Fate::Refused);
            }
            // Who asked may have stopped waiting.
            Some(Asked::Verb(asker)) => drop(asker.send(code)),
            None => self.errors.add("socket", format!("{code} to nothing")),
        }
    }

    /// Cuts a member's connection as a lost network does, without a goodbye.
    pub fn cut(&self, seat: &Seat) {
        for asked in seat.disconnect() {
            if let Asked::Send(pending) = asked {
                Pending::end(pending, Fate::Unknown);
            }
        }
    }

    /// Everybody says goodbye.
    pub fn leave(&self) {
        self.seats.iter().for_each(|seat| self.say_goodbye(seat));
    }

    /// A member says goodbye.
    pub fn say_goodbye(&self, seat: &Seat) {
        if let Some(pen) = seat.pen() {
            pen.say(&GOODBYE);
        }
        self.cut(seat);
    }
}

/// What comes before a member is there.
#[derive(Debug, Default)]
struct Early {
    frames: u64,
}

impl Early {
    fn note(&mut self, run: &Run, seat: &Seat, frame: Frame<'_>) {
        match frame.kind {
            Kind::Ping | Kind::Close => {}
            Kind::Message => {
                self.frames += 1;
                run.came(seat, frame, seat.sampled.then(Instant::now));
            }
            _ => {
                self.frames += 1;
                if let Some(lost) = frame.lost().filter(|_| frame.kind == Kind::Lost) {
                    seat.lost.set(seat.lost.get() + lost);
                }
            }
        }
    }

    fn count(&self, seat: &Seat) {
        seat.frames.set(seat.frames.get() + self.frames);
    }
}

fn session(answer: &str) -> Option<&str> {
    let (_, rest) = answer.split_once(r#""session":""#)?;
    rest.split('"').next()
}
