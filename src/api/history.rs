//! `/history/…`, recalling and deleting: the past of rooms (sections 3.4 and 6.2).

use serde::Serialize;

use crate::base::{Invalid, MsgId, limits};
use crate::model::{Record, Refusal, Tags};
use crate::service::{self, AskedHistory, Which, read_ascending, read_kinds};

use super::{Answer, Asker, Call};

#[derive(Serialize)]
struct Messages {
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<usize>,
    msgs: Vec<Record>,
}

pub(super) async fn query_history(call: Call) -> Result<Answer, Refusal> {
    let (room, accid) = (call.params.room("roomid")?, call.params.accid("accid")?);
    let most = read_limit(&call, limits::HISTORY_PAGE)?;
    let asked = AskedHistory::read(&call.params, most)?;
    call.services.users.get(&accid).await?;
    let msgs = call.services.history.query(room, asked).await?;
    Ok(Answer::with(&Messages { size: Some(msgs.len()), msgs }))
}

fn read_limit(call: &Call, most: i64) -> Result<i64, Invalid> {
    let rule = || format!("a whole number from 1 to {most}");
    call.params.integer("limit", 1..=most)?.ok_or_else(|| Invalid::missing("limit", rule()))
}

/// What a member asks for on its socket.
pub(super) async fn query_own_history(call: Call) -> Result<Answer, Refusal> {
    let room = call.room("roomid")?;
    let most = call.params.integer("limit", 1..=limits::HISTORY_PAGE_MEMBER)?.unwrap_or(limits::HISTORY_PAGE_MEMBER);
    let asked = AskedHistory::read(&call.params, most)?;
    let Asker::Member(asking) = &call.asker else { return Err(Refusal::Internal) };
    let member = service::Asking { accid: &asking.accid, seat: &asking.seat };
    let msgs = call.services.history.query_as(room, &member, asked).await?;
    Ok(Answer::with(&Messages { size: None, msgs }))
}

pub(super) async fn query_tag_history(call: Call) -> Result<Answer, Refusal> {
    let (room, params) = (call.params.room("roomId")?, &call.params);
    let tags = Tags::read(params, "tags")?.filter(|tags| !tags.is_empty());
    let tags = tags.ok_or_else(|| Invalid::missing("tags", "tags as a JSON array"))?;
    let moment = |name| params.integer(name, 0..=i64::MAX).map(|moment| moment.unwrap_or(0).unsigned_abs());
    let (from, to) = (moment("fromTime")?, moment("toTime")?);
    let most = params.integer("limit", 0..=limits::HISTORY_PAGE_MEMBER)?.filter(|most| *most > 0);
    let asked = AskedHistory {
        from,
        // No end is now.
        to: if to == 0 { u64::MAX } else { to },
        ascending: read_ascending(params)?,
        kinds: read_kinds(params, "types")?,
        most: usize::try_from(most.unwrap_or(limits::HISTORY_PAGE_MEMBER)).unwrap_or(0),
    };
    let msgs = call.services.history.query_tags(room, tags, asked).await?;
    Ok(Answer::with(&Messages { size: None, msgs }))
}

fn read_which(call: &Call) -> Result<Which, Refusal> {
    const RULE: &str = "the message's time in milliseconds";
    let time = call.params.integer("msgTimetag", 0..=i64::MAX)?.ok_or_else(|| Invalid::missing("msgTimetag", RULE))?;
    Ok(Which { room: call.room("roomid")?, time: time.unsigned_abs(), from: call.params.accid("fromAcc")? })
}

pub(super) async fn recall_message(call: Call) -> Result<Answer, Refusal> {
    let (which, by) = (read_which(&call)?, call.operator("operatorAcc")?);
    let msg_id = MsgId::parse("msgId", call.params.text("msgId")?.unwrap_or_default())?;
    let ext = call.params.text_within("notifyExt", limits::RECALL_EXT_UNITS)?.map(str::to_owned);
    let trusted = call.member().is_none();
    call.services.history.recall(which, msg_id, by, trusted, ext).await?;
    Ok(Answer::done())
}

pub(super) async fn delete_message(call: Call) -> Result<Answer, Refusal> {
    call.services.history.delete(read_which(&call)?).await?;
    Ok(Answer::done())
}
