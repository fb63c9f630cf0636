//! One connection to the signed server API, as cheap as can be: a request is written whole, and of its answer only the code is read.

use std::io::{Error, ErrorKind, Result};
use std::time::{Duration, Instant};

use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::auth::App;
use crate::base::Clock;
use crate::client::Address;

/// How long a call may take.
const CALL_TIME: Duration = Duration::from_secs(10);
/// A connection that was not used for so long is not used again: the gateway may be about to end it.
const IDLE_TIME: Duration = Duration::from_secs(3);
/// The largest answer.
const ANSWER_BYTES: usize = 1024 * 1024;

/// One connection.
#[derive(Debug)]
pub struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
    used: Instant,
}

impl Line {
    /// Connects to `host:port`.
    pub async fn connect(authority: &str) -> Result<Line> {
        let connecting = tokio::time::timeout(CALL_TIME, TcpStream::connect(authority));
        let stream = connecting.await.map_err(|_| Error::from(ErrorKind::TimedOut))??;
        stream.set_nodelay(true)?;
        Ok(Line { stream, buffer: Vec::with_capacity(2048), used: Instant::now() })
    }

    /// Whether it can be used again.
    pub fn is_fresh(&self) -> bool {
        self.used.elapsed() < IDLE_TIME
    }

    /// Sends a request and waits for the code of its answer.
    pub async fn call(&mut self, request: &[u8]) -> Result<u16> {
        let calling = async {
            self.stream.write_all(request).await?;
            self.answer().await
        };
        let code = tokio::time::timeout(CALL_TIME, calling).await.map_err(|_| Error::from(ErrorKind::TimedOut))??;
        self.used = Instant::now();
        Ok(code)
    }

    async fn answer(&mut self) -> Result<u16> {
        self.buffer.clear();
        loop {
            if let Some(code) = read(&self.buffer)? {
                return Ok(code);
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// The code in an answer; `None` while it is not whole. Another HTTP status than 200 is its code.
fn read(answer: &[u8]) -> Result<Option<u16>> {
    let unreadable = |what: &str| Error::new(ErrorKind::InvalidData, format!("an answer {what}"));
    let Some(end) = memmem::find(answer, b"\r\n\r\n") else {
        return if answer.len() > ANSWER_BYTES { Err(unreadable("without an end")) } else { Ok(None) };
    };
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let length = length.filter(|length| *length <= ANSWER_BYTES).ok_or_else(|| unreadable("of no known length"))?;
    let body = &answer[end + 4..];
    if body.len() < length {
        return Ok(None);
    }
    let number = |text: &str| text.get(..3)?.parse::<u16>().ok();
    match head.split_once(' ').and_then(|(_, rest)| number(rest)) {
        Some(200) => code(body).map(Some).ok_or_else(|| unreadable("without a code")),
        Some(status) => Ok(Some(status)),
        None => Err(unreadable("without a status")),
    }
}

fn code(body: &[u8]) -> Option<u16> {
    const NAME: &[u8] = br#""code":"#;
    let digits = &body[memmem::find(body, NAME)? + NAME.len()..];
    let end = digits.iter().position(|byte| !byte.is_ascii_digit())?;
    std::str::from_utf8(&digits[..end]).ok()?.parse().ok()
}

/// One signed call with a form that is already in its form.
pub fn request(address: &Address, app: &App, clock: &Clock, action: &str, form: &str) -> Vec<u8> {
    let signed = app.sign(clock);
    let (path, host) = (&address.path, &address.authority);
    let mut request = format!(
        "POST {path}/{action}.action HTTP/1.1\r\nHost: {host}\r\n\
         Content-Type: application/x-www-form-urlencoded;charset=utf-8\r\nContent-Length: {}\r\n",
        form.len()
    );
    for (name, value) in signed.pairs() {
        request.extend([name, ": ", value, "\r\n"]);
    }
    request.extend(["\r\n", form]);
    request.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_when_it_is_whole() {
        let whole = "HTTP/1.1 200 OK\r\nContent-Type: a\r\ncontent-length: 20\r\n\r\n{\"code\":416,\"desc\":1";
        for cut in 0..whole.len() {
            assert_eq!(read(&whole.as_bytes()[..cut]).unwrap(), None);
        }
        assert_eq!(read(whole.as_bytes()).unwrap(), Some(416));
        assert_eq!(read(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n").unwrap(), Some(500));
        assert!(read(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(read(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").is_err());
    }
}
