//! The four signature headers, as raw bytes (section 1.2).

use hyper::HeaderMap;
use hyper::header::HeaderName;

use crate::auth::{BadSignature, Signature};
use crate::model::Refusal;

// Names that need not be read anew for each call.
static APP_KEY: HeaderName = HeaderName::from_static("appkey");
static NONCE: HeaderName = HeaderName::from_static("nonce");
static CUR_TIME: HeaderName = HeaderName::from_static("curtime");
static CHECK_SUM: HeaderName = HeaderName::from_static("checksum");

/// Reads them; each must be there exactly once and not be empty.
pub(super) fn read(headers: &HeaderMap) -> Result<Signature<'_>, Refusal> {
    Ok(Signature {
        app_key: header(headers, &APP_KEY, "AppKey")?,
        nonce: header(headers, &NONCE, "Nonce")?,
        cur_time: header(headers, &CUR_TIME, "CurTime")?,
        check_sum: header(headers, &CHECK_SUM, "CheckSum")?,
    })
}

/// `shown` is the name as it is documented.
fn header<'a>(headers: &'a HeaderMap, name: &HeaderName, shown: &str) -> Result<&'a [u8], Refusal> {
    let mut values = headers.get_all(name).iter().map(hyper::header::HeaderValue::as_bytes);
    match (values.next(), values.next()) {
        (Some(value), None) if !value.is_empty() => Ok(value),
        (Some(_), Some(_)) => Err(bad(format!("{shown}: expected once, got several"))),
        _ => Err(bad(format!("{shown}: expected a value, got nothing"))),
    }
}

fn bad(what: String) -> Refusal {
    Refusal::BadSignature(BadSignature::Header(what).to_string())
}
