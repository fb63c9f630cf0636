//! `/test/members/{accid}`: the connections of an account, and what a test does to them.

use std::num::NonZeroU64;

use hyper::StatusCode;
use percent_encoding::percent_decode_str;
use serde::Serialize;

use crate::base::{Accid, Invalid, SessionId, limits};
use crate::presence::{Amount, InsideSession};
use crate::server::internal::answer::Answer;
use crate::server::internal::ask::Ask;
use crate::service::{Links, NoSession};

#[derive(Serialize)]
struct Sessions {
    sessions: Vec<Session>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    session: String,
    away: bool,
    frozen: bool,
    bytes_per_second: Option<NonZeroU64>,
    high: Amount,
    normal: Amount,
    retained: Amount,
}

#[derive(Serialize)]
struct Treated {
    sessions: usize,
}

/// `GET /test/members/{accid}`
pub(super) async fn show(links: &Links, ask: &Ask, accid: &str) -> Result<Answer, Answer> {
    ask.require("GET")?;
    ask.params([])?;
    let sessions = links.sessions(&read_accid(accid)?).await;
    Ok(Answer::done(&Sessions { sessions: sessions.iter().map(Session::of).collect() }))
}

/// `POST /test/members/{accid}/{deed}`; `None` where there is no such deed.
pub(super) async fn treat(links: &Links, ask: &Ask, accid: &str, deed: &str) -> Option<Result<Answer, Answer>> {
    Some(match deed {
        "slow" => slow(links, ask, accid).await,
        "fast" => fast(links, ask, accid).await,
        "freeze" => freeze(links, ask, accid, true).await,
        "thaw" => freeze(links, ask, accid, false).await,
        "cut" => cut(links, ask, accid),
        _ => return None,
    })
}

async fn slow(links: &Links, ask: &Ask, accid: &str) -> Result<Answer, Answer> {
    ask.require("POST")?;
    let [pace, session] = ask.params(["bytes-per-second", "session"])?;
    let pace = read_pace(&pace.unwrap_or_default())?;
    done(links.pace(&read_accid(accid)?, read_session(session)?, Some(pace)).await)
}

async fn fast(links: &Links, ask: &Ask, accid: &str) -> Result<Answer, Answer> {
    done(links.pace(&read_accid(accid)?, read_only_session(ask)?, None).await)
}

async fn freeze(links: &Links, ask: &Ask, accid: &str, frozen: bool) -> Result<Answer, Answer> {
    done(links.freeze(&read_accid(accid)?, read_only_session(ask)?, frozen).await)
}

fn cut(links: &Links, ask: &Ask, accid: &str) -> Result<Answer, Answer> {
    done(links.cut(&read_accid(accid)?, read_only_session(ask)?))
}

fn done(treated: Result<usize, NoSession>) -> Result<Answer, Answer> {
    match treated {
        Ok(sessions) => Ok(Answer::done(&Treated { sessions })),
        Err(missing) => Err(Answer::wrong(StatusCode::NOT_FOUND, &missing.to_string())),
    }
}

/// As it stands in a path, where `@` may be written in another way.
fn read_accid(word: &str) -> Result<Accid, Invalid> {
    Accid::parse("account", &percent_decode_str(word).decode_utf8_lossy())
}

fn read_only_session(ask: &Ask) -> Result<Option<SessionId>, Answer> {
    ask.require("POST")?;
    let [session] = ask.params(["session"])?;
    Ok(read_session(session)?)
}

fn read_session(text: Option<String>) -> Result<Option<SessionId>, Invalid> {
    let Some(text) = text else { return Ok(None) };
    let session = SessionId::read(&text);
    session.map(Some).ok_or_else(|| Invalid::value("session", "a session that the reply to a login names", &text))
}

fn read_pace(text: &str) -> Result<NonZeroU64, Invalid> {
    let (least, most) = (limits::PACE_LEAST, limits::PACE_MOST);
    let rule = || format!("a whole number from {least} to {most}");
    let fits = text.parse::<u64>().ok().filter(|pace| (least..=most).contains(pace)).and_then(NonZeroU64::new);
    fits.ok_or_else(|| match text {
        "" => Invalid::missing("bytes-per-second", rule()),
        text => Invalid::value("bytes-per-second", rule(), text),
    })
}

impl Session {
    fn of(inside: &InsideSession) -> Session {
        let waiting = inside.waiting;
        Session {
            session: inside.session.to_string(),
            away: inside.away,
            frozen: waiting.frozen,
            bytes_per_second: waiting.pace,
            high: waiting.high,
            normal: waiting.normal,
            retained: waiting.retained,
        }
    }
}
