//! What a page sends besides files: a small JSON object.

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use serde::de::DeserializeOwned;

use crate::base::{Clock, Invalid, limits};
use crate::model::Refusal;

/// Names and numbers.
pub(super) const SMALL: usize = 4096;

/// Reads it within its size and its time; `shape` is what a wrong one is told to be like.
pub(super) async fn read<T: DeserializeOwned>(
    body: Incoming,
    most: usize,
    shape: &'static str,
    clock: &Clock,
) -> Result<T, Refusal> {
    let body = tokio::select! {
        body = Limited::new(body, most).collect() => body,
        () = clock.sleep(limits::BODY_TIME) => {
            return Err(Refusal::BodyTooSlow(limits::BODY_TIME.as_secs()));
        }
    };
    let body = body.map_err(|_| Refusal::BodyTooLarge(most))?.to_bytes();
    let read = serde_json::from_slice(&body);
    Ok(read.map_err(|_| Invalid::value("body", shape, &String::from_utf8_lossy(&body)))?)
}
