//! `GET /explain?room=R&account=A` on the internal listener: why an account may not join or send.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode, Uri};
use serde_json::json;

use crate::base::{Accid, Invalid, RoomId, json};
use crate::model::Refusal;
use crate::service::Services;

/// Answers in JSON, also where something is wrong.
pub(super) async fn answer(services: &Services, uri: &Uri) -> Response<Full<Bytes>> {
    let explained = match read(uri) {
        Ok((room, account)) => services.explain.explain(room, &account).await,
        Err(invalid) => Err(Refusal::Invalid(invalid)),
    };
    match explained {
        Ok(explanation) => respond(StatusCode::OK, json(&explanation)),
        Err(refusal @ Refusal::Invalid(_)) => respond(StatusCode::BAD_REQUEST, wrong(&refusal)),
        Err(refusal) => respond(StatusCode::SERVICE_UNAVAILABLE, wrong(&refusal)),
    }
}

fn read(uri: &Uri) -> Result<(RoomId, Accid), Invalid> {
    let query = uri.query().unwrap_or_default().as_bytes();
    let value = |name: &str| form_urlencoded::parse(query).find(|pair| pair.0 == name).map(|pair| pair.1);
    let room = RoomId::parse("room", &value("room").unwrap_or_default())?;
    Ok((room, Accid::parse("account", &value("account").unwrap_or_default())?))
}

fn wrong(refusal: &Refusal) -> String {
    json!({ "error": refusal.to_string() }).to_string()
}

fn respond(status: StatusCode, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text + "\n"));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
