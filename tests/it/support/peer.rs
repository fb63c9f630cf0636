//! A service that the gateway calls, played on a socket: what it answers is a test's to say, and what it heard a test's to read.
//! Webhooks, callbacks and moderation are all tested against it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::Value;
use socket2::{Domain, Socket, Type};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;

/// What does not come within this time does not come.
const SOON: Duration = Duration::from_secs(10);

/// It listens as long as this lives.
pub struct Peer {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
    news: Arc<Notify>,
    listening: JoinHandle<()>,
}

/// A port that is taken as long as this lives, and refuses connections.
pub struct Nobody {
    socket: Socket,
    address: SocketAddr,
}

impl std::fmt::Display for Nobody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.address.fmt(f)
    }
}

/// One request, as it came.
#[derive(Debug, Clone)]
pub struct Heard {
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// What it answers to a request.
#[derive(Clone)]
pub enum Say {
    /// This status, with an empty body.
    Status(u16),
    /// This status with this body.
    Text(u16, String),
    /// This status and this header.
    Header(u16, &'static str, String),
    /// This status, once the gate has let it through.
    When(Gate, u16),
    /// The same with this body.
    Then(Gate, u16, String),
    /// More than anybody wants to read.
    Huge,
    /// The beginning of an answer, then the end of the connection.
    Half,
    /// Nothing, and the end of the connection.
    Nothing,
    /// Nothing at all, for ever.
    Silence,
}

/// What slow answers wait for. Each opening lets so many through.
#[derive(Clone)]
pub struct Gate(Arc<Semaphore>);

impl Gate {
    pub fn closed() -> Gate {
        Gate(Arc::new(Semaphore::new(0)))
    }

    pub fn let_through(&self, count: usize) {
        self.0.add_permits(count);
    }

    async fn pass(&self) {
        self.0.acquire().await.expect("a gate is never taken away").forget();
    }
}

impl Heard {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

impl Peer {
    /// Answers each request as `script` says, which is told how many came before it.
    pub async fn with(script: impl Fn(usize, &Heard) -> Say + Send + Sync + 'static) -> Peer {
        Peer::at(Peer::nobody(), script).await
    }

    /// Answers all with 200.
    pub async fn good() -> Peer {
        Peer::with(|_, _| Say::Status(200)).await
    }

    /// Where nobody listened until now.
    pub async fn at(nobody: Nobody, script: impl Fn(usize, &Heard) -> Say + Send + Sync + 'static) -> Peer {
        nobody.socket.listen(1024).expect("it listens");
        nobody.socket.set_nonblocking(true).expect("it does not block");
        let listener = TcpListener::from_std(nobody.socket.into()).expect("a listener");
        let address = nobody.address;
        let (heard, news) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Notify::new()));
        let played = Arc::new(Played { script: Box::new(script), heard: heard.clone(), news: news.clone() });
        let listening = tokio::spawn(async move {
            // Connections end with the listener: a peer that is gone is gone.
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let played = played.clone();
                connections.spawn(async move { _ = played.converse(socket).await });
            }
        });
        Peer { address, heard, news, listening }
    }

    /// An address where nobody listens, and nobody else can.
    pub fn nobody() -> Nobody {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("a port");
        let address = socket.local_addr().expect("an address").as_socket().expect("of the internet");
        Nobody { socket, address }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// All that it heard until now.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().clone()
    }

    /// All that it heard, once there are so many.
    #[track_caller]
    pub fn hears(&self, count: usize) -> impl Future<Output = Vec<Heard>> {
        let caller = std::panic::Location::caller();
        async move {
            let enough = async {
                while self.heard.lock().len() < count {
                    self.news.notified().await;
                }
            };
            let in_time = tokio::time::timeout(SOON, enough).await;
            assert!(in_time.is_ok(), "heard {} of {count} ({caller})", self.heard.lock().len());
            self.heard()
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

type Script = dyn Fn(usize, &Heard) -> Say + Send + Sync;

struct Played {
    script: Box<Script>,
    heard: Arc<Mutex<Vec<Heard>>>,
    news: Arc<Notify>,
}

impl Played {
    async fn converse(&self, socket: TcpStream) -> std::io::Result<()> {
        let mut socket = BufReader::new(socket);
        while let Some(heard) = read(&mut socket).await? {
            let say = {
                let mut all = self.heard.lock();
                let say = (self.script)(all.len(), &heard);
                all.push(heard);
                say
            };
            self.news.notify_one();
            if !answer(socket.get_mut(), say).await? {
                break;
            }
        }
        Ok(())
    }
}

/// The next request; `None` at the end of the connection.
async fn read(socket: &mut BufReader<TcpStream>) -> std::io::Result<Option<Heard>> {
    let mut line = String::new();
    if socket.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    loop {
        line.clear();
        socket.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_owned(), value.to_owned()));
    }
    let mut heard = Heard { path, headers, body: String::new() };
    let length = heard.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    socket.read_exact(&mut body).await?;
    heard.body = String::from_utf8(body).expect("text");
    Ok(Some(heard))
}

/// Answers whether the connection goes on.
async fn answer(socket: &mut TcpStream, say: Say) -> std::io::Result<bool> {
    let text = match say {
        Say::Status(status) => whole(status, "", ""),
        Say::Text(status, body) => whole(status, "", &body),
        Say::Header(status, name, value) => whole(status, &format!("{name}: {value}\r\n"), ""),
        Say::When(gate, status) => {
            gate.pass().await;
            whole(status, "", "")
        }
        Say::Then(gate, status, body) => {
            gate.pass().await;
            whole(status, "", &body)
        }
        Say::Huge => whole(200, "", &"x".repeat(100 * 1024)),
        Say::Half => {
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf").await?;
            return Ok(false);
        }
        Say::Nothing => return Ok(false),
        Say::Silence => std::future::pending().await,
    };
    socket.write_all(text.as_bytes()).await?;
    Ok(true)
}

fn whole(status: u16, header: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} So\r\n{header}Content-Length: {}\r\n\r\n{body}", body.len())
}
