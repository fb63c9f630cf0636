//! HTTP by hand, byte for byte, for what no HTTP library would send.

use std::net::SocketAddr;

use roomgate::auth::App;
use roomgate::base::Clock;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{SOON, openapi};

pub struct Http {
    addr: SocketAddr,
}

/// An answer: status, headers as they came, body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// `code` and `desc` of a body that refuses, as the document says.
    pub fn refusal(&self) -> (u64, String) {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"));
        openapi::check_refusal(&body);
        (body["code"].as_u64().expect("a number"), body["desc"].as_str().expect("a text").to_owned())
    }
}

impl Http {
    pub fn to(addr: SocketAddr) -> Http {
        Http { addr }
    }

    /// Sends these bytes and reads until the other side closes.
    pub async fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.addr).await.expect("a connection");
        // The other side may refuse before it has read all.
        let _ = stream.write_all(request).await;
        let mut answer = Vec::new();
        let read = tokio::time::timeout(SOON, stream.read_to_end(&mut answer)).await.expect("an answer in time");
        if answer.is_empty() {
            read.expect("an answer");
        }
        parse(&String::from_utf8_lossy(&answer))
    }

    /// A request with these headers; the connection closes after it.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.addr);
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("transfer-encoding")) {
            request += &format!("Content-Length: {}\r\n", body.len());
        }
        self.raw(&[request.as_bytes(), b"\r\n", body].concat()).await
    }

    /// A well signed call with this body.
    pub async fn signed(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let signed = App::new("key", "secret").sign(&Clock::system());
        let mut all = signed.pairs().to_vec();
        all.extend_from_slice(headers);
        self.send("POST", &format!("/nimserver/{path}.action"), &all, body).await
    }
}

fn parse(answer: &str) -> Answer {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Answer { status: status.unwrap_or_else(|| panic!("no status: {answer:?}")), head: head.into(), body: body.into() }
}
