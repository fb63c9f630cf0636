//! What the gateway asks of others over HTTP: webhooks, callbacks and moderation. Every call has one deadline for everything, reads a
//! bounded answer, follows no redirect, verifies TLS, and connects to private addresses only where the operator names them. Knows not
//! what is said.

mod breaker;
mod networks;
mod resolver;

use std::fmt::Write;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT};
use hyper::{Method, Request, Response};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use ipnet::IpNet;
use rustls::RootCertStore;

use crate::base::{Clock, Millis, limits};

use networks::Networks;
use resolver::Resolver;

pub use breaker::Breaker;

/// Posts to others. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Outbound {
    client: Client<HttpsConnector<HttpConnector<Resolver>>, Full<Bytes>>,
    clock: Clock,
}

/// One POST.
#[derive(Debug, Clone)]
pub struct Post<'a> {
    /// Where to.
    pub url: &'a url::Url,
    /// `Content-Type`.
    pub content_type: &'static str,
    /// Other headers.
    pub headers: Vec<(&'static str, String)>,
    /// What is said.
    pub body: Bytes,
    /// How long it may take from finding the address to the last byte of the answer.
    pub within: Duration,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// How long `Retry-After` asks to wait.
    pub retry_after: Option<Duration>,
    /// The body, whole.
    pub body: Bytes,
}

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoReply {
    /// Not in time.
    #[error("no answer within {} ms", .0.as_millis())]
    Late(Duration),
    /// No connection, or none that may be made.
    #[error("no connection: {0}")]
    NoConnection(String),
    /// The answer broke off, or was no HTTP.
    #[error("no whole answer: {0}")]
    Broken(String),
    /// The answer is too long.
    #[error("the answer is over {} bytes", limits::OUTBOUND_REPLY_BYTES)]
    TooLarge,
}

impl NoReply {
    /// The word in metrics.
    pub fn name(&self) -> &'static str {
        match self {
            NoReply::Late(_) => "timeout",
            NoReply::NoConnection(_) => "connect",
            NoReply::Broken(_) => "broken",
            NoReply::TooLarge => "too_large",
        }
    }
}

impl Outbound {
    /// Posts to what is public, to what a URL names by its address, and to what names lead to in these networks.
    pub fn new(private_networks: Vec<IpNet>, clock: Clock) -> Outbound {
        Outbound::trusting(roots(), private_networks, clock)
    }

    fn trusting(roots: RootCertStore, private_networks: Vec<IpNet>, clock: Clock) -> Outbound {
        let mut connector = HttpConnector::new_with_resolver(Resolver::new(Networks::public_and(private_networks)));
        connector.enforce_http(false);
        connector.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls(roots))
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(limits::OUTBOUND_IDLE_TIME)
            .pool_max_idle_per_host(limits::OUTBOUND_IDLE)
            .http1_max_buf_size(limits::HEADER_BYTES)
            .build(connector);
        Outbound { client, clock }
    }

    /// Posts, and reads the whole answer whatever its status.
    pub async fn post(&self, post: Post<'_>) -> Result<Reply, NoReply> {
        let within = post.within;
        let request = request(post).map_err(|error| NoReply::NoConnection(error.to_string()))?;
        tokio::select! {
            // An answer that is there counts, however late this task looks.
            biased;
            reply = self.exchange(request) => reply,
            () = self.clock.sleep(within) => Err(NoReply::Late(within)),
        }
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Reply, NoReply> {
        let response = self.client.request(request).await.map_err(|error| {
            // What the client says of it itself adds nothing to the cause.
            let text = std::error::Error::source(&error).map_or_else(|| error.to_string(), causes);
            if error.is_connect() { NoReply::NoConnection(text) } else { NoReply::Broken(text) }
        })?;
        let (status, retry_after) = (response.status().as_u16(), retry_after(&response, self.clock.wall()));
        Ok(Reply { status, retry_after, body: read(response.into_body()).await? })
    }
}

fn request(post: Post<'_>) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
    const AGENT: HeaderValue = HeaderValue::from_static(concat!("roomgate/", env!("CARGO_PKG_VERSION")));
    let mut request = Request::builder().method(Method::POST).uri(post.url.as_str()).header(USER_AGENT, AGENT);
    request = request.header(CONTENT_TYPE, HeaderValue::from_static(post.content_type));
    for (name, value) in post.headers {
        request = request.header(HeaderName::from_bytes(name.as_bytes())?, HeaderValue::try_from(value)?);
    }
    request.body(Full::new(post.body))
}

/// Seconds, or a date (RFC 9110, section 10.2.3).
fn retry_after(response: &Response<Incoming>, now: Millis) -> Option<Duration> {
    let said = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = said.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = httpdate::parse_http_date(said).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(moment.saturating_sub(Duration::from_millis(now)))
}

async fn read(mut body: Incoming) -> Result<Bytes, NoReply> {
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| NoReply::Broken(causes(&error)))?;
        let Ok(data) = frame.into_data() else { continue };
        if whole.len() + data.len() > limits::OUTBOUND_REPLY_BYTES {
            return Err(NoReply::TooLarge);
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole.freeze())
}

/// Roots that everybody trusts, and those that this machine's owner has added.
fn roots() -> RootCertStore {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

fn tls(roots: RootCertStore) -> rustls::ClientConfig {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let versions = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    // The provider is the one whose versions these are.
    let builder = versions.unwrap_or_else(|_| rustls::ClientConfig::builder());
    builder.with_root_certificates(roots).with_no_client_auth()
}

/// An error with its causes, since the first one alone says little.
fn causes(error: &dyn std::error::Error) -> String {
    let (mut text, mut next) = (error.to_string(), error.source());
    while let Some(cause) = next {
        // Writing to a String can't fail.
        let _ = write!(text, ": {cause}");
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests;
