//! An operator's side of the internal listener: asks and reads the JSON that comes back. Nothing is signed there.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, StatusCode, header};
use serde::Deserialize;

use super::BadAddress;
use super::address::Address;
use super::pool::Pool;

/// How long a whole call may take: having very many events sent again takes its time.
const CALL_TIME: Duration = Duration::from_secs(60);
/// The largest answer that is read.
const ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// Asks the internal listener of one gateway.
pub struct Operator {
    address: Address,
    pool: Pool,
}

/// Why an operator did not get what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// The gateway refused.
    #[error("{why}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What was wrong and what was expected.
        why: String,
    },
    /// There is no answer, or none of a gateway.
    #[error("{url}: {why}")]
    Transport {
        /// What was called.
        url: String,
        /// What happened.
        why: String,
    },
}

#[derive(Deserialize)]
struct Wrong {
    error: String,
}

impl Operator {
    /// The internal listener at `url`, such as `http://127.0.0.1:9090`. Connects with the first call.
    pub fn new(url: &str) -> Result<Operator, BadAddress> {
        Ok(Operator { address: Address::http(url)?, pool: Pool::default() })
    }

    /// Reads what is at a path, such as `/webhook/events?limit=5`.
    pub async fn get(&self, path: &str) -> Result<String, OperatorError> {
        self.ask("GET", path).await
    }

    /// Has something done.
    pub async fn post(&self, path: &str) -> Result<String, OperatorError> {
        self.ask("POST", path).await
    }

    async fn ask(&self, method: &str, path: &str) -> Result<String, OperatorError> {
        let late = || self.transport(path, format!("no answer within {} s", CALL_TIME.as_secs()));
        let (status, text) =
            tokio::time::timeout(CALL_TIME, self.exchange(method, path)).await.map_err(|_| late())??;
        if status == StatusCode::OK {
            return Ok(text);
        }
        match serde_json::from_str(&text) {
            Ok(Wrong { error }) => Err(OperatorError::Refused { status: status.as_u16(), why: error }),
            Err(_) => {
                Err(self.transport(path, format!("HTTP status {status}: expected a gateway's internal listener")))
            }
        }
    }

    async fn exchange(&self, method: &str, path: &str) -> Result<(StatusCode, String), OperatorError> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.address.path))
            .header(header::HOST, &self.address.authority)
            .body(Full::new(Bytes::new()))
            .map_err(|error| self.transport(path, error.to_string()))?;
        let sent = self.pool.send(&self.address, request).await;
        let (response, connection) = sent.map_err(|why| self.transport(path, why))?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER_BYTES).collect().await;
        let body = body.map_err(|error| self.transport(path, error.to_string()))?.to_bytes();
        self.pool.keep(connection);
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }

    fn transport(&self, path: &str, why: String) -> OperatorError {
        OperatorError::Transport { url: format!("http://{}{}{path}", self.address.authority, self.address.path), why }
    }
}

impl std::fmt::Debug for Operator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Operator").field("address", &self.address).finish_non_exhaustive()
    }
}
