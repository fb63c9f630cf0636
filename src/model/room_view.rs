//! Rooms as answers show them.

use serde::Serialize;

use crate::base::{Accid, RoomId};

use super::{Closing, Room};

/// The room object of section 4.2.
#[derive(Debug, Serialize)]
pub struct RoomView<'a> {
    roomid: RoomId,
    valid: bool,
    muted: bool,
    announcement: Option<&'a str>,
    name: &'a str,
    broadcasturl: Option<&'a str>,
    ext: &'a str,
    creator: &'a Accid,
    queuelevel: i64,
    ionotify: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    onlineusercount: Option<usize>,
    #[serde(rename = "delayInfo", skip_serializing_if = "Option::is_none")]
    closing: Option<ClosingView>,
}

/// `delayInfo` of section 4.1.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ClosingView {
    delay_close_enable: bool,
    delay_close_policy: i64,
    delay_seconds: i64,
    /// 1 while the room is open and its policy holds, else 0. The hosted service does not document the values.
    status: u8,
    start_time: u64,
}

impl<'a> RoomView<'a> {
    /// The object; with the number of members where it is known.
    pub fn of(room: &'a Room, online: Option<usize>) -> RoomView<'a> {
        let facts = &room.facts;
        RoomView {
            roomid: room.id,
            valid: room.valid,
            muted: room.muted,
            announcement: facts.announcement.as_deref(),
            name: &facts.name,
            broadcasturl: facts.broadcasturl.as_deref(),
            ext: &facts.ext,
            creator: &facts.creator,
            queuelevel: facts.queuelevel,
            ionotify: facts.in_out_notices,
            onlineusercount: online,
            closing: Some(ClosingView::of(room)).filter(|closing| closing.delay_close_enable),
        }
    }

    /// The same with `delayInfo`, even where nothing is scheduled.
    pub fn with_closing(room: &'a Room) -> RoomView<'a> {
        RoomView { closing: Some(ClosingView::of(room)), ..RoomView::of(room, None) }
    }
}

impl ClosingView {
    fn of(room: &Room) -> ClosingView {
        let Closing { policy, seconds, started, .. } = room.closing;
        let enabled = room.closing.is_some();
        ClosingView {
            delay_close_enable: enabled,
            delay_close_policy: policy as i64,
            delay_seconds: seconds,
            status: (enabled && room.valid).into(),
            start_time: started,
        }
    }
}
