//! `GET /explain?room=R&account=A`: why an account may not join a room or send to it.

use hyper::{Method, StatusCode};

use crate::base::{Accid, Invalid, RoomId};
use crate::service::Services;

use super::answer::Answer;
use super::ask::Ask;

pub(super) async fn answer(services: &Services, ask: &Ask) -> Answer {
    if ask.method != Method::GET {
        return Answer::only("GET");
    }
    let (room, account) = match ask.params(["room", "account"]).map(read) {
        Ok(Ok(named)) => named,
        Ok(Err(invalid)) => return Answer::bad(invalid.to_string()),
        Err(answer) => return answer,
    };
    match services.explain.explain(room, &account).await {
        Ok(explanation) => Answer::done(&explanation),
        Err(refusal) => Answer::wrong(StatusCode::SERVICE_UNAVAILABLE, &refusal.to_string()),
    }
}

fn read([room, account]: [Option<String>; 2]) -> Result<(RoomId, Accid), Invalid> {
    let room = RoomId::parse("room", &room.unwrap_or_default())?;
    Ok((room, Accid::parse("account", &account.unwrap_or_default())?))
}
