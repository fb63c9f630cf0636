//! A request's body, whole, within its size and its time. hyper limits neither.

use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};

use crate::base::{Clock, Invalid, limits};
use crate::model::Refusal;

/// Reads and forgets it, within the same limits. True when all of it is read: only then can the connection serve the next call.
pub(super) async fn discard(mut body: Incoming, clock: &Clock) -> bool {
    let rest = async {
        let mut left = limits::BODY_BYTES;
        while let Some(frame) = body.frame().await {
            let length = frame.map(|frame| frame.data_ref().map_or(0, Bytes::len));
            let Some(less) = length.ok().and_then(|length| left.checked_sub(length)) else { return false };
            left = less;
        }
        true
    };
    tokio::select! {
        whole = rest => whole,
        () = clock.sleep(limits::BODY_TIME) => false,
    }
}

/// Reads all of it, sent with a length or chunked, into one buffer: many small chunks kept as they came would hold far more.
pub(super) async fn read(mut body: Incoming, clock: &Clock) -> Result<Vec<u8>, Refusal> {
    let whole = async {
        let mut whole = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| Invalid::value("body", "a whole body", &error.to_string()))?;
            whole.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
            if whole.len() > limits::BODY_BYTES {
                return Err(Refusal::BodyTooLarge(limits::BODY_BYTES));
            }
        }
        Ok(whole)
    };
    // The body first: it is there already most of the time, and no timer need be set.
    tokio::select! {
        biased;
        whole = whole => whole,
        () = clock.sleep(limits::BODY_TIME) => Err(Refusal::BodyTooSlow(limits::BODY_TIME.as_secs())),
    }
}
