//! How a name becomes a member: its account, its token, and the room to enter first.

use hyper::Response;
use hyper::body::Incoming;
use serde::{Deserialize, Serialize};

use crate::base::{Accid, Invalid, limits};
use crate::model::Refusal;
use crate::server::Content;

use super::{Demo, answer, body, guests};

#[derive(Deserialize)]
struct Entering {
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entered<'a> {
    app_key: &'a str,
    accid: &'a Accid,
    token: String,
    nick: &'a str,
    roomid: String,
}

/// `POST /demo/enter`
pub(super) async fn enter(demo: &Demo, body: Incoming) -> Result<Response<Content>, Refusal> {
    let entering: Entering = body::read(body, body::SMALL, "{\"name\": \"…\"}", &demo.services.clock).await?;
    let nick = read_nick(&entering.name)?;
    let (accid, token) = demo.guests.admit(nick).await?;
    let (app_key, roomid) = (demo.services.app.key(), demo.room().to_string());
    Ok(answer::done(&Entered { app_key, accid: &accid, token, nick, roomid }))
}

fn read_nick(name: &str) -> Result<&str, Invalid> {
    let nick = name.trim();
    let fits = (1..=limits::NICK_UNITS).contains(&nick.encode_utf16().count());
    if !fits || nick.chars().any(char::is_control) {
        let rule = format!("1 to {} characters without control characters", limits::NICK_UNITS);
        return Err(Invalid::value("name", rule, nick));
    }
    Ok(nick)
}

/// `GET /demo/suggest`: a name that nobody in the first room has.
pub(super) fn suggest(demo: &Demo) -> Response<Content> {
    let members = demo.services.members.present(demo.room());
    let taken = |name: &&str| members.iter().any(|member| member.occupant.accid.as_str() == *name);
    let name = guests::NAMES.into_iter().find(|name| !taken(name)).unwrap_or_default();
    answer::done(&serde_json::json!({ "name": name }))
}
