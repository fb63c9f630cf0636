//! `/chatroom/tag…`: tags of members (section 5.5), and their places.

use serde::Serialize;

use crate::model::tags::Tag;
use crate::model::{Refusal, TagExpression};
use crate::service::{AskedTags, Telling};

use super::member::read_page;
use super::role::{Muted, read_duration};
use super::{Answer, Asker, Call};

/// This one call answers in `data`.
#[derive(Serialize)]
struct InData<T> {
    data: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TagCount<'a> {
    tag: &'a str,
    online_user_count: usize,
}

fn read_tag(call: &Call, name: &'static str) -> Result<Tag, Refusal> {
    Ok(Tag::parse(name, call.params.text(name)?.unwrap_or_default())?)
}

pub(super) async fn mute_tag(call: Call) -> Result<Answer, Refusal> {
    let (room, by, tag) = (call.room("roomid")?, call.operator("operator")?, read_tag(&call, "targetTag")?);
    let (seconds, telling) = (read_duration(&call)?, Telling::read(&call.params)?);
    let target = TagExpression::read(&call.params, "notifyTargetTags")?;
    let mute_duration = call.services.tags.mute(room, by, &tag, seconds, telling, target).await?;
    Ok(Answer::desc(Muted { mute_duration }))
}

pub(super) async fn count_tag_members(call: Call) -> Result<Answer, Refusal> {
    let (room, tag) = (call.room("roomid")?, read_tag(&call, "tag")?);
    let online_user_count = call.services.listing.count_tagged(room, tag.as_str()).await?;
    Ok(Answer::with(&InData { data: TagCount { tag: tag.as_str(), online_user_count } }))
}

pub(super) async fn find_tag_members(call: Call) -> Result<Answer, Refusal> {
    let (room, tag) = (call.room("roomid")?, read_tag(&call, "tag")?);
    let (end, most) = read_page(&call, "endTime")?;
    Ok(Answer::list(call.services.listing.tagged(room, tag.as_str(), end, most).await?))
}

pub(super) async fn update_tags(call: Call) -> Result<Answer, Refusal> {
    let (room, by) = (call.room("roomId")?, call.operator("accid")?);
    let telling = Telling::read_with(&call.params, "ext")?;
    call.services.tags.replace(room, by, AskedTags::read(&call.params)?, telling).await?;
    Ok(Answer::done())
}

/// A member moves: which spatial messages it hears changes from now on.
pub(super) async fn update_location(call: Call) -> Result<Answer, Refusal> {
    let room = call.room("roomid")?;
    let Asker::Member(asking) = &call.asker else { return Err(Refusal::Internal) };
    call.services.tags.relocate(room, &asking.accid, &asking.seat, &call.params)?;
    Ok(Answer::done())
}
