//! One member's connection, as cheap as can be: a WebSocket handshake, a login, rooms. Members that are there to be counted use this; who
//! wants to know what is said uses [`Client`](crate::client::Client).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream, lookup_host};

use crate::client::{Address, BadAddress};

use super::frames::{self, Frame, Kind, Walker};

/// Connections from one loopback address. It has about 28,000 ports, and those of connections that ended lately are not free.
pub const FROM_ONE_ADDRESS: usize = 10_000;
/// The largest answer to a handshake that is read.
const HANDSHAKE_BYTES: usize = 8 * 1024;
/// How long a handshake or a request may take.
const ANSWER_TIME: Duration = Duration::from_secs(30);

/// Where members connect.
#[derive(Debug, Clone)]
pub struct Entrance {
    address: Address,
    to: SocketAddr,
    receive_buffer: Option<u32>,
}

/// An open connection of one member.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    walker: Walker,
    next_id: u64,
}

/// Why a member is not there.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// The address can't be used.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// The connection failed, or ended.
    #[error("{0}: {1}")]
    Broken(&'static str, std::io::Error),
    /// The handshake was answered with something else than 101.
    #[error("the handshake was answered {0:?}")]
    Handshake(String),
    /// A request was refused with a status code.
    #[error("{op} was answered {code}: {answer}")]
    Refused {
        /// What was asked.
        op: &'static str,
        /// The status code.
        code: u16,
        /// The beginning of the answer.
        answer: String,
    },
    /// Nothing came for too long.
    #[error("{op}: no answer within {} s", ANSWER_TIME.as_secs())]
    Late {
        /// What was asked.
        op: &'static str,
    },
}

impl Entrance {
    /// At `ws://host:port/ws`, or `host:port` alone.
    pub async fn find(url: &str) -> Result<Entrance, ConnectionError> {
        let address = Address::ws(url)?;
        let broken = |error| ConnectionError::Broken("looking up the host", error);
        let found = lookup_host(&address.authority).await.map_err(broken)?.next();
        let to = found.ok_or_else(|| broken(std::io::ErrorKind::NotFound.into()))?;
        Ok(Entrance { address, to, receive_buffer: None })
    }

    /// Gives every connection a receive buffer of so many bytes, as the kernel counts them, instead of one that grows.
    pub fn receive_buffer(mut self, bytes: Option<u32>) -> Entrance {
        self.receive_buffer = bytes;
        self
    }

    /// Connects member `number`. On loopback every [`FROM_ONE_ADDRESS`] members come from another source address.
    pub async fn connect(&self, number: usize) -> Result<Connection, ConnectionError> {
        let opening = async {
            let stream = self.dial(number).await.map_err(|error| ConnectionError::Broken("connecting", error))?;
            let mut connection = Connection { stream, walker: Walker::default(), next_id: 1 };
            connection.shake_hands(&self.address).await?;
            Ok(connection)
        };
        within("connecting", opening).await
    }

    async fn dial(&self, number: usize) -> std::io::Result<TcpStream> {
        let socket = if self.to.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // Before connecting: the window that is offered depends on it.
        if let Some(bytes) = self.receive_buffer {
            socket.set_recv_buffer_size(bytes)?;
        }
        let block = number / FROM_ONE_ADDRESS;
        if block > 0 && self.to.ip().is_loopback() && self.to.is_ipv4() {
            let [third, last] = u16::try_from(block + 1).unwrap_or(u16::MAX).to_be_bytes();
            socket.bind((IpAddr::from(Ipv4Addr::new(127, 0, third, last)), 0).into())?;
        }
        let stream = socket.connect(self.to).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

impl Connection {
    async fn shake_hands(&mut self, address: &Address) -> Result<(), ConnectionError> {
        let broken = |error| ConnectionError::Broken("the handshake", error);
        let (path, host) = (&address.path, &address.authority);
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        self.stream.write_all(request.as_bytes()).await.map_err(broken)?;
        let mut answer = Vec::with_capacity(256);
        while memchr::memmem::find(&answer, b"\r\n\r\n").is_none() {
            if answer.len() >= HANDSHAKE_BYTES || self.stream.read_buf(&mut answer).await.map_err(broken)? == 0 {
                break;
            }
        }
        let end = memchr::memmem::find(&answer, b"\r\n\r\n").map(|at| at + 4);
        match end {
            Some(end) if answer.starts_with(b"HTTP/1.1 101") => {
                self.walker.walk(&answer[end..], |_| ());
                Ok(())
            }
            _ => {
                let line = answer.split(|byte| *byte == b'\r').next().unwrap_or_default();
                Err(ConnectionError::Handshake(String::from_utf8_lossy(line).into_owned()))
            }
        }
    }

    /// Logs an account in.
    pub async fn login(&mut self, app_key: &str, accid: &str, token: &str) -> Result<(), ConnectionError> {
        let members = format!(r#""appKey":"{app_key}","accid":"{accid}","token":"{token}""#);
        self.ask("login", &members, |_| ()).await
    }

    /// Enters a room; `came` hears of what comes before the answer.
    pub async fn join(&mut self, room: &str, came: impl FnMut(Frame<'_>)) -> Result<(), ConnectionError> {
        self.ask("join", &format!(r#""roomid":"{room}""#), came).await
    }

    /// Leaves a room; `came` hears of what comes before the answer.
    pub async fn leave(&mut self, room: &str, came: impl FnMut(Frame<'_>)) -> Result<(), ConnectionError> {
        self.ask("leave", &format!(r#""roomid":"{room}""#), came).await
    }

    /// Sends a request whose members are given as JSON, and waits for its answer; `came` hears of what else comes until then, and with it.
    pub async fn ask(
        &mut self,
        op: &'static str,
        members: &str,
        came: impl FnMut(Frame<'_>),
    ) -> Result<(), ConnectionError> {
        self.ask_for(op, members, came).await.map(drop)
    }

    /// The same; answers the beginning of the answer, as much as a [`Frame`] shows.
    pub async fn ask_for(
        &mut self,
        op: &'static str,
        members: &str,
        mut came: impl FnMut(Frame<'_>),
    ) -> Result<String, ConnectionError> {
        let id = self.next_id;
        self.next_id += 1;
        let mut request = Vec::new();
        frames::push_text(&mut request, &format!(r#"{{"op":"{op}","id":{id},{members}}}"#));
        let asking = async {
            self.stream.write_all(&request).await.map_err(|error| ConnectionError::Broken(op, error))?;
            self.reply(op, id, &mut came).await
        };
        within(op, asking).await
    }

    async fn reply(
        &mut self,
        op: &'static str,
        id: u64,
        came: &mut impl FnMut(Frame<'_>),
    ) -> Result<String, ConnectionError> {
        let mut buffer = vec![0; 4096];
        let mut answer = None;
        loop {
            let broken = |error| ConnectionError::Broken(op, error);
            let read = self.stream.read(&mut buffer).await.map_err(broken)?;
            if read == 0 {
                return Err(broken(std::io::ErrorKind::UnexpectedEof.into()));
            }
            self.walker.walk(&buffer[..read], |frame| {
                if frame.kind == Kind::Reply && frame.reply_id() == Some(id) {
                    let code = frame.code().unwrap_or_default();
                    answer = Some((code, String::from_utf8_lossy(frame.head).into_owned()));
                } else {
                    came(frame);
                }
            });
            match answer.take() {
                Some((200, answer)) => return Ok(answer),
                Some((code, answer)) => return Err(ConnectionError::Refused { op, code, answer }),
                None => {}
            }
        }
    }

    /// The number that the next request's id has to have at least.
    pub fn next_id(&self) -> u64 {
        self.next_id
    }

    /// The socket, and what finds the frames in what it gives: a frame may have begun already.
    pub fn into_parts(self) -> (TcpStream, Walker) {
        (self.stream, self.walker)
    }
}

async fn within<T>(
    op: &'static str,
    doing: impl Future<Output = Result<T, ConnectionError>>,
) -> Result<T, ConnectionError> {
    tokio::time::timeout(ANSWER_TIME, doing).await.map_err(|_| ConnectionError::Late { op })?
}
