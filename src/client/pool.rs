//! Connections to the server API that are kept for the next call.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use tokio::net::TcpStream;

use super::address::Address;

/// How long connecting may take; what the official SDKs take too.
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// Connections kept while nobody calls; one more is closed instead.
const IDLE: usize = 16;

pub(super) type Connection = SendRequest<Full<Bytes>>;

#[derive(Default)]
pub(super) struct Pool {
    idle: Mutex<Vec<Connection>>,
}

impl Pool {
    /// Sends a request over a kept connection that still works, or over a new one. Answers the connection too, to be kept again.
    pub(super) async fn send(
        &self,
        address: &Address,
        mut request: Request<Full<Bytes>>,
    ) -> Result<(Response<Incoming>, Connection), String> {
        while let Some(mut connection) = self.take() {
            if connection.ready().await.is_err() {
                continue;
            }
            match connection.try_send_request(request).await {
                Ok(response) => return Ok((response, connection)),
                // The gateway closed this one before the request went out, so it may go out on another.
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(reason(&error.into_error())),
                },
            }
        }
        let mut connection = connect(address).await?;
        let response = connection.send_request(request).await.map_err(|error| reason(&error))?;
        Ok((response, connection))
    }

    fn take(&self) -> Option<Connection> {
        self.idle.lock().pop()
    }

    pub(super) fn keep(&self, connection: Connection) {
        let mut idle = self.idle.lock();
        if idle.len() < IDLE && !connection.is_closed() {
            idle.push(connection);
        }
    }
}

async fn connect(address: &Address) -> Result<Connection, String> {
    let late = || format!("no connection within {} s", CONNECT_TIME.as_secs());
    let stream = tokio::time::timeout(CONNECT_TIME, TcpStream::connect(&address.authority))
        .await
        .map_err(|_| late())?
        .map_err(|error| format!("no connection: {error}"))?;
    stream.set_nodelay(true).map_err(|error| error.to_string())?;
    let (connection, driver) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| reason(&error))?;
    // It ends with the connection; what went wrong is told to the call as well.
    tokio::spawn(driver);
    Ok(connection)
}

/// hyper's own text leaves out the cause, which is what one wants to know.
fn reason(error: &hyper::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
