//! The internal listener, for operators and their tools: is it alive, is it ready, what does it count, and what they may ask, a file each.

mod answer;
mod ask;
mod explain;
mod guard;
mod probes;
mod testing;
mod webhook;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};

use crate::service::Services;
use crate::webhook::Webhook;

use super::Content;
use super::router::not_found;
use super::serve::{Held, Service};

use answer::Answer;
use ask::Ask;

/// What stands behind the internal address.
#[derive(Debug)]
pub struct Internal {
    services: Arc<Services>,
    webhook: Arc<Webhook>,
    draining: AtomicBool,
}

impl Internal {
    /// Of these services.
    pub fn new(services: Arc<Services>, webhook: Arc<Webhook>) -> Internal {
        Internal { services, webhook, draining: AtomicBool::new(false) }
    }

    /// From now on it is alive but not ready.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    async fn respond(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        if let Some(probe) = probes::answer(&self.services, &self.draining, request.uri().path()).await {
            return probe;
        }
        if let Some(refused) = guard::refuse(request.uri(), request.headers()) {
            return refused.into();
        }
        match self.operate(&Ask::read(&request)).await {
            Some(answer) => answer.into(),
            None => not_found(),
        }
    }

    /// What an operator asks, by the first word of its path.
    async fn operate(&self, ask: &Ask) -> Option<Answer> {
        match ask.path().split_first() {
            Some((&"explain", [])) => Some(explain::answer(&self.services, ask).await),
            Some((&"test", rest)) => testing::answer(&self.services, ask, rest).await,
            Some((&"webhook", rest)) => webhook::answer(&self.webhook, ask, rest).await,
            _ => None,
        }
    }
}

impl Service for Internal {
    async fn answer(&self, request: Request<Incoming>, _: Held) -> Response<Content> {
        self.respond(request).await.map(Content::from)
    }
}
