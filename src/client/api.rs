//! The application server's side of the signed REST API: signs, calls, reads the answer.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, StatusCode, header};
use serde::Deserialize;
use serde_json::Value;

use crate::auth::App;
use crate::base::{Clock, RoomId};

use super::address::Address;
use super::pool::Pool;
use super::{BadAddress, Outgoing, Sent};

/// How long a whole call may take.
const CALL_TIME: Duration = Duration::from_secs(10);
/// The largest answer that is read: far above anything a gateway answers.
const ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// Calls the server API of one gateway. Clones share their connections.
#[derive(Clone)]
pub struct Api {
    inner: Arc<Inner>,
}

struct Inner {
    url: String,
    address: Address,
    app: App,
    clock: Clock,
    pool: Pool,
}

/// Why a call did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The gateway refused.
    #[error("{code} {desc}")]
    Refused {
        /// The status code.
        code: u16,
        /// What was wrong and what was expected.
        desc: String,
    },
    /// There is no answer, or none of this API.
    #[error("{url}: {why}")]
    Transport {
        /// What was called.
        url: String,
        /// What happened.
        why: String,
    },
}

impl ApiError {
    /// The status code of a refusal.
    pub fn code(&self) -> Option<u16> {
        match self {
            ApiError::Refused { code, .. } => Some(*code),
            ApiError::Transport { .. } => None,
        }
    }
}

#[derive(Deserialize)]
struct Head {
    code: u16,
    desc: Option<Value>,
}

impl Api {
    /// The API at `url`, such as `http://127.0.0.1:8080/nimserver`, as application `app`. Connects with the first call.
    pub fn new(url: &str, app: App) -> Result<Api, BadAddress> {
        Api::with_clock(url, app, Clock::system())
    }

    /// The same, signing with the time of `clock`: a gateway on a test clock wants that.
    pub fn with_clock(url: &str, app: App, clock: Clock) -> Result<Api, BadAddress> {
        let address = Address::http(url)?;
        let url = format!("http://{}{}", address.authority, address.path);
        Ok(Api { inner: Arc::new(Inner { url, address, app, clock, pool: Pool::default() }) })
    }

    /// Makes an account. Answers its token.
    pub async fn create_user(&self, accid: &str, name: &str) -> Result<String, ApiError> {
        let answer = self.call("user/create", &[("accid", accid), ("name", name)]).await?;
        let token = answer["info"]["token"].as_str();
        token.map(str::to_owned).ok_or_else(|| self.unreadable("user/create", "it has no info.token"))
    }

    /// Makes a room. Answers its id.
    pub async fn create_room(&self, creator: &str, name: &str) -> Result<RoomId, ApiError> {
        let answer = self.call("chatroom/create", &[("creator", creator), ("name", name)]).await?;
        RoomId::parse("chatroom.roomid", &answer["chatroom"]["roomid"].to_string())
            .map_err(|invalid| self.unreadable("chatroom/create", &invalid.to_string()))
    }

    /// Sends a message to a room, or to the listed members only.
    pub async fn send(&self, room: RoomId, from: &str, message: Outgoing) -> Result<Sent, ApiError> {
        let path = send_path(&message);
        let answer = self.send_for_text(room, from, message).await?;
        Sent::read(&answer).map_err(|error| self.unreadable(path, &error.to_string()))
    }

    /// Sends a message. Answers the answer's own text.
    pub async fn send_for_text(&self, room: RoomId, from: &str, message: Outgoing) -> Result<String, ApiError> {
        let mut form: Vec<(String, String)> =
            message.params(room).into_iter().map(|(name, value)| (name, form_text(value))).collect();
        form.push(("fromAccid".into(), from.to_owned()));
        let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.call_for_text(send_path(&message), &pairs).await
    }

    /// Calls `path`, such as `chatroom/create`. Answers the whole answer, whose code is 200.
    pub async fn call(&self, path: &str, params: &[(&str, &str)]) -> Result<Value, ApiError> {
        let text = self.call_for_text(path, params).await?;
        serde_json::from_str(&text).map_err(|error| self.unreadable(path, &error.to_string()))
    }

    /// Calls `path`. Answers the answer's own text.
    pub async fn call_for_text(&self, path: &str, params: &[(&str, &str)]) -> Result<String, ApiError> {
        let late = || self.transport(path, format!("no answer within {} s", CALL_TIME.as_secs()));
        let text = tokio::time::timeout(CALL_TIME, self.exchange(path, params)).await.map_err(|_| late())??;
        let head: Head = serde_json::from_str(&text).map_err(|error| self.unreadable(path, &error.to_string()))?;
        match head {
            Head { code: 200, .. } => Ok(text),
            Head { code, desc: Some(Value::String(desc)) } => Err(ApiError::Refused { code, desc }),
            Head { code, .. } => Err(ApiError::Refused { code, desc: String::new() }),
        }
    }

    async fn exchange(&self, path: &str, params: &[(&str, &str)]) -> Result<String, ApiError> {
        let request = self.signed(path, params)?;
        let sent = self.inner.pool.send(&self.inner.address, request).await;
        let (response, connection) = sent.map_err(|why| self.transport(path, why))?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER_BYTES).collect().await;
        let body = body.map_err(|error| self.transport(path, error.to_string()))?.to_bytes();
        self.inner.pool.keep(connection);
        if status != StatusCode::OK {
            return Err(self.transport(path, format!("HTTP status {status}")));
        }
        String::from_utf8(body.into()).map_err(|_| self.unreadable(path, "it is not UTF-8"))
    }

    fn signed(&self, path: &str, params: &[(&str, &str)]) -> Result<Request<Full<Bytes>>, ApiError> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
        let mut request = Request::post(format!("{}/{path}.action", self.inner.address.path))
            .header(header::HOST, &self.inner.address.authority)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded;charset=utf-8");
        for (name, value) in self.inner.app.sign(&self.inner.clock).pairs() {
            request = request.header(name, value);
        }
        request.body(Full::from(body)).map_err(|error| self.transport(path, error.to_string()))
    }

    fn transport(&self, path: &str, why: String) -> ApiError {
        ApiError::Transport { url: format!("{}/{path}.action", self.inner.url), why }
    }

    fn unreadable(&self, path: &str, why: &str) -> ApiError {
        self.transport(path, format!("the answer can't be read: {why}"))
    }
}

fn send_path(message: &Outgoing) -> &'static str {
    if message.is_directed() { "chatroom/sendMsgToSomeone" } else { "chatroom/sendMsg" }
}

/// A value as a form carries it: lists and objects as their JSON text (server API, section 1.3).
fn form_text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").field("url", &self.inner.url).field("app", &self.inner.app).finish_non_exhaustive()
    }
}
