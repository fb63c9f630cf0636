//! An account inside a room: who it is there now, and the object that both doors show of it.

use serde::Serialize;

use crate::base::{Accid, Millis, RoomId};

use super::room::Robot;
use super::{Looks, Standing, Subscription, User};

/// Somebody in a room now: what a session said of itself when it entered, filled up from the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupant {
    /// The account.
    pub accid: Accid,
    /// How it looks; the nick is always there.
    pub looks: Looks,
    /// When it entered; no two of a room did at the same moment.
    pub entered: Millis,
}

impl Occupant {
    /// Whoever `user` becomes by entering. What it says counts over what was kept, that over its account.
    pub fn entering(user: &User, looks: Looks, kept: &Looks, entered: Millis) -> Occupant {
        Occupant { accid: user.accid.clone(), looks: looks.or(kept).or(&user.looks()), entered }
    }

    /// Its nick.
    pub fn nick(&self) -> &str {
        self.looks.nick.as_deref().unwrap_or_default()
    }
}

/// The member object of section 5.3. What is not so is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    #[serde(rename = "roomid")]
    room: RoomId,
    pub(crate) accid: Accid,
    nick: String,
    avator: Option<String>,
    ext: Option<String>,
    #[serde(rename = "type")]
    role: &'static str,
    level: i64,
    online_stat: bool,
    #[serde(rename = "enterTime", skip_serializing_if = "is_zero")]
    pub(crate) entered: Millis,
    #[serde(skip_serializing_if = "is_false")]
    blacklisted: bool,
    #[serde(skip_serializing_if = "is_false")]
    muted: bool,
    #[serde(skip_serializing_if = "is_false")]
    temp_muted: bool,
    #[serde(skip_serializing_if = "is_zero")]
    temp_mute_ttl: u64,
    #[serde(skip_serializing_if = "is_false")]
    is_robot: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notify_target_tags: Option<String>,
}

/// A member is here now, or is one although it is not.
#[derive(Debug, Clone, Copy)]
pub enum Seen<'a> {
    /// In the room.
    Here(&'a Occupant),
    /// Virtually in the room.
    Robot(&'a Robot),
    /// Away; the account, where it still exists, fills up what was not kept.
    Away(Option<&'a User>),
}

impl Seen<'_> {
    /// When it entered; of a member that is away, since when it is one.
    pub fn entered(self, since: Millis) -> Millis {
        match self {
            Seen::Here(occupant) => occupant.entered,
            Seen::Robot(robot) => robot.entered,
            Seen::Away(_) => since,
        }
    }
}

impl Member {
    /// The object of an account, as it is seen and as it stands, at the moment `now`.
    pub fn of(room: RoomId, accid: &Accid, seen: Seen<'_>, standing: &Standing, now: Millis) -> Member {
        let looks = match seen {
            Seen::Here(occupant) => occupant.looks.clone(),
            Seen::Robot(robot) => robot.looks.clone(),
            Seen::Away(user) => standing.looks.clone().or(&user.map(User::looks).unwrap_or_default()),
        };
        let ttl = standing.mute_left(now);
        Member {
            room,
            accid: accid.clone(),
            nick: looks.nick.unwrap_or_default(),
            avator: looks.avator,
            ext: looks.ext,
            role: standing.role.word(),
            level: 0,
            online_stat: !matches!(seen, Seen::Away(_)),
            entered: seen.entered(standing.since),
            blacklisted: standing.role.is_blocked(),
            muted: standing.role.is_muted(),
            temp_muted: ttl > 0,
            temp_mute_ttl: ttl,
            is_robot: matches!(seen, Seen::Robot(_)),
            tags: None,
            notify_target_tags: None,
        }
    }

    /// The same for one of its sessions: when that entered, and with what it says of itself.
    pub fn of_session(mut self, entered: Millis, subscription: &Subscription) -> Member {
        self.entered = entered;
        self.tags = Some(subscription.tags.as_json_text());
        self.notify_target_tags = subscription.target.as_ref().map(|target| target.as_str().to_owned());
        self
    }
}

fn is_false(value: &bool) -> bool {
    !*value
}

fn is_zero(value: &u64) -> bool {
    *value == 0
}
