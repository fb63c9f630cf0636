//! A lane's way into the gateway: the signed API, and the sockets of its members.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use roomgate::client::{Api, ApiError, Client, ClientError, Event};
use serde_json::{Value, json};

use super::call::{Call, Door};
use super::model::news;
use super::model::presence::{Lane, Stream};
use crate::support::openapi;

/// Why a lane does not go on.
#[derive(Debug)]
pub enum Stop {
    /// The gateway was killed, as it was meant to be.
    Killed,
    /// Something is wrong.
    Failed(String),
}

impl From<String> for Stop {
    fn from(complaint: String) -> Stop {
        Stop::Failed(complaint)
    }
}

/// What all lanes know of the gateway of this round.
#[derive(Debug, Default)]
pub struct Gate {
    pub address: String,
    /// It is being killed: whatever breaks now breaks rightly.
    pub dying: AtomicBool,
    pub calls: AtomicU64,
}

impl Gate {
    fn broken(&self, what: &dyn std::fmt::Display) -> Stop {
        if self.dying.load(Ordering::SeqCst) { Stop::Killed } else { Stop::Failed(what.to_string()) }
    }

    async fn call(&self, api: &Api, call: &Call) -> Result<Answer, Stop> {
        let form = call.form();
        let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        match api.call(call.action, &pairs).await {
            Ok(body) => match openapi::violations(call.action, &body) {
                violations if violations.is_empty() => Ok(Answer { code: 200, body }),
                violations => Err(Stop::Failed(format!("{body} is not as documented: {violations:#?}"))),
            },
            Err(ApiError::Refused { code, desc }) => Ok(Answer { code, body: json!({ "desc": desc }) }),
            Err(error @ ApiError::Transport { .. }) => Err(self.broken(&error)),
        }
    }
}

/// An answer of either door; refusals have a text only.
#[derive(Debug, Clone)]
pub struct Answer {
    pub code: u16,
    pub body: Value,
}

pub struct Doors {
    gate: Arc<Gate>,
    api: Api,
    sockets: BTreeMap<usize, Client>,
}

/// What a socket heard, each stream in order.
pub type Heard = BTreeMap<Stream, Vec<String>>;

impl Doors {
    pub fn to(gate: Arc<Gate>, api: Api) -> Doors {
        Doors { gate, api, sockets: BTreeMap::new() }
    }

    fn broken(&self, what: &dyn std::fmt::Display) -> Stop {
        self.gate.broken(what)
    }

    pub async fn ask(&mut self, call: &Call) -> Result<Answer, Stop> {
        self.gate.calls.fetch_add(1, Ordering::Relaxed);
        match call.door {
            Door::Server => self.gate.call(&self.api, call).await,
            Door::Socket(slot) => self.request(slot, call).await,
        }
    }

    /// Asks for one thing, or for two at the same time, of which the first must be at the application server's door.
    pub async fn ask_all(&mut self, calls: &[Call]) -> Vec<Result<Answer, Stop>> {
        match calls {
            [one, other] => {
                self.gate.calls.fetch_add(1, Ordering::Relaxed);
                let (gate, api) = (self.gate.clone(), self.api.clone());
                let (one, other) = tokio::join!(gate.call(&api, one), self.ask(other));
                vec![one, other]
            }
            [one] => vec![self.ask(one).await],
            _ => panic!("one call or two, not {}", calls.len()),
        }
    }

    async fn request(&mut self, slot: usize, call: &Call) -> Result<Answer, Stop> {
        let done = match call.action {
            "@login" => self.log_in(slot, call).await,
            "@close" => {
                let pinged = self.socket(slot)?.ping().await;
                pinged.map_err(|error| self.broken(&error))?;
                self.sockets.remove(&slot).expect("it just answered").close().await;
                Ok(Value::Null)
            }
            "@drop" => Ok(self.sockets.remove(&slot).map_or(Value::Null, |_| Value::Null)),
            _ => self.socket(slot)?.request(call.verb(), Value::Object(call.sent())).await,
        };
        match done {
            Ok(body) => Ok(Answer { code: 200, body }),
            Err(ClientError::Refused { code, desc }) => Ok(Answer { code, body: json!({ "desc": desc }) }),
            Err(error) => Err(self.broken(&error)),
        }
    }

    async fn log_in(&mut self, slot: usize, call: &Call) -> Result<Value, ClientError> {
        let mut client = Client::connect(&self.gate.address).await?;
        let reply = client.login("key", call.text("accid"), call.text("token")).await?;
        self.sockets.insert(slot, client);
        Ok(reply)
    }

    fn socket(&mut self, slot: usize) -> Result<&mut Client, Stop> {
        self.sockets.get_mut(&slot).ok_or_else(|| Stop::Failed(format!("there is no socket {slot}")))
    }

    pub fn slots(&self) -> Vec<usize> {
        self.sockets.keys().copied().collect()
    }

    /// What a socket has heard since it was last asked. Whatever was told before now comes before the answer to a ping.
    pub async fn listen(&mut self, slot: usize) -> Result<Heard, Stop> {
        let pinged = self.socket(slot)?.ping().await;
        pinged.map_err(|error| self.broken(&format!("socket {slot}: {error}")))?;
        let mut heard = Heard::new();
        while let Some(event) = self.socket(slot)?.try_next() {
            let (stream, line) = line(&event).ok_or_else(|| self.broken(&format!("socket {slot} heard {event:?}")))?;
            heard.entry(stream).or_default().push(line);
        }
        Ok(heard)
    }

    /// The connection ends by itself, with this code.
    pub async fn ends(&mut self, slot: usize, expected: u16) -> Result<(), Stop> {
        let Some(mut socket) = self.sockets.remove(&slot) else { return Ok(()) };
        while let Some(event) = socket.next_within(crate::support::SOON).await {
            match event {
                Event::Closed { code, .. } if code == Some(expected) => return Ok(()),
                Event::Closed { code, reason } => {
                    return Err(self.broken(&format!("socket {slot} closed with {code:?} {reason}, not {expected}")));
                }
                _ => {}
            }
        }
        Err(self.broken(&format!("socket {slot} is not closed with {expected}")))
    }
}

fn line(event: &Event) -> Option<(Stream, String)> {
    let stream =
        |room: roomgate::base::RoomId, lane| Stream { room: room.to_string().parse().expect("a number"), lane };
    match event {
        Event::Kicked { room, reason } => Some((stream(*room, Lane::LastWord), news::kicked(*reason))),
        Event::Message(message) => {
            let lane = if message.is_high() { Lane::High } else { Lane::Normal };
            let line = match (message.is_notice(), message.is_directed()) {
                (true, _) => news::notice(&serde_json::from_str(message.attach()).unwrap_or_default()),
                (_, true) => news::directed(message.msg_id(), message.from()),
                _ => news::message(message.msg_id(), message.from()),
            };
            Some((stream(message.room(), lane), line))
        }
        _ => None,
    }
}
