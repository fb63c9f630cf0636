//! A member's side of the WebSocket protocol: asks, and hands out what happens meanwhile.

use std::collections::VecDeque;
use std::fmt::Display;
use std::time::Duration;

use futures::FutureExt;
use serde_json::{Map, Value, json};
use tokio::net::TcpStream;

use crate::base::{Millis, RoomId};

use super::address::Address;
use super::connection::Connection;
use super::event::Incoming;
use super::{ClientError, Event, Outgoing, Sent};

/// How long an answer may take.
const REPLY_TIME: Duration = Duration::from_secs(10);

/// One connection to a gateway.
///
/// It has no task of its own: it reads only while one of its methods waits. So who wants a member that reads too slowly
/// only has to wait for nothing; and a member that shall stay connected must wait for something, or the gateway's pings
/// find nobody in. What arrives while an answer is awaited is kept, in order and without a bound, for
/// [`next`](Client::next).
pub struct Client {
    connection: Connection,
    waiting: VecDeque<Event>,
    next_id: u64,
    /// Empty before the login.
    session: String,
    /// Frames of the session that were read.
    received: u64,
}

/// What a client needs to go on with its session over another connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resume {
    /// The session, as the first login's reply named it.
    pub session: String,
    /// How many of its frames the client has.
    pub received: u64,
}

impl Client {
    /// Connects to a socket address, `host:port` or `ws://host:port/path`; the path is `/ws` where none is given.
    pub async fn connect(address: impl Display) -> Result<Client, ClientError> {
        Client::connect_with(address, &[]).await
    }

    /// Connects with headers of its own choice in the handshake, such as `Origin`.
    pub async fn connect_with(address: impl Display, headers: &[(&str, &str)]) -> Result<Client, ClientError> {
        let address = Address::ws(&address.to_string())?;
        Ok(Client::on(Connection::open(&address, headers).await?))
    }

    /// Shakes hands over a stream that is connected already, whose buffers a test may have made small.
    pub async fn over(stream: TcpStream) -> Result<Client, ClientError> {
        let peer = stream
            .peer_addr()
            .map_err(|error| ClientError::Connect { address: "the given stream".into(), why: error.to_string() })?;
        let address = Address::ws(&peer.to_string())?;
        Ok(Client::on(Connection::over(stream, &address, &[]).await?))
    }

    fn on(connection: Connection) -> Client {
        Client { connection, waiting: VecDeque::new(), next_id: 1, session: String::new(), received: 0 }
    }

    /// Says who it is. Answers the reply: session, user, limits.
    pub async fn login(&mut self, app_key: &str, accid: &str, token: &str) -> Result<Value, ClientError> {
        let reply = self.request("login", json!({"appKey": app_key, "accid": accid, "token": token})).await?;
        self.session = reply["session"].as_str().unwrap_or_default().to_owned();
        self.received = 1;
        Ok(reply)
    }

    /// Says who it is, and goes on with a session whose connection broke: its rooms are joined still, and what it has not received follows.
    /// False where that can't be; then the session is a new one, in no room.
    pub async fn resume(
        &mut self,
        app_key: &str,
        accid: &str,
        token: &str,
        resume: &Resume,
    ) -> Result<bool, ClientError> {
        let left_off = json!({"session": resume.session, "received": resume.received});
        let login = json!({"appKey": app_key, "accid": accid, "token": token, "resume": left_off});
        let reply = self.request("login", login).await?;
        self.session = reply["session"].as_str().unwrap_or_default().to_owned();
        let resumed = reply["resumed"] == true;
        self.received = if resumed { resume.received } else { 1 };
        Ok(resumed)
    }

    /// What is needed to go on with this session over another connection. What waits for [`next`](Client::next) counts as received.
    pub fn left_off(&self) -> Resume {
        Resume { session: self.session.clone(), received: self.received }
    }

    /// Tells the gateway how many frames it has, so that it need not keep them.
    pub async fn acknowledge(&mut self) -> Result<(), ClientError> {
        let ack = json!({"op": "ack", "received": self.received});
        self.connection.write(ack.to_string()).await
    }

    /// Enters a room. Answers the reply: the room, and this member.
    pub async fn join(&mut self, room: RoomId) -> Result<Value, ClientError> {
        self.request("join", json!({"roomid": room.to_string()})).await
    }

    /// Leaves a room.
    pub async fn leave(&mut self, room: RoomId) -> Result<(), ClientError> {
        self.request("leave", json!({"roomid": room.to_string()})).await.map(drop)
    }

    /// Sends a message to a room, or to some of its members.
    pub async fn send(&mut self, room: RoomId, message: Outgoing) -> Result<Sent, ClientError> {
        let answer = self.ask("send", message.params(room)).await?;
        Sent::read(&answer).map_err(|error| ClientError::Answer { op: "send".into(), why: error.to_string() })
    }

    /// Asks whether anybody is there. Answers the gateway's time.
    pub async fn ping(&mut self) -> Result<Millis, ClientError> {
        let reply = self.request("ping", json!({})).await?;
        let unreadable = || ClientError::Answer { op: "ping".into(), why: "it has no time".into() };
        reply["time"].as_u64().ok_or_else(unreadable)
    }

    /// Asks anything: `params` is an object, or null for none. Answers the whole reply.
    pub async fn request(&mut self, op: &str, params: Value) -> Result<Value, ClientError> {
        let params = match params {
            Value::Object(params) => params,
            Value::Null => Map::new(),
            _ => return Err(ClientError::Params { op: op.to_owned() }),
        };
        let answer = self.ask(op, params).await?;
        serde_json::from_str(&answer).map_err(|error| ClientError::Answer { op: op.to_owned(), why: error.to_string() })
    }

    async fn ask(&mut self, op: &str, mut params: Map<String, Value>) -> Result<String, ClientError> {
        let id = self.next_id;
        self.next_id += 1;
        params.insert("op".into(), op.into());
        params.insert("id".into(), id.into());
        let exchange = async {
            self.connection.write(Value::Object(params).to_string()).await?;
            self.reply_to(id).await
        };
        let late = || ClientError::NoAnswer { op: op.to_owned(), waited: REPLY_TIME };
        tokio::time::timeout(REPLY_TIME, exchange).await.map_err(|_| late())?
    }

    async fn reply_to(&mut self, id: u64) -> Result<String, ClientError> {
        while let Some(incoming) = self.read().await {
            match incoming {
                Incoming::Reply(reply) if reply.id == id => return reply.accepted(),
                other => self.waiting.push_back(event(other)),
            }
        }
        Err(self.connection.over_because())
    }

    /// Sends a text frame as it is. An answer to it comes out of [`next`](Client::next) as [`Event::Other`].
    pub async fn send_raw(&mut self, text: impl Into<String>) -> Result<(), ClientError> {
        self.connection.write(text.into()).await
    }

    /// What happens next. The last is [`Event::Closed`]; after it there is nothing. Nothing is lost when this is given up on.
    pub async fn next(&mut self) -> Option<Event> {
        match self.waiting.pop_front() {
            Some(event) => Some(event),
            None => self.read().await.map(event),
        }
    }

    async fn read(&mut self) -> Option<Incoming> {
        let incoming = self.connection.read().await?;
        if !matches!(incoming, Incoming::Event(Event::Closed { .. })) {
            self.received += 1;
        }
        Some(incoming)
    }

    /// What happens within `time`.
    pub async fn next_within(&mut self, time: Duration) -> Option<Event> {
        tokio::time::timeout(time, self.next()).await.ok().flatten()
    }

    /// What has happened already.
    pub fn try_next(&mut self) -> Option<Event> {
        self.next().now_or_never().flatten()
    }

    /// Breaks the connection off without a word, so that the session may be gone on with. What has not been handed out is dropped.
    pub fn break_off(self) -> Resume {
        self.left_off()
    }

    /// Says goodbye and waits for the gateway's; what has not been handed out is dropped.
    pub async fn close(self) {
        self.connection.close().await;
    }
}

fn event(incoming: Incoming) -> Event {
    match incoming {
        Incoming::Event(event) => event,
        // Nobody waits for it: it answers a raw frame, or a request that was given up on.
        Incoming::Reply(reply) => Event::Other(reply.text),
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("waiting", &self.waiting).field("next_id", &self.next_id).finish_non_exhaustive()
    }
}
