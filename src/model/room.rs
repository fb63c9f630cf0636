//! A room: what the server API keeps of it, whoever is in it now.

use crate::base::{Accid, Invalid, Millis, Params, RoomId, limits};

use super::Refusal;

/// A room as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its number.
    pub id: RoomId,
    /// When it was made.
    pub created: Millis,
    /// Open for joining and sending.
    pub valid: bool,
    /// What its creator gave it.
    pub facts: NewRoom,
}

/// What a creator gives a room (section 4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRoom {
    /// The account that owns it.
    pub creator: Accid,
    /// Shown to members.
    pub name: String,
    /// Shown to members; null on the wire where unset.
    pub announcement: Option<String>,
    /// Live stream address; null on the wire where unset.
    pub broadcasturl: Option<String>,
    /// Free for the application.
    pub ext: String,
    /// Who may change the queue: 0 everyone, 1 the creator and managers.
    pub queuelevel: i64,
    /// Whether members are told who enters and leaves.
    pub in_out_notices: bool,
    /// Moderation ids for the room's own texts, as JSON text.
    pub bid: Option<String>,
}

impl NewRoom {
    /// Reads the parameters of `chatroom/create`.
    pub fn read(params: &Params) -> Result<NewRoom, Refusal> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        if params.integer("delayClosePolicy", 0..=2)?.unwrap_or(0) != 0 {
            return Err(Refusal::NoScheduledClosing);
        }
        params.integer("delaySeconds", 0..=limits::CLOSE_DELAY_SECONDS)?;
        Ok(NewRoom {
            creator: params.accid("creator")?,
            name: params.required_text("name", limits::ROOM_NAME_UNITS)?.to_owned(),
            announcement: owned(params.text_within("announcement", limits::ROOM_TEXT_UNITS)?),
            broadcasturl: owned(params.text_within("broadcasturl", limits::BROADCAST_URL_UNITS)?),
            ext: params.text_within("ext", limits::ROOM_TEXT_UNITS)?.unwrap_or_default().to_owned(),
            queuelevel: params.integer("queuelevel", 0..=1)?.unwrap_or(0),
            in_out_notices: read_in_out_notices(params)?,
            bid: params.object_text("bid", limits::ROOM_TEXT_UNITS)?,
        })
    }
}

/// `inOutNotification`: 1 on, 0 off, on where it is left out. The hosted service does not document the numbers.
fn read_in_out_notices(params: &Params) -> Result<bool, Invalid> {
    params.flag("inOutNotification", true)
}

impl Room {
    /// The room, if it is open.
    pub fn require_open(&self) -> Result<(), Refusal> {
        if self.valid { Ok(()) } else { Err(Refusal::RoomClosed(self.id)) }
    }
}
