//! What the demo's page is answered: JSON, also where something is refused.

use http_body_util::Full;
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;

use crate::base::{Code, json};
use crate::model::Refusal;
use crate::server::Content;

pub(super) fn done(value: &impl Serialize) -> Response<Content> {
    text(json(value))
}

/// The same where it is JSON already.
pub(super) fn text(json: String) -> Response<Content> {
    let mut response = Response::new(Content::from(Full::from(json)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

pub(super) fn refuse(refusal: &Refusal) -> Response<Content> {
    let code = refusal.code();
    let mut response = done(&serde_json::json!({ "code": code, "desc": refusal.to_string() }));
    *response.status_mut() = match code {
        Code::FORBIDDEN | Code::WRONG_TOKEN | Code::DISABLED => StatusCode::FORBIDDEN,
        Code::NOT_FOUND => StatusCode::NOT_FOUND,
        Code::REQUEST_TIMEOUT => StatusCode::REQUEST_TIMEOUT,
        Code::BODY_TOO_LARGE => StatusCode::PAYLOAD_TOO_LARGE,
        Code::INTERNAL => StatusCode::INTERNAL_SERVER_ERROR,
        Code::BUSY => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    };
    response
}
