//! A request's body, whole, within its size and its time. hyper limits neither.

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};

use crate::base::{Clock, Invalid, limits};
use crate::model::Refusal;

/// Reads and forgets it, within the same limits: only then can the connection serve the next call.
pub(super) async fn discard(mut body: Incoming, clock: &Clock) {
    let rest = async {
        let mut left = limits::BODY_BYTES;
        while let Some(Ok(frame)) = body.frame().await
            && let Some(less) = left.checked_sub(frame.data_ref().map_or(0, Bytes::len))
        {
            left = less;
        }
    };
    tokio::select! {
        () = rest => {}
        () = clock.sleep(limits::BODY_TIME) => {}
    }
}

/// Reads all of it, sent with a length or chunked.
pub(super) async fn read(body: Incoming, clock: &Clock) -> Result<Bytes, Refusal> {
    tokio::select! {
        whole = Limited::new(body, limits::BODY_BYTES).collect() => match whole {
            Ok(whole) => Ok(whole.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => Err(Refusal::BodyTooLarge(limits::BODY_BYTES)),
            Err(error) => Err(Invalid::value("body", "a whole body", &error.to_string()).into()),
        },
        () = clock.sleep(limits::BODY_TIME) => Err(Refusal::BodyTooSlow(limits::BODY_TIME.as_secs())),
    }
}
