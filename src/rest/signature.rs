//! The four signature headers, as raw bytes (section 1.2).

use hyper::HeaderMap;

use crate::auth::{BadSignature, Signature};
use crate::model::Refusal;

/// Reads them; each must be there exactly once and not be empty.
pub(super) fn read(headers: &HeaderMap) -> Result<Signature<'_>, Refusal> {
    Ok(Signature {
        app_key: header(headers, "AppKey")?,
        nonce: header(headers, "Nonce")?,
        cur_time: header(headers, "CurTime")?,
        check_sum: header(headers, "CheckSum")?,
    })
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a [u8], Refusal> {
    let mut values = headers.get_all(name).iter().map(hyper::header::HeaderValue::as_bytes);
    match (values.next(), values.next()) {
        (Some(value), None) if !value.is_empty() => Ok(value),
        (Some(_), Some(_)) => Err(bad(format!("{name}: expected once, got several"))),
        _ => Err(bad(format!("{name}: expected a value, got nothing"))),
    }
}

fn bad(what: String) -> Refusal {
    Refusal::BadSignature(BadSignature::Header(what).to_string())
}
