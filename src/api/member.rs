//! `/chatroom/…Members…`: who is there and who belongs to a room (section 5.3).

use crate::base::{Invalid, limits, read_json};
use crate::model::Refusal;
use crate::service::{AskedRoles, PageOf};

use super::{Answer, Call};

pub(super) async fn page_members(call: Call) -> Result<Answer, Refusal> {
    let (room, of) = (call.room("roomid")?, PageOf::read(&call.params)?);
    let (end, most) = read_page(&call, "endtime")?;
    Ok(Answer::list(call.services.listing.page(room, of, end, most).await?))
}

/// Reads the end of a page, now where it is 0, and its length, the greatest where it is left out.
pub(super) fn read_page(call: &Call, end: &'static str) -> Result<(u64, usize), Refusal> {
    let end = call.params.integer(end, 0..=i64::MAX)?.unwrap_or(0).unsigned_abs();
    let most = call.params.integer("limit", 0..=limits::MEMBERS_PAGE)?.filter(|most| *most > 0);
    Ok((end, usize::try_from(most.unwrap_or(limits::MEMBERS_PAGE)).unwrap_or(0)))
}

pub(super) async fn find_members_by_role(call: Call) -> Result<Answer, Refusal> {
    const RULE: &str = "a JSON object with creator, manager, blacklist and mute as true or false";
    let room = call.room("roomid")?;
    let text =
        call.params.object_text("roles", limits::ROOM_TEXT_UNITS)?.ok_or_else(|| Invalid::missing("roles", RULE))?;
    let asked: Option<AskedRoles> = read_json(&text).ok().and_then(|roles| serde_json::from_value(roles).ok());
    let asked = asked.ok_or_else(|| Invalid::value("roles", RULE, &text))?;
    Ok(Answer::list(call.services.listing.with_roles(room, asked).await?))
}

pub(super) async fn find_members(call: Call) -> Result<Answer, Refusal> {
    let room = call.room("roomid")?;
    let accids = call.accids("accids", limits::QUERIED_MEMBERS)?;
    Ok(Answer::list(call.services.listing.query(room, &accids).await?))
}
