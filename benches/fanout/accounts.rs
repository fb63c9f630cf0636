//! What roomgate must know before members come: an account for each, and a room. Made through the signed server API.

use std::net::SocketAddr;

use roomgate::auth::App;
use roomgate::base::Clock;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::Outcome;
use crate::gateway::{KEY, SECRET};

/// Every account's.
pub const TOKEN: &str = "token";

/// The account of a number. All are of one length, so that all frames are.
pub fn accid(number: usize) -> String {
    format!("member{number:06}")
}

/// Makes accounts 0 to `count`, and a room without notices of who enters; returns the room's id.
pub async fn make(addr: SocketAddr, count: usize) -> Outcome<String> {
    let mut calls = Calls::open(addr).await?;
    for number in 0..count {
        calls.call("user/create", &format!("accid={}&token={TOKEN}", accid(number))).await?;
    }
    let made = calls.call("chatroom/create", &format!("creator={}&name=fanout&inOutNotification=0", accid(0))).await?;
    let room = &made["chatroom"]["roomid"];
    Ok(room.as_str().map_or_else(|| room.to_string(), str::to_owned))
}

/// A kept-alive connection to the server API.
struct Calls {
    socket: BufReader<TcpStream>,
    /// Signed once: the same headers hold for five minutes.
    headers: String,
}

impl Calls {
    async fn open(addr: SocketAddr) -> Outcome<Calls> {
        let signed = App::new(KEY, SECRET).sign(&Clock::system());
        let headers = signed.pairs().map(|(name, value)| format!("{name}: {value}\r\n")).concat();
        Ok(Calls { socket: BufReader::new(TcpStream::connect(addr).await?), headers })
    }

    async fn call(&mut self, action: &str, form: &str) -> Outcome<serde_json::Value> {
        let Calls { socket, headers } = self;
        let length = form.len();
        let request = format!(
            "POST /nimserver/{action}.action HTTP/1.1\r\nHost: fanout\r\n{headers}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
        );
        socket.write_all(request.as_bytes()).await?;
        let mut body = vec![0; self.content_length().await?];
        self.socket.read_exact(&mut body).await?;
        let answer: serde_json::Value = serde_json::from_slice(&body)?;
        if answer["code"] == 200 { Ok(answer) } else { Err(format!("{action}: {answer}").into()) }
    }

    /// Reads the answer's head.
    async fn content_length(&mut self) -> Outcome<usize> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.socket.read_line(&mut line).await?;
            let line = line.trim().to_ascii_lowercase();
            if line.is_empty() {
                return Ok(length);
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
        }
    }
}
