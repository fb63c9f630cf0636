//! One WebSocket to a gateway, read frame by frame. Knows nothing of requests.

use std::time::Duration;

use futures::{FutureExt, SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::ClientRequestBuilder;
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, http::Uri};

use super::address::Address;
use super::event::Incoming;
use super::{ClientError, Event};

/// How long connecting may take, handshake included.
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// How long the gateway may take to finish a close.
const CLOSE_TIME: Duration = Duration::from_secs(5);
/// tungstenite keeps its read buffer for every connection; a test has thousands of them.
const READ_BUFFER_BYTES: usize = 4 * 1024;

pub(super) struct Connection {
    socket: WebSocketStream<TcpStream>,
    /// How it ended.
    end: Option<(Option<u16>, String)>,
}

impl Connection {
    pub(super) async fn open(address: &Address, headers: &[(&str, &str)]) -> Result<Connection, ClientError> {
        let opening = async {
            let stream = TcpStream::connect(&address.authority).await.map_err(|error| broken(address, &error))?;
            stream.set_nodelay(true).map_err(|error| broken(address, &error))?;
            Connection::over(stream, address, headers).await
        };
        let late = || broken(address, &format!("nothing within {} s", CONNECT_TIME.as_secs()));
        tokio::time::timeout(CONNECT_TIME, opening).await.map_err(|_| late())?
    }

    /// Shakes hands over a stream that is connected already.
    pub(super) async fn over(
        stream: TcpStream,
        address: &Address,
        headers: &[(&str, &str)],
    ) -> Result<Connection, ClientError> {
        let path = if address.path.is_empty() { "/" } else { &address.path };
        let uri: Uri = format!("ws://{}{path}", address.authority).parse().map_err(|error| broken(address, &error))?;
        let request = headers
            .iter()
            .fold(ClientRequestBuilder::new(uri), |request, (name, value)| request.with_header(*name, *value));
        let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER_BYTES);
        match tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await {
            Ok((socket, _)) => Ok(Connection { socket, end: None }),
            Err(Error::Http(response)) => Err(ClientError::Status(response.status().as_u16())),
            Err(error) => Err(broken(address, &error)),
        }
    }

    /// The next frame; [`Event::Closed`] at the end, and nothing after it.
    pub(super) async fn read(&mut self) -> Option<Incoming> {
        while self.end.is_none() {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return Some(Incoming::read(&text)),
                Some(Ok(Message::Binary(bytes))) => {
                    return Some(Incoming::Event(Event::Other(format!("binary frame of {} bytes", bytes.len()))));
                }
                Some(Ok(Message::Close(frame))) => {
                    let (code, reason) = frame.map(|frame| (frame.code.into(), frame.reason.to_string())).unzip();
                    return Some(self.ended(code, reason.unwrap_or_default()));
                }
                // tungstenite has answered a ping by itself.
                Some(Ok(_)) => {}
                Some(Err(error)) => return Some(self.ended(None, error.to_string())),
                None => return Some(self.ended(None, "the gateway hung up".into())),
            }
        }
        None
    }

    fn ended(&mut self, code: Option<u16>, reason: String) -> Incoming {
        self.end = Some((code, reason.clone()));
        // Sends the close frame that answers the gateway's; whether that still works matters to nobody.
        let _ = self.socket.next().now_or_never();
        Incoming::Event(Event::Closed { code, reason })
    }

    /// Why nothing can be asked any more.
    pub(super) fn over_because(&self) -> ClientError {
        let (code, reason) = self.end.clone().unwrap_or((None, "the connection can't be written to".into()));
        ClientError::Closed { code, reason }
    }

    pub(super) async fn write(&mut self, text: String) -> Result<(), ClientError> {
        if self.end.is_some() {
            return Err(self.over_because());
        }
        self.socket.send(Message::text(text)).await.map_err(|_| self.over_because())
    }

    /// Says goodbye and waits for the gateway's.
    pub(super) async fn close(mut self) {
        let closing = async {
            if self.socket.close(None).await.is_ok() {
                while let Some(Ok(_)) = self.socket.next().await {}
            }
        };
        // A gateway that does not finish loses the connection anyway.
        let _ = tokio::time::timeout(CLOSE_TIME, closing).await;
    }
}

fn broken(address: &Address, why: &dyn std::fmt::Display) -> ClientError {
    ClientError::Connect { address: address.authority.clone(), why: why.to_string() }
}
