//! The operator's side of the internal listener: asks, reads the answer.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, StatusCode, header};
use serde::Deserialize;

use super::address::Address;
use super::pool::Pool;
use super::{ApiError, BadAddress};

/// How long a whole question may take.
const ASK_TIME: Duration = Duration::from_secs(10);
/// The largest answer that is read.
const ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// Asks the internal listener of one gateway.
pub struct Operator {
    address: Address,
    pool: Pool,
}

#[derive(Deserialize)]
struct Wrong {
    error: String,
}

impl Operator {
    /// The listener at `url`, such as `http://127.0.0.1:9090`. Connects with the first question.
    pub fn new(url: &str) -> Result<Operator, BadAddress> {
        Ok(Operator { address: Address::http(url)?, pool: Pool::default() })
    }

    /// Asks for `path`, such as `explain`. Answers the answer's own text.
    pub async fn get(&self, path: &str, params: &[(&str, &str)]) -> Result<String, ApiError> {
        let late = || self.transport(path, format!("no answer within {} s", ASK_TIME.as_secs()));
        let (status, text) =
            tokio::time::timeout(ASK_TIME, self.exchange(path, params)).await.map_err(|_| late())??;
        match (status, serde_json::from_str::<Wrong>(&text)) {
            (StatusCode::OK, _) => Ok(text),
            (status, Ok(Wrong { error })) => Err(ApiError::Refused { code: status.as_u16(), desc: error }),
            (status, Err(_)) => Err(self.transport(path, format!("HTTP status {status}"))),
        }
    }

    async fn exchange(&self, path: &str, params: &[(&str, &str)]) -> Result<(StatusCode, String), ApiError> {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
        let request = Request::get(format!("{}/{path}?{query}", self.address.path))
            .header(header::HOST, &self.address.authority)
            .body(Full::new(Bytes::new()))
            .map_err(|error| self.transport(path, error.to_string()))?;
        let sent = self.pool.send(&self.address, request).await;
        let (response, connection) = sent.map_err(|why| self.transport(path, why))?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER_BYTES).collect().await;
        let body = body.map_err(|error| self.transport(path, error.to_string()))?.to_bytes();
        self.pool.keep(connection);
        let text = String::from_utf8(body.into());
        Ok((status, text.map_err(|_| self.transport(path, "the answer is not UTF-8".to_owned()))?))
    }

    fn transport(&self, path: &str, why: String) -> ApiError {
        ApiError::Transport { url: format!("http://{}{}/{path}", self.address.authority, self.address.path), why }
    }
}

impl std::fmt::Debug for Operator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Operator").field("address", &self.address).finish_non_exhaustive()
    }
}
