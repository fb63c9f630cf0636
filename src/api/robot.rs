//! `/chatroom/…Robot`: virtual members (section 5.4).

use serde::Serialize;

use crate::base::{Accid, json, limits};
use crate::model::Refusal;
use crate::service::Telling;

use super::{Answer, Call};

/// The lists are JSON texts inside JSON (section 13, quirk 5).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Lists {
    fail_accids: String,
    success_accids: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_accids: Option<String>,
}

#[derive(Serialize)]
struct Size {
    size: usize,
}

fn text(accids: &[Accid]) -> String {
    json(&accids)
}

pub(super) async fn add_robots(call: Call) -> Result<Answer, Refusal> {
    let room = call.params.room("roomid")?;
    let accids = call.accids("accids", limits::ROBOTS_A_CALL)?;
    let role_ext = call.params.text_within("roleExt", limits::EXT_UNITS)?.map(str::to_owned);
    let ext = Telling::read_ext(&call.params)?;
    let handled = call.services.robots.add(room, accids, role_ext, ext).await?;
    Ok(Answer::desc(Lists {
        fail_accids: text(&handled.fail),
        success_accids: text(&handled.success),
        old_accids: Some(text(&handled.old)),
    }))
}

pub(super) async fn remove_robots(call: Call) -> Result<Answer, Refusal> {
    let room = call.params.room("roomid")?;
    let accids = call.accids("accids", limits::ROBOTS_A_CALL)?;
    let handled = call.services.robots.remove(room, accids).await?;
    let (fail_accids, success_accids) = (text(&handled.fail), text(&handled.success));
    Ok(Answer::desc(Lists { fail_accids, success_accids, old_accids: None }))
}

pub(super) async fn clean_robots(call: Call) -> Result<Answer, Refusal> {
    let (room, notify) = (call.params.room("roomid")?, call.params.boolean("notify", false)?);
    let size = call.services.robots.clean(room, notify).await?;
    Ok(Answer::desc(Size { size }))
}
