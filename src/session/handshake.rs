//! From an HTTP request to a connection (RFC 6455, section 4.2), and the task that serves it.

use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, Version};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::base::Tasks;
use crate::presence::{Link, Writers};
use crate::service::Services;

use super::absences::Absences;
use super::conversation::Conversation;
use super::echo;
use super::transport::Transport;

/// Where members connect.
const WELL_KNOWN_PATH: &str = "/ws";
/// The one sub-protocol.
const PROTOCOL: &str = "roomgate.v1";

/// The door.
#[derive(Debug)]
pub struct SocketDoor {
    services: Arc<Services>,
    writers: Arc<Writers>,
    absences: Arc<Absences>,
    tasks: Tasks,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy)]
enum Purpose {
    Members,
    Echo,
}

/// Why a handshake is refused.
#[derive(Debug)]
struct Unfit(StatusCode, &'static str);

impl SocketDoor {
    /// The door to these services. Its connections are tasks of `tasks`.
    pub fn new(services: Arc<Services>, writers: Arc<Writers>, tasks: Tasks) -> SocketDoor {
        SocketDoor { services, writers, absences: Absences::new(tasks.clone()), tasks }
    }

    /// Whether requests for this path are for this door.
    pub fn serves(&self, path: &str) -> bool {
        self.purpose(path).is_some()
    }

    fn purpose(&self, path: &str) -> Option<Purpose> {
        let echo = self.services.settings.socket.echo_path.as_deref();
        match path {
            WELL_KNOWN_PATH => Some(Purpose::Members),
            _ if echo == Some(path) => Some(Purpose::Echo),
            _ => None,
        }
    }

    /// Answers a handshake. `held` is kept as long as the connection lasts.
    pub fn answer(&self, mut request: Request<Incoming>, held: impl Send + 'static) -> Response<Full<Bytes>> {
        let Some(purpose) = self.purpose(request.uri().path()) else {
            return Unfit(StatusCode::NOT_FOUND, "no such path").into_response();
        };
        match self.accept(&request) {
            Ok(response) => {
                self.take_over(hyper::upgrade::on(&mut request), purpose, held);
                response
            }
            Err(unfit) => unfit.into_response(),
        }
    }

    fn accept(&self, request: &Request<Incoming>) -> Result<Response<Full<Bytes>>, Unfit> {
        let headers = request.headers();
        if request.method() != Method::GET || request.version() != Version::HTTP_11 {
            return Err(Unfit(StatusCode::METHOD_NOT_ALLOWED, "connect with a WebSocket handshake: GET and HTTP/1.1"));
        }
        if !has_token(headers, header::CONNECTION, "upgrade") || !has_token(headers, header::UPGRADE, "websocket") {
            return Err(Unfit(StatusCode::UPGRADE_REQUIRED, "this path speaks WebSocket: expected Upgrade: websocket"));
        }
        if single(headers, header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
            return Err(Unfit(StatusCode::UPGRADE_REQUIRED, "expected Sec-WebSocket-Version: 13"));
        }
        let key = single(headers, header::SEC_WEBSOCKET_KEY)
            .filter(|key| is_key(key.as_bytes()))
            .ok_or(Unfit(StatusCode::BAD_REQUEST, "expected one Sec-WebSocket-Key of 16 bytes in base64"))?;
        let origins: Vec<&[u8]> = headers.get_all(header::ORIGIN).iter().map(HeaderValue::as_bytes).collect();
        let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
        if !origins.iter().all(|origin| self.services.origins.allows(origin, host)) {
            return Err(Unfit(
                StatusCode::FORBIDDEN,
                "this page's origin is not allowed: add it to socket.allowed_origins",
            ));
        }
        Ok(switching(key, has_token(headers, header::SEC_WEBSOCKET_PROTOCOL, PROTOCOL)))
    }

    /// Serves the connection once hyper has let go of it.
    fn take_over(&self, upgrade: hyper::upgrade::OnUpgrade, purpose: Purpose, held: impl Send + 'static) {
        let (services, writers) = (self.services.clone(), self.writers.clone());
        let (absences, tasks) = (self.absences.clone(), self.tasks.clone());
        self.tasks.spawn(async move {
            let Ok(upgraded) = upgrade.await else { return };
            // The public listener serves plain TCP only, so this is what hyper was given.
            let Ok(parts) = upgraded.downcast::<TokioIo<TcpStream>>() else { return };
            // What came early is copied, or it would keep hyper's whole buffer. A fresh task leaves the handshake's state behind.
            let (socket, early) = (parts.io.into_inner(), Bytes::copy_from_slice(&parts.read_buf));
            let link = Arc::new(Link::new(socket));
            let Some(seat) = writers.open(link.clone()).await else { return };
            let (settings, clock) = (&services.settings.socket, services.clock.clone());
            let transport = Box::new(Transport::new(link, Arc::new(seat), early, settings, clock).await);
            match purpose {
                Purpose::Members => {
                    let conversation = Conversation::new(services, absences, transport);
                    tasks.spawn(async move {
                        conversation.run().await;
                        drop(held);
                    });
                }
                Purpose::Echo => tasks.spawn(async move {
                    echo::run(transport).await;
                    drop(held);
                }),
            }
        });
    }
}

fn switching(key: &HeaderValue, protocol: bool) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(accept) = HeaderValue::from_str(&derive_accept_key(key.as_bytes())) {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    }
    if protocol {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    }
    response
}

/// Whether a comma-separated header, given once or several times, has this token.
fn has_token(headers: &HeaderMap, name: HeaderName, token: &str) -> bool {
    let values = headers.get_all(name);
    let mut tokens = values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    tokens.any(|found| found.trim().eq_ignore_ascii_case(token))
}

/// Sixteen bytes in base64.
fn is_key(key: &[u8]) -> bool {
    let digits = key.strip_suffix(b"==").unwrap_or_default();
    digits.len() == 22 && digits.iter().all(|digit| digit.is_ascii_alphanumeric() || b"+/".contains(digit))
}

fn single(headers: &HeaderMap, name: HeaderName) -> Option<&HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}

impl Unfit {
    fn into_response(self) -> Response<Full<Bytes>> {
        let Unfit(status, text) = self;
        let mut response = Response::new(Full::from(format!("{text}\n")));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        if status == StatusCode::UPGRADE_REQUIRED {
            headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        }
        response
    }
}
