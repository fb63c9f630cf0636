//! A WebSocket by hand, frame for frame, for what no WebSocket library would send.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::SOON;

pub const TEXT: u8 = 0x81;
pub const BINARY: u8 = 0x82;
pub const CLOSE: u8 = 0x88;
pub const PING: u8 = 0x89;
pub const PONG: u8 = 0x8A;

pub struct Raw {
    stream: TcpStream,
}

/// The handshake with these headers besides the usual ones; the answer's head.
pub async fn handshake(addr: SocketAddr, path: &str, headers: &[(&str, &str)]) -> (TcpStream, String) {
    let stream = TcpStream::connect(addr).await.expect("a connection");
    handshake_over(stream, addr, path, headers).await
}

async fn handshake_over(
    mut stream: TcpStream,
    addr: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
) -> (TcpStream, String) {
    let mut request = format!("GET {path} HTTP/1.1\r\n");
    let usual = [
        ("Host", addr.to_string()),
        ("Connection", "keep-alive, Upgrade".into()),
        ("Upgrade", "WebSocket".into()),
        ("Sec-WebSocket-Version", "13".into()),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==".into()),
    ];
    for (name, value) in &usual {
        if !headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
            request += &format!("{name}: {value}\r\n");
        }
    }
    for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
        request += &format!("{name}: {value}\r\n");
    }
    stream.write_all((request + "\r\n").as_bytes()).await.expect("written");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("an answer"));
    }
    (stream, String::from_utf8(head).expect("text"))
}

/// A masked client frame.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [7, 77, 177, 237];
    let mut bytes = vec![first];
    match payload.len() {
        length @ 0..126 => bytes.push(0x80 | length as u8),
        length @ 126..65_536 => {
            bytes.push(0x80 | 126);
            bytes.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            bytes.push(0x80 | 127);
            bytes.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(&MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

impl Raw {
    pub async fn connect(addr: SocketAddr, path: &str) -> Raw {
        let (stream, head) = handshake(addr, path, &[]).await;
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        Raw { stream }
    }

    /// A connection whose socket holds so many bytes.
    pub async fn connect_narrow(addr: SocketAddr, path: &str, receive_buffer: u32) -> Raw {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(receive_buffer).expect("a small one");
        let stream = socket.connect(addr).await.expect("a connection");
        let (stream, head) = handshake_over(stream, addr, path, &[]).await;
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        Raw { stream }
    }

    pub async fn bytes(&mut self, bytes: &[u8]) {
        // The other side may have closed already; what it said is read next.
        let _ = self.stream.write_all(bytes).await;
    }

    pub async fn sends(&mut self, first: u8, payload: &[u8]) {
        self.bytes(&frame(first, payload)).await;
    }

    /// The next frame: its first byte and its payload.
    pub async fn hears(&mut self) -> (u8, Vec<u8>) {
        tokio::time::timeout(SOON, self.read()).await.expect("a frame in time").expect("a frame")
    }

    async fn read(&mut self) -> std::io::Result<(u8, Vec<u8>)> {
        let first = self.stream.read_u8().await?;
        let length = match self.stream.read_u8().await? {
            126 => usize::from(self.stream.read_u16().await?),
            127 => usize::try_from(self.stream.read_u64().await?).expect("a length"),
            length => usize::from(length),
        };
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload).await?;
        Ok((first, payload))
    }

    pub async fn hears_text(&mut self) -> String {
        let (first, payload) = self.hears().await;
        assert_eq!(first, TEXT, "{payload:?}");
        String::from_utf8(payload).expect("text")
    }

    /// Frames until a close frame with this code, then the end.
    pub async fn is_closed_with(mut self, code: u16) {
        loop {
            let (first, payload) = self.hears().await;
            if first == CLOSE {
                assert_eq!(payload.get(..2), Some(&code.to_be_bytes()[..]), "{payload:?}");
                break;
            }
        }
        let mut rest = Vec::new();
        let end = tokio::time::timeout(SOON, self.stream.read_to_end(&mut rest)).await;
        assert!(end.is_ok() && rest.is_empty(), "nothing follows a close frame");
    }
}
