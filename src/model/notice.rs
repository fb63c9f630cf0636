//! A notification: something that happened in a room, told to its members as a message of type 5 (section 8.2).

use serde::Serialize;

use crate::base::{Accid, MsgId};

use super::{Body, MsgType};

/// What happened. The numbers are the hosted service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A member entered.
    Enter = 301,
    /// A member left.
    Exit = 302,
}

/// One notification, before it becomes a message.
#[derive(Debug, Clone)]
pub struct Notice {
    /// What happened.
    pub event: Event,
    /// The account it happened to, which is also the one that acted.
    pub accid: Accid,
    /// Its nick.
    pub nick: String,
    /// What the acting side attached.
    pub ext: Option<String>,
}

#[derive(Serialize)]
struct Attach<'a> {
    id: u16,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    operator: &'a Accid,
    #[serde(rename = "opeNick")]
    nick: &'a str,
    target: [&'a Accid; 1],
    #[serde(rename = "tarNick")]
    target_nicks: [&'a str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    ext: Option<&'a str>,
    #[serde(flatten)]
    mutes: Option<Mutes>,
}

/// The mutes of an entering member; there are none yet.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Mutes {
    muted: u8,
    temp_muted: u8,
    mute_ttl: u64,
}

impl Notice {
    /// The notification as a message body with an id of its own.
    pub fn body(&self) -> Body {
        let entering = self.event == Event::Enter;
        let attach = Attach {
            id: self.event as u16,
            data: Data {
                operator: &self.accid,
                nick: &self.nick,
                target: [&self.accid],
                target_nicks: [&self.nick],
                ext: self.ext.as_deref(),
                mutes: entering.then_some(Mutes { muted: 0, temp_muted: 0, mute_ttl: 0 }),
            },
        };
        Body {
            msg_id: MsgId::fresh(),
            kind: MsgType::Notification,
            attach: crate::base::json(&attach),
            ext: String::new(),
            sub_type: None,
            resend: None,
        }
    }
}
