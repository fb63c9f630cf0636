//! `/chatroom/…`: what members may do to each other (sections 5.2 and 5.3).

use serde::Serialize;

use crate::base::{Accid, RoomId, limits};
use crate::model::roles::Assignment;
use crate::model::{Extras, Looks, Refusal};
use crate::service::{LooksUpdate, Telling};

use super::{Answer, Call};

#[derive(Serialize)]
struct Assigned<'a> {
    roomid: RoomId,
    level: i64,
    accid: &'a Accid,
    #[serde(rename = "type")]
    role: &'static str,
}

/// `muteDuration` of an answer, in seconds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Muted {
    pub(super) mute_duration: u64,
}

#[derive(Serialize)]
struct Success {
    success: bool,
}

pub(super) async fn set_role(call: Call) -> Result<Answer, Refusal> {
    let (room, by, target) = (call.room("roomid")?, call.operator("operator")?, call.params.accid("target")?);
    let (assignment, set) = (Assignment::read(&call.params)?, call.params.boolean("optvalue", false)?);
    let ext = Telling::read_ext(&call.params)?;
    let standing = call.services.roles.assign(room, by, target.clone(), assignment, set, ext).await?;
    Ok(Answer::desc_and_flat(&Assigned { roomid: room, level: 0, accid: &target, role: standing.role.word() }))
}

pub(super) async fn kick_member(call: Call) -> Result<Answer, Refusal> {
    let (room, by, target) = (call.room("roomid")?, call.operator("accid")?, call.params.accid("targetAccid")?);
    let ext = Telling::read_ext(&call.params)?;
    call.services.roles.kick(room, by, target, ext).await?;
    Ok(Answer::done())
}

pub(super) async fn mute_member(call: Call) -> Result<Answer, Refusal> {
    let (room, by, target) = (call.room("roomid")?, call.operator("operator")?, call.params.accid("target")?);
    let (seconds, telling) = (read_duration(&call)?, Telling::read(&call.params)?);
    let mute_duration = call.services.roles.mute(room, by, target, seconds, telling).await?;
    Ok(Answer::desc(Muted { mute_duration }))
}

/// Reads `muteDuration`; 0, which lifts a mute, where it is left out.
pub(super) fn read_duration(call: &Call) -> Result<u64, Refusal> {
    Ok(call.params.integer("muteDuration", 0..=limits::MUTE_SECONDS)?.unwrap_or(0).unsigned_abs())
}

pub(super) async fn mute_room(call: Call) -> Result<Answer, Refusal> {
    let (room, by) = (call.room("roomid")?, call.operator("operator")?);
    let (mute, telling) = (call.params.boolean("mute", false)?, Telling::read(&call.params)?);
    call.services.roles.mute_room(room, by, mute, telling).await?;
    Ok(Answer::desc(Success { success: true }))
}

pub(super) async fn update_looks(call: Call) -> Result<Answer, Refusal> {
    let (room, member) = (call.room("roomid")?, call.operator("accid")?);
    let telling = Telling::read(&call.params)?;
    let update = LooksUpdate {
        looks: Looks::read(&call.params)?,
        save: call.params.boolean("save", false)?,
        extras: Extras { bid: Extras::read_bid(&call.params)?.filter(|_| member.is_server()), ..Extras::default() },
    };
    call.services.roles.update_looks(room, member, update, telling).await?;
    Ok(Answer::done())
}
