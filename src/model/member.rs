//! An account inside a room: its role and what the room's members see of it.

use serde::Serialize;

use crate::base::{Accid, Millis, RoomId};

use super::{Room, User};

/// What somebody is in a room (section 5.1). Fixed members, managers and anonymous ones join this list with their calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Role {
    /// Made the room.
    Creator,
    /// A guest: in the room only while online.
    Temporary,
}

impl Role {
    /// The role that an account has in a room by itself.
    pub fn of(accid: &Accid, room: &Room) -> Role {
        if *accid == room.facts.creator { Role::Creator } else { Role::Temporary }
    }
}

/// What a joining member says of itself (socket protocol, `join`).
#[derive(Debug, Clone, Default)]
pub struct Appearance {
    /// Its nick in this room; the account's name where absent.
    pub nick: Option<String>,
    /// Its picture in this room; the account's icon where absent.
    pub avator: Option<String>,
    /// Free for the application.
    pub ext: Option<String>,
}

/// An account in a room, as the member object of section 5.3 shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// The room.
    pub roomid: RoomId,
    /// The account.
    pub accid: Accid,
    /// Its nick here.
    pub nick: String,
    /// Its picture here; null where unset.
    pub avator: Option<String>,
    /// Free for the application; null where unset.
    pub ext: Option<String>,
    /// Its role.
    #[serde(rename = "type")]
    pub role: Role,
    /// Free rank of ordinary members; always 0 so far.
    pub level: i64,
    /// In the room now.
    #[serde(rename = "onlineStat")]
    pub online: bool,
    /// When it entered.
    #[serde(rename = "enterTime")]
    pub entered: Millis,
}

impl Member {
    /// The member that `user` becomes by entering `room`.
    pub fn entering(room: &Room, user: &User, appearance: Appearance, entered: Millis) -> Member {
        let picture = Some(user.profile.icon.clone()).filter(|icon| !icon.is_empty());
        Member {
            roomid: room.id,
            accid: user.accid.clone(),
            nick: appearance.nick.unwrap_or_else(|| user.profile.name.clone()),
            avator: appearance.avator.or(picture),
            ext: appearance.ext,
            role: Role::of(&user.accid, room),
            level: 0,
            online: true,
            entered,
        }
    }
}
