//! The public listener's paths: the server API, the socket door, the demo.

use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{CONNECTION, HeaderValue};
use hyper::{Request, Response, StatusCode};

use crate::rest::{PREFIX, RestDoor};
use crate::session::SocketDoor;

use super::serve::{Held, Service};
use super::{Content, Demo};

/// What stands behind the public address.
#[derive(Debug)]
pub struct Router {
    /// The server API.
    pub rest: RestDoor,
    /// The socket door.
    pub socket: Arc<SocketDoor>,
    /// The demo, where it is on.
    pub demo: Option<Demo>,
}

impl Service for Router {
    async fn answer(&self, request: Request<Incoming>, held: Held) -> Response<Content> {
        let path = request.uri().path();
        if path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            return self.rest.answer(request).await.map(Content::from);
        }
        let has_body = !request.body().is_end_stream();
        let mut response = match &self.demo {
            _ if self.socket.serves(path) => self.socket.answer(request, held).map(Content::from),
            // Boxed, or every call of the server API would hold room for it.
            Some(demo) => Box::pin(demo.answer(request)).await,
            None => not_found().map(Content::from),
        };
        // Nobody is sure to have read it, so the connection may be of no use any more; that must be said.
        if has_body && response.status() != StatusCode::SWITCHING_PROTOCOLS {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

pub(super) fn not_found() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from("no such path\n"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
