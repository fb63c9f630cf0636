//! What a room's records say of an account, whether or not it is in the room: its role, its mutes, and how it wants to look there.

use crate::base::{Accid, Invalid, Millis, Params, limits};

use super::{Refusal, Room};

/// An account's standing in one room. Of most accounts nothing is recorded: they are guests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// What it is there.
    pub role: Role,
    /// Until when it is muted for a time; a moment that has passed is none. Independent of [`Role::Limited`].
    pub muted_until: Millis,
    /// How it looks there, kept for a fixed member that asked for it.
    pub looks: Looks,
    /// Since when it is a fixed member; no two of a room are so since the same moment.
    pub since: Millis,
}

/// What somebody is in a room (section 5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// In the room only while online.
    #[default]
    Guest,
    /// A fixed member.
    Common,
    /// May act on all but the creator and managers.
    Manager,
    /// Made the room.
    Creator,
    /// Put under a lasting limit, and nothing else beside.
    Limited(Limit),
}

/// A lasting limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// May not enter.
    Blocked,
    /// May not speak.
    Muted,
    /// Neither.
    Both,
}

/// What the others see of a member.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looks {
    /// Its nick in this room; the account's name where absent.
    pub nick: Option<String>,
    /// Its picture in this room; the account's icon where absent.
    pub avator: Option<String>,
    /// Free for the application.
    pub ext: Option<String>,
}

impl Role {
    /// Creator or manager: may act on others, change what managers may, and speak in a muted room.
    pub fn can_manage(self) -> bool {
        matches!(self, Role::Creator | Role::Manager)
    }

    /// Listed when offline too.
    pub fn is_fixed(self) -> bool {
        self != Role::Guest
    }

    /// May not enter.
    pub fn is_blocked(self) -> bool {
        matches!(self, Role::Limited(Limit::Blocked | Limit::Both))
    }

    /// May not speak, until somebody lifts it.
    pub fn is_muted(self) -> bool {
        matches!(self, Role::Limited(Limit::Muted | Limit::Both))
    }

    /// Its number in webhooks (section 9.1).
    pub fn webhook_number(self) -> i8 {
        match self {
            Role::Common => 0,
            Role::Creator => 1,
            Role::Manager => 2,
            Role::Guest => 3,
            Role::Limited(_) => -1,
        }
    }

    /// The word for it in answers (section 5.1).
    pub fn word(self) -> &'static str {
        match self {
            Role::Guest => "TEMPORARY",
            Role::Common => "COMMON",
            Role::Manager => "MANAGER",
            Role::Creator => "CREATOR",
            Role::Limited(_) => "LIMITED",
        }
    }
}

impl Standing {
    /// The standing of whoever makes a room.
    pub fn creator(since: Millis) -> Standing {
        Standing { role: Role::Creator, since, ..Standing::default() }
    }

    /// Seconds that a temporary mute still lasts, rounded up; 0 where there is none.
    pub fn mute_left(&self, now: Millis) -> u64 {
        self.muted_until.saturating_sub(now).div_ceil(1000)
    }

    /// Whether nothing needs recording.
    pub fn is_nothing(&self, now: Millis) -> bool {
        self.role == Role::Guest && self.mute_left(now) == 0 && self.looks == Looks::default()
    }

    /// Whether it may enter.
    pub fn require_entry(&self, accid: &Accid, room: &Room) -> Result<(), Refusal> {
        if self.role.is_blocked() { Err(Refusal::Blocklisted(accid.clone(), room.id)) } else { Ok(()) }
    }

    /// Whether it may speak (sections 5.1 and 11): a lasting mute, one for a time and that of the whole room are asked one by one.
    pub fn require_voice(&self, accid: &Accid, room: &Room, now: Millis) -> Result<(), Refusal> {
        if self.role.is_muted() {
            return Err(Refusal::Muted(format!("{accid} is muted in room {}", room.id)));
        }
        match self.mute_left(now) {
            0 => {}
            left => return Err(Refusal::Muted(format!("{accid} is muted in room {} for {left} s more", room.id))),
        }
        if room.muted && !self.role.can_manage() {
            return Err(Refusal::RoomMuted(room.id));
        }
        Ok(())
    }
}

impl Looks {
    /// Reads `nick`, `avator` and `ext`.
    pub fn read(params: &Params) -> Result<Looks, Invalid> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Ok(Looks {
            nick: owned(params.nick("nick")?),
            avator: owned(params.text_within("avator", limits::USER_ICON_UNITS)?),
            ext: owned(params.text_within("ext", limits::EXT_UNITS)?),
        })
    }

    /// These, and where they say nothing, those before.
    pub fn or(self, before: &Looks) -> Looks {
        Looks {
            nick: self.nick.or_else(|| before.nick.clone()),
            avator: self.avator.or_else(|| before.avator.clone()),
            ext: self.ext.or_else(|| before.ext.clone()),
        }
    }
}
