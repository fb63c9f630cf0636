//! A notification: something that happened in a room, told to its members as a message of type 5 (section 8.2).

use serde::Serialize;

use crate::base::{Accid, Millis, MsgId};

use super::{Body, Looks, MsgType, Standing};

/// What happened. The numbers are the hosted service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Event {
    Enter = 301,
    Exit = 302,
    Blocked = 303,
    Unblocked = 304,
    Muted = 305,
    Unmuted = 306,
    ManagerAdded = 307,
    ManagerRemoved = 308,
    CommonAdded = 309,
    CommonRemoved = 310,
    RoomClosed = 311,
    RoomUpdated = 312,
    Kicked = 313,
    TempMuted = 314,
    TempUnmuted = 315,
    MemberUpdated = 316,
    QueueChanged = 317,
    RoomMuted = 318,
    RoomUnmuted = 319,
    QueueBatchChanged = 320,
    TagMuted = 321,
    TagUnmuted = 322,
    Recalled = 323,
    QueueBatchOffered = 324,
    TagsUpdated = 325,
}

/// Somebody a notification speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The account.
    pub accid: Accid,
    /// Its nick in the room.
    pub nick: String,
    /// Its picture there, or an empty text.
    pub avator: String,
}

/// One notification, before it becomes a message.
#[derive(Debug, Clone)]
pub struct Notice {
    /// What happened.
    pub event: Event,
    /// Who acted.
    pub operator: Party,
    /// To whom it happened; nobody where it happened to the room.
    pub targets: Vec<Party>,
    /// What the acting side attached.
    pub ext: Option<String>,
    /// What else there is to say.
    pub details: Details,
}

/// What only some notifications say.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "they are the members of section 8.2")]
pub struct Details {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mute_duration: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub muted: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temp_muted: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mute_ttl: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_change: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub msg_id: Option<MsgId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub msg_time: Option<Millis>,
}

#[derive(Serialize)]
struct Attach<'a> {
    id: u16,
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    operator: &'a Accid,
    ope_nick: &'a str,
    target: Vec<&'a Accid>,
    tar_nick: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ext: Option<&'a str>,
    #[serde(flatten)]
    details: &'a Details,
}

impl Party {
    /// Somebody who looks like this.
    pub fn of(accid: &Accid, looks: &Looks) -> Party {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Party { accid: accid.clone(), nick: text(&looks.nick), avator: text(&looks.avator) }
    }
}

impl Notice {
    /// Something that happened to the room itself.
    pub fn of_room(event: Event, operator: Party, ext: Option<String>) -> Notice {
        Notice { event, operator, targets: Vec::new(), ext, details: Details::default() }
    }

    /// Something that happened to these members.
    pub fn of_members(event: Event, operator: Party, targets: Vec<Party>, ext: Option<String>) -> Notice {
        Notice { targets, ..Notice::of_room(event, operator, ext) }
    }

    /// Something that a member did itself.
    pub fn of_self(event: Event, member: Party, ext: Option<String>) -> Notice {
        Notice::of_members(event, member.clone(), vec![member], ext)
    }

    /// The same with more to say.
    pub fn with(mut self, details: Details) -> Notice {
        self.details = details;
        self
    }

    /// The notification as a message body with an id of its own.
    pub fn body(&self) -> Body {
        let attach = Attach {
            id: self.event as u16,
            data: Data {
                operator: &self.operator.accid,
                ope_nick: &self.operator.nick,
                target: self.targets.iter().map(|party| &party.accid).collect(),
                tar_nick: self.targets.iter().map(|party| party.nick.as_str()).collect(),
                ext: self.ext.as_deref(),
                details: &self.details,
            },
        };
        Body {
            msg_id: MsgId::fresh(),
            kind: MsgType::Notification,
            attach: crate::base::json(&attach),
            ext: String::new(),
            sub_type: None,
            resend: None,
            callback_ext: None,
        }
    }
}

impl Details {
    /// The mutes of a member that enters.
    pub fn mutes(standing: &Standing, now: Millis) -> Details {
        let ttl = standing.mute_left(now);
        Details {
            muted: Some(standing.role.is_muted().into()),
            temp_muted: Some((ttl > 0).into()),
            mute_ttl: Some(ttl),
            ..Details::default()
        }
    }
}
