//! `GET /demo/inside`: what waits for each session of a room, for whoever looks on.

use std::num::NonZeroU64;

use hyper::Response;
use hyper::http::request::Parts;
use serde::Serialize;

use crate::base::{Accid, LaneBounds, RoomId};
use crate::model::Refusal;
use crate::presence::{Amount, InsideSession, Insider};
use crate::server::Content;

use super::{Demo, answer};

/// So many digits of another's session: enough to tell some apart, too few to be it.
const LABEL: usize = 6;

#[derive(Serialize)]
struct Inside<'a> {
    bounds: Bounds,
    members: Vec<Member<'a>>,
}

#[derive(Serialize)]
struct Bounds {
    high: usize,
    normal: usize,
}

#[derive(Serialize)]
struct Member<'a> {
    accid: &'a Accid,
    nick: &'a str,
    sessions: Vec<Session>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    session: String,
    mine: bool,
    high: Amount,
    normal: Amount,
    retained: Amount,
    away: bool,
    bytes_per_second: Option<NonZeroU64>,
}

pub(super) async fn look(demo: &Demo, head: &Parts) -> Result<Response<Content>, Refusal> {
    let asking = demo.guests.asking(&head.headers).await?;
    let room = demo.lobby.require(read_room(head)?, &demo.guests).await?;
    let insiders = demo.services.links.look_inside(room, &asking).await;
    let LaneBounds { high_bytes: high, normal_bytes: normal } = demo.services.settings.lanes;
    let members = insiders.iter().map(|insider| Member::of(insider, &asking)).collect();
    Ok(answer::done(&Inside { bounds: Bounds { high, normal }, members }))
}

fn read_room(head: &Parts) -> Result<RoomId, Refusal> {
    let query = head.uri.query().unwrap_or_default();
    let room = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "roomid");
    Ok(RoomId::parse("roomid", &room.map(|(_, value)| value).unwrap_or_default())?)
}

impl Member<'_> {
    fn of<'a>(insider: &'a Insider, asking: &Accid) -> Member<'a> {
        let accid = &insider.occupant.accid;
        let sessions = insider.sessions.iter().map(|session| Session::of(session, accid == asking)).collect();
        Member { accid, nick: insider.occupant.nick(), sessions }
    }
}

impl Session {
    fn of(inside: &InsideSession, mine: bool) -> Session {
        let mut session = inside.session.to_string();
        if !mine {
            session.truncate(LABEL);
        }
        let waiting = inside.waiting;
        Session {
            session,
            mine,
            high: waiting.high,
            normal: waiting.normal,
            retained: waiting.retained,
            away: inside.away,
            bytes_per_second: waiting.pace,
        }
    }
}
