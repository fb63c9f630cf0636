//! A room: what the server API keeps of it, whoever is in it now.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Accid, Invalid, Millis, Params, RoomId, limits};

use super::{Closing, Looks, Refusal, Subscription};

/// A room as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its number.
    pub id: RoomId,
    /// When it was made.
    pub created: Millis,
    /// Open for joining and sending.
    pub valid: bool,
    /// Only its creator and managers may speak.
    pub muted: bool,
    /// What its creator gave it.
    pub facts: Facts,
    /// When it closes by itself.
    pub closing: Closing,
    /// Elements its queue may have.
    pub queue_size: i64,
    /// Tags whose bearers are muted for a time.
    pub tag_mutes: Vec<TagMute>,
    /// Its virtual members.
    pub robots: Arc<Robots>,
}

/// The virtual members of a room.
pub type Robots = BTreeMap<Accid, Robot>;

/// A virtual member: shown as if it were in the room (section 5.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Robot {
    /// How it looks; the nick is always there.
    pub looks: Looks,
    /// When it was put in; nobody else of its room entered at the same moment.
    pub entered: Millis,
}

/// A tag whose bearers may not speak for a time (section 5.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagMute {
    /// The tag.
    pub tag: String,
    /// Until when.
    pub until: Millis,
}

/// What a creator gives a room (section 4.1), and may change (section 4.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
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

impl Facts {
    /// Reads the parameters of `chatroom/create`.
    pub fn read(params: &Params) -> Result<Facts, Invalid> {
        let mut facts = Facts {
            creator: params.accid("creator")?,
            name: params.required_text("name", limits::ROOM_NAME_UNITS)?.to_owned(),
            announcement: None,
            broadcasturl: None,
            ext: String::new(),
            queuelevel: 0,
            // 1 on, 0 off. The hosted service does not document the numbers.
            in_out_notices: params.flag("inOutNotification", true)?,
            bid: None,
        };
        facts.update(params)?;
        Ok(facts)
    }

    /// Applies an update: what is given changes, what is not given or empty stays.
    pub fn update(&mut self, params: &Params) -> Result<(), Invalid> {
        let given = |name, units| params.text_within(name, units).map(|text| text.map(str::to_owned));
        if let Some(name) = given("name", limits::ROOM_NAME_UNITS)? {
            self.name = name;
        }
        if let Some(announcement) = given("announcement", limits::ROOM_TEXT_UNITS)? {
            self.announcement = Some(announcement);
        }
        if let Some(url) = given("broadcasturl", limits::BROADCAST_URL_UNITS)? {
            self.broadcasturl = Some(url);
        }
        if let Some(ext) = given("ext", limits::ROOM_TEXT_UNITS)? {
            self.ext = ext;
        }
        if let Some(level) = params.integer("queuelevel", 0..=1)? {
            self.queuelevel = level;
        }
        if let Some(bid) = params.object_text("bid", limits::ROOM_TEXT_UNITS)? {
            self.bid = Some(bid);
        }
        Ok(())
    }
}

impl Room {
    /// A new room.
    pub fn new(id: RoomId, created: Millis, facts: Facts, closing: Closing) -> Room {
        Room {
            id,
            created,
            valid: true,
            muted: false,
            facts,
            closing,
            queue_size: limits::QUEUE_ELEMENTS,
            tag_mutes: Vec::new(),
            robots: Arc::default(),
        }
    }

    /// The room, if it is open.
    pub fn require_open(&self) -> Result<(), Refusal> {
        if self.valid { Ok(()) } else { Err(Refusal::RoomClosed(self.id)) }
    }

    /// Whether a session with these tags may speak.
    pub fn require_tags_voice(&self, subscription: Option<&Subscription>, now: Millis) -> Result<(), Refusal> {
        let Some(subscription) = subscription else { return Ok(()) };
        let muted = self.tag_mutes.iter().find(|mute| mute.until > now && subscription.tags.contains(&mute.tag));
        muted.map_or(Ok(()), |mute| {
            let left = self.tag_mute_left(&mute.tag, now);
            Err(Refusal::Muted(format!("tag {} is muted in room {} for {left} s more", mute.tag, self.id)))
        })
    }

    /// Seconds that a tag's mute still lasts, rounded up; 0 where there is none.
    pub fn tag_mute_left(&self, tag: &str, now: Millis) -> u64 {
        let until = self.tag_mutes.iter().find(|mute| mute.tag == tag).map_or(0, |mute| mute.until);
        until.saturating_sub(now).div_ceil(1000)
    }
}
