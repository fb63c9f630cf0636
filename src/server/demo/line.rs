//! `POST /demo/slow` and `/demo/cut`: a guest's own session reads slowly, or loses its connection.

use std::num::NonZeroU64;

use hyper::Response;
use hyper::body::Incoming;
use hyper::http::request::Parts;
use serde::Deserialize;

use crate::base::{Invalid, SessionId, limits};
use crate::model::Refusal;
use crate::server::Content;
use crate::service::NoSession;

use super::{Demo, answer, body};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Slow {
    session: String,
    bytes_per_second: Option<i64>,
}

#[derive(Deserialize)]
struct Cut {
    session: String,
}

/// `POST /demo/slow`
pub(super) async fn slow_down(demo: &Demo, head: &Parts, body: Incoming) -> Result<Response<Content>, Refusal> {
    const SHAPE: &str = "{\"session\": \"…\", \"bytesPerSecond\": a number or null}";
    let accid = demo.guests.asking(&head.headers).await?;
    let slow: Slow = body::read(body, body::SMALL, SHAPE, &demo.services.clock).await?;
    let pace = slow.bytes_per_second.map(read_pace).transpose()?;
    demo.services
        .links
        .pace(&accid, Some(read_session(&slow.session)?), pace)
        .await
        .map_err(|missing| not_there(&missing))?;
    Ok(answer::done(&serde_json::json!({})))
}

/// `POST /demo/cut`
pub(super) async fn cut(demo: &Demo, head: &Parts, body: Incoming) -> Result<Response<Content>, Refusal> {
    let accid = demo.guests.asking(&head.headers).await?;
    let cut: Cut = body::read(body, body::SMALL, "{\"session\": \"…\"}", &demo.services.clock).await?;
    demo.services.links.cut(&accid, Some(read_session(&cut.session)?)).map_err(|missing| not_there(&missing))?;
    Ok(answer::done(&serde_json::json!({})))
}

fn not_there(missing: &NoSession) -> Refusal {
    Refusal::NotThere(format!("session: {missing}"))
}

fn read_session(text: &str) -> Result<SessionId, Invalid> {
    SessionId::read(text)
        .ok_or_else(|| Invalid::value("session", "the session that the reply to the login names", text))
}

fn read_pace(number: i64) -> Result<NonZeroU64, Invalid> {
    let (least, most) = (limits::PACE_LEAST, limits::PACE_MOST);
    let fits = u64::try_from(number).ok().filter(|pace| (least..=most).contains(pace)).and_then(NonZeroU64::new);
    fits.ok_or_else(|| Invalid::value("bytesPerSecond", format!("{least} to {most}, or null"), &number.to_string()))
}
