//! An application server that calls the signed API over connections that it keeps, with as little work of its own as can be: heads and
//! lists of recipients are ready, each request gets its own signature and message id.

use std::cell::{Cell, RefCell};
use std::io::Write;
use std::rc::Rc;

use hdrhistogram::Histogram;
use memchr::memmem;
use roomgate::auth::App;
use roomgate::base::Clock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;

use crate::accounts::accid;
use crate::server::Server;
use crate::stamp::{self, Lane};
use crate::tally::histogram;
use crate::{Outcome, crowd::Crowd};

/// Different lists of recipients, drawn once; the same for every server.
const LISTS: usize = 64;
/// The largest answer that is read.
const ANSWER_BYTES: usize = 16 * 1024;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Call {
    /// A message to so many members.
    Directed { recipients: usize },
    /// A high-priority message to everybody.
    Urgent,
}

/// Calls one server.
pub struct Caller {
    shared: Rc<Shared>,
    connections: Vec<Rc<Mutex<Connection>>>,
}

struct Shared {
    app: App,
    clock: Clock,
    head: String,
    call: Call,
    room: String,
    attach: String,
    lists: Vec<String>,
    answered: Cell<u64>,
    sent: Cell<u64>,
    stopped: Cell<bool>,
    timing: Cell<bool>,
    latencies: RefCell<Histogram<u64>>,
    /// The first answer that was no 200, or why there was none.
    wrong: RefCell<Option<String>>,
}

struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    body: Vec<u8>,
    answer: Vec<u8>,
}

impl Caller {
    /// With so many connections, to the members of `crowd`.
    pub async fn connect(
        server: &Server,
        crowd: &Crowd,
        room: &str,
        call: Call,
        connections: usize,
    ) -> Outcome<Caller> {
        let name = if matches!(call, Call::Directed { .. }) { "sendMsgToSomeone" } else { "sendMsg" };
        let shared = Shared {
            app: server.app.clone(),
            clock: Clock::system(),
            head: format!(
                "POST /nimserver/chatroom/{name}.action HTTP/1.1\r\nHost: {}\r\n\
                 Content-Type: application/x-www-form-urlencoded;charset=utf-8\r\n",
                server.address
            ),
            call,
            room: room.to_owned(),
            attach: "x".repeat(128),
            lists: lists(call, crowd.size),
            answered: Cell::default(),
            sent: Cell::default(),
            stopped: Cell::default(),
            timing: Cell::default(),
            latencies: RefCell::new(histogram()),
            wrong: RefCell::default(),
        };
        let mut open = Vec::with_capacity(connections);
        for _ in 0..connections {
            let stream = TcpStream::connect(&server.address).await?;
            stream.set_nodelay(true)?;
            let connection = Connection { stream, request: Vec::new(), body: Vec::new(), answer: Vec::new() };
            open.push(Rc::new(Mutex::new(connection)));
        }
        Ok(Caller { shared: Rc::new(shared), connections: open })
    }

    /// Calls answered with 200 until now.
    pub fn answered(&self) -> u64 {
        self.shared.answered.get()
    }

    /// From now on the time to each answer is noted.
    pub fn start_timing(&self) {
        self.shared.timing.set(true);
    }

    /// Takes the times to answers that were noted until now.
    pub fn take_latencies(&self) -> Histogram<u64> {
        self.shared.timing.set(false);
        self.shared.latencies.replace(histogram())
    }

    /// Each connection has one call under way, until the flood is stopped.
    pub fn flood(&self) -> Flood<'_> {
        self.shared.stopped.set(false);
        let calling = self.connections.iter().map(|connection| {
            let (shared, connection) = (self.shared.clone(), connection.clone());
            tokio::task::spawn_local(async move {
                let mut connection = connection.lock().await;
                while !shared.stopped.get() && shared.call(&mut connection, stamp::now()).await {}
            })
        });
        Flood { caller: self, calling: calling.collect() }
    }

    /// Calls at given moments, whatever became of the calls before: one that finds no free connection waits, and its time runs.
    pub fn keep_pace(&self, dues: UnboundedReceiver<u64>) -> Flood<'_> {
        let dues = Rc::new(Mutex::new(dues));
        let calling = self.connections.iter().map(|connection| {
            let (shared, connection, dues) = (self.shared.clone(), connection.clone(), dues.clone());
            tokio::task::spawn_local(async move {
                let mut connection = connection.lock().await;
                let next = async || dues.lock().await.recv().await;
                while let Some(due) = next().await
                    && shared.call(&mut connection, due).await
                {}
            })
        });
        Flood { caller: self, calling: calling.collect() }
    }
}

/// Calls under way.
pub struct Flood<'a> {
    caller: &'a Caller,
    calling: Vec<JoinHandle<()>>,
}

impl Flood<'_> {
    /// Ends a flood.
    pub async fn stop(self) -> Outcome {
        self.caller.shared.stopped.set(true);
        self.ended().await
    }

    /// Waits until all calls are answered.
    pub async fn ended(self) -> Outcome {
        for calling in self.calling {
            calling.await?;
        }
        match self.caller.shared.wrong.take() {
            Some(wrong) => Err(format!("a call was answered {wrong}").into()),
            None => Ok(()),
        }
    }
}

impl Shared {
    /// One call, due then. False where it was not answered as it must be.
    async fn call(&self, connection: &mut Connection, due: u64) -> bool {
        self.write_request(connection, due);
        match connection.exchange().await {
            Ok(answer) if answer.starts_with(br#"{"code":200"#) => {
                self.answered.set(self.answered.get() + 1);
                if self.timing.get() {
                    self.latencies.borrow_mut().saturating_record(stamp::now().saturating_sub(due) / 1000);
                }
                true
            }
            Ok(answer) => self.complain(String::from_utf8_lossy(answer).into_owned()),
            Err(error) => self.complain(error.to_string()),
        }
    }

    fn complain(&self, wrong: String) -> bool {
        self.wrong.borrow_mut().get_or_insert(wrong);
        false
    }

    fn write_request(&self, connection: &mut Connection, due: u64) {
        let Connection { request, body, .. } = connection;
        let number = self.sent.get();
        self.sent.set(number + 1);
        let (room, from, attach) = (&self.room, accid(0), &self.attach);
        body.clear();
        request.clear();
        // Writing into memory does not fail.
        let _ = match self.call {
            Call::Directed { .. } => {
                let (id, to) = (stamp::write(Lane::Normal, due, number), &self.lists[number as usize % LISTS]);
                write!(body, "roomid={room}&msgId={id}&fromAccid={from}&toAccids={to}&msgType=0&attach={attach}")
            }
            Call::Urgent => {
                let id = stamp::write(Lane::High, due, number);
                write!(body, "roomid={room}&msgId={id}&fromAccid={from}&msgType=0&attach={attach}&highPriority=true")
            }
        };
        request.extend_from_slice(self.head.as_bytes());
        for (name, value) in self.app.sign(&self.clock).pairs() {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        let _ = write!(request, "Content-Length: {}\r\n\r\n", body.len());
        request.extend_from_slice(body);
    }
}

impl Connection {
    /// Sends what is ready and reads one answer's body.
    async fn exchange(&mut self) -> std::io::Result<&[u8]> {
        self.stream.write_all(&self.request).await?;
        self.answer.clear();
        loop {
            if self.answer.len() > ANSWER_BYTES || self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(head) = memmem::find(&self.answer, b"\r\n\r\n").map(|at| at + 4)
                && let Some(length) = content_length(&self.answer[..head])
                && self.answer.len() >= head + length
            {
                return Ok(&self.answer[head..head + length]);
            }
        }
    }
}

/// Both servers write the name in small letters.
fn content_length(head: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length: ";
    let value = &head[memmem::find(head, NAME)? + NAME.len()..];
    std::str::from_utf8(&value[..memchr::memchr(b'\r', value)?]).ok()?.parse().ok()
}

/// As they stand in a form.
fn lists(call: Call, members: usize) -> Vec<String> {
    const SEED: u64 = 11;
    let Call::Directed { recipients } = call else { return Vec::new() };
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut draw = || {
        let chosen = random.choose_multiple(0..members, recipients);
        let json = serde_json::json!(chosen.into_iter().map(accid).collect::<Vec<_>>()).to_string();
        form_urlencoded::byte_serialize(json.as_bytes()).collect()
    };
    (0..LISTS).map(|_| draw()).collect()
}
