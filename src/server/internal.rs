//! The internal listener, for operators and their tools: is it alive, is it ready, what does it count.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};

use crate::service::Services;

use super::router::not_found;
use super::serve::{Held, Service};

/// What stands behind the internal address.
#[derive(Debug)]
pub struct Internal {
    services: Arc<Services>,
    draining: AtomicBool,
}

impl Internal {
    /// Of these services.
    pub fn new(services: Arc<Services>) -> Internal {
        Internal { services, draining: AtomicBool::new(false) }
    }

    /// From now on it is alive but not ready.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    async fn ready(&self) -> Response<Full<Bytes>> {
        if self.draining.load(Ordering::Relaxed) {
            return unready("draining\n".into());
        }
        match self.services.ready().await {
            Ok(()) => Response::new(Full::from("ready\n")),
            Err(error) => unready(format!("{error}\n")),
        }
    }

    fn metrics(&self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::from(self.services.metrics.render()));
        let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, kind);
        response
    }
}

impl Service for Internal {
    async fn answer(&self, request: Request<Incoming>, _: Held) -> Response<Full<Bytes>> {
        match request.uri().path() {
            "/healthz" => Response::new(Full::from("ok\n")),
            "/readyz" => self.ready().await,
            "/metrics" => self.metrics(),
            "/explain" => super::explain::answer(&self.services, request.uri()).await,
            _ => not_found(),
        }
    }
}

fn unready(why: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(why));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}
