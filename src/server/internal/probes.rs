//! What machines look at again and again: healthz, readyz, metrics.

use std::sync::atomic::{AtomicBool, Ordering};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};

use crate::service::Services;

/// `None` where the path is no probe's.
pub(super) async fn answer(services: &Services, draining: &AtomicBool, path: &str) -> Option<Response<Full<Bytes>>> {
    Some(match path {
        "/healthz" => Response::new(Full::from("ok\n")),
        "/readyz" => ready(services, draining).await,
        "/metrics" => metrics(services),
        _ => return None,
    })
}

async fn ready(services: &Services, draining: &AtomicBool) -> Response<Full<Bytes>> {
    if draining.load(Ordering::Relaxed) {
        return unready("draining\n".into());
    }
    match services.ready().await {
        Ok(()) => Response::new(Full::from("ready\n")),
        Err(error) => unready(format!("{error}\n")),
    }
}

fn unready(why: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(why));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}

fn metrics(services: &Services) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(services.metrics.render()));
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
