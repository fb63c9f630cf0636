//! Where the gateway's webhooks come: records each, and answers as its mood is.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::auth::App;

use super::history::{Fault, Mood, Webhook, WebhookMessage, What};
use super::recorder::Recorder;

/// Connections at a time; a gateway has a few.
const CONNECTIONS: usize = 256;
/// The largest body.
const BODY_BYTES: usize = 1024 * 1024;
/// How late a slow receiver is: below any sensible deadline.
const LATE: Duration = Duration::from_millis(300);

/// A receiver; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    app: App,
    recorder: Arc<Recorder>,
    mood: Mutex<Mood>,
}

impl Receiver {
    /// Listens at `address`; port 0 takes a free one.
    pub(super) async fn listen(address: SocketAddr, app: App, recorder: Arc<Recorder>) -> std::io::Result<Receiver> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { app, recorder, mood: Mutex::new(Mood::Well) });
        let task = tokio::spawn(accept(listener, shared.clone()));
        Ok(Receiver { address, shared, task })
    }

    /// What the gateway is to be given.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers so from now on.
    pub(super) fn be(&self, mood: Mood) {
        let set = || *self.shared.mood.lock() = mood;
        self.shared.recorder.note_then(What::Nemesis { fault: Fault::Receiver { mood } }, set);
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let Ok((socket, _)) = listener.accept().await else { continue };
        let shared = shared.clone();
        tokio::spawn(async move {
            let answer = service_fn(move |request| {
                let shared = shared.clone();
                async move { shared.answer(request).await }
            });
            // Where we hang up, that is an error too.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(socket), answer).await;
            drop(place);
        });
    }
}

impl Shared {
    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, std::io::Error> {
        let (head, body) = request.into_parts();
        let body = Limited::new(body, BODY_BYTES).collect().await.map_err(std::io::Error::other)?.to_bytes();
        let mood = *self.mood.lock();
        let status = match mood {
            Mood::Refusing => None,
            Mood::Failing => Some(StatusCode::INTERNAL_SERVER_ERROR),
            Mood::Well | Mood::Slow => Some(StatusCode::OK),
        };
        let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
        let text = String::from_utf8_lossy(&body);
        let webhook = Webhook {
            id: self.recorder.text(header("X-Roomgate-Event-Id").unwrap_or_default()),
            body: self.recorder.text(&text),
            signed: self.app.wrong_post_headers(&body, header).is_empty(),
            answered: status.map(|status| status.as_u16()),
            message: self.message(&text),
        };
        self.recorder.note(What::Webhook(webhook));
        if mood == Mood::Slow {
            tokio::time::sleep(LATE).await;
        }
        let status = status.ok_or_else(|| std::io::Error::other("hung up"))?;
        let mut response = Response::new(Full::default());
        *response.status_mut() = status;
        Ok(response)
    }

    fn message(&self, body: &str) -> Option<WebhookMessage> {
        let event: Event = serde_json::from_str(body).ok().filter(|event: &Event| event.event_type == "4")?;
        let to: Vec<String> = serde_json::from_str(&event.to_accids).unwrap_or_default();
        Some(WebhookMessage {
            room: event.room_id.parse().ok()?,
            from: self.recorder.text(&event.from_account),
            msg_id: self.recorder.text(&event.msgid_client),
            content: self.recorder.text(&event.attach),
            to: to.iter().map(|accid| self.recorder.text(accid)).collect(),
        })
    }
}

/// An event of type 4: a message.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Event {
    event_type: String,
    room_id: String,
    from_account: String,
    msgid_client: String,
    attach: String,
    to_accids: String,
}
