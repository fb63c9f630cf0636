//! A message: its content, its sender, and the one object that both doors show (section 2.1).

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::base::{Accid, Invalid, MsgId, Params, RoomId, Stamp, limits};

use super::{Occupant, Point, User, content};

/// Which of a member's two lanes something takes. High goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Ahead of everything normal that is still queued.
    High,
    /// In its turn.
    Normal,
}

impl Lane {
    /// The word in frames and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Lane::High => "high",
            Lane::Normal => "normal",
        }
    }
}

/// The content types of section 8.1 that may be sent, and the notification that only the gateway makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MsgType {
    /// Plain text.
    Text,
    /// A picture.
    Image,
    /// A sound.
    Audio,
    /// A film.
    Video,
    /// A place.
    Location,
    /// Something that happened in the room.
    Notification,
    /// A file.
    File,
    /// A hint.
    Tip,
    /// What the application makes of it.
    Custom,
}

/// Number, the same as text, the word in webhooks (section 9.1).
const MSG_TYPES: [(i64, &str, &str, MsgType); 8] = [
    (0, "0", "TEXT", MsgType::Text),
    (1, "1", "PICTURE", MsgType::Image),
    (2, "2", "AUDIO", MsgType::Audio),
    (3, "3", "VIDEO", MsgType::Video),
    (4, "4", "LOCATION", MsgType::Location),
    (6, "6", "FILE", MsgType::File),
    (10, "10", "TIPS", MsgType::Tip),
    (100, "100", "CUSTOM", MsgType::Custom),
];

impl MsgType {
    /// Reads `msgType`. A form may leave it out, since Go clients leave every zero out; a frame may not.
    pub fn read(params: &Params) -> Result<MsgType, Invalid> {
        const RULE: &str = "one of 0, 1, 2, 3, 4, 6, 10, 100";
        let number = match params.integer("msgType", i64::MIN..=i64::MAX)? {
            Some(number) => number,
            None if params.is_typed() => return Err(Invalid::missing("msgType", RULE)),
            None => 0,
        };
        MSG_TYPES
            .iter()
            .find_map(|&(known, _, _, kind)| (known == number).then_some(kind))
            .ok_or_else(|| Invalid::new("msgType", RULE, number.to_string()))
    }

    fn as_text(self) -> &'static str {
        MSG_TYPES.iter().find_map(|&(_, text, _, kind)| (kind == self).then_some(text)).unwrap_or("5")
    }

    /// The word for it in webhooks and callbacks (section 9.1).
    pub fn webhook_word(self) -> &'static str {
        MSG_TYPES.iter().find_map(|&(.., word, kind)| (kind == self).then_some(word)).unwrap_or("NOTIFICATION")
    }

    /// Its number.
    pub fn number(self) -> i64 {
        MSG_TYPES.iter().find_map(|&(number, .., kind)| (kind == self).then_some(number)).unwrap_or(5)
    }
}

/// What kind of client something came from, in the hosted service's words (section 12.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientType(&'static str, i64, &'static str);

impl ClientType {
    /// The server API.
    pub const REST: ClientType = ClientType("REST", 32, "REST");

    const KNOWN: [ClientType; 9] = [
        ClientType("Web", 16, "WEB"),
        ClientType("iOS", 2, "IOS"),
        ClientType("Android", 1, "AOS"),
        ClientType("PC", 4, "PC"),
        ClientType("Mac", 64, "MAC"),
        ClientType("WindowsPhone", 8, "WP"),
        ClientType("Harmony", 65, "HARMONY"),
        ClientType("Linux", 4, "PC"),
        ClientType("Unknown", 0, "UNKNOWN"),
    ];

    /// Reads `clientType`; a browser where it is left out.
    pub fn read(params: &Params) -> Result<ClientType, Invalid> {
        let text = params.text("clientType")?.unwrap_or("Web");
        let rule = || format!("one of {}", Self::KNOWN.map(ClientType::as_str).join(", "));
        Self::KNOWN
            .into_iter()
            .find(|known| known.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| Invalid::value("clientType", rule(), text))
    }

    /// The number it has in histories (section 6.2).
    pub fn number(self) -> i64 {
        self.1
    }

    /// The word for it in webhooks and callbacks (section 9.1).
    pub fn webhook_word(self) -> &'static str {
        self.2
    }

    /// The word itself.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// Who sends, as receivers see it.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The account.
    pub accid: Accid,
    /// Its nick.
    pub nick: String,
    /// Its picture, or an empty text.
    pub avator: String,
    /// What it shows of itself besides.
    pub ext: Option<String>,
    /// What it sends from.
    pub client: ClientType,
}

impl Sender {
    /// An account the application server sends as.
    pub fn account(user: &User) -> Sender {
        Sender {
            accid: user.accid.clone(),
            nick: user.profile.name.clone(),
            avator: user.profile.icon.clone(),
            ext: None,
            client: ClientType::REST,
        }
    }

    /// A member of the room, as it looks there.
    pub fn member(occupant: &Occupant, client: ClientType) -> Sender {
        Sender {
            accid: occupant.accid.clone(),
            nick: occupant.nick().to_owned(),
            avator: occupant.looks.avator.clone().unwrap_or_default(),
            ext: occupant.looks.ext.clone(),
            client,
        }
    }
}

/// What one message says, checked against the sizes of section 2.1.
#[derive(Debug, Clone)]
pub struct Body {
    /// The sender's own id of it.
    pub msg_id: MsgId,
    /// Its type.
    pub kind: MsgType,
    /// Its content, per type.
    pub attach: String,
    /// Free for the application.
    pub ext: String,
    /// The application's own subtype.
    pub sub_type: Option<i64>,
    /// Whether it is marked as sent again; `None` where nothing was said.
    pub resend: Option<bool>,
    /// What the application server added when it was asked.
    pub callback_ext: Option<String>,
}

impl Body {
    /// Reads `msgId`, `msgType`, `attach`, `ext`, `subType` and `resendFlag`.
    pub fn read(params: &Params) -> Result<Body, Invalid> {
        let text = |name, units| params.text_within(name, units).map(|text| text.unwrap_or_default().to_owned());
        let kind = MsgType::read(params)?;
        let attach = text("attach", limits::ATTACH_UNITS)?;
        content::check(kind, &attach)?;
        Ok(Body {
            msg_id: MsgId::parse("msgId", params.text("msgId")?.unwrap_or_default())?,
            kind,
            attach,
            ext: text("ext", limits::EXT_UNITS)?,
            // Zero is what a client sends that fills every field; it means none.
            sub_type: params.integer("subType", 0..=i64::from(i32::MAX))?.filter(|number| *number > 0),
            resend: params.integer("resendFlag", 0..=1)?.map(|number| number == 1),
            callback_ext: None,
        })
    }
}

/// A message as it is pushed to members and answered to its sender: the same object, byte for byte.
#[derive(Debug)]
pub struct Message<'a> {
    /// When it was accepted; in one room it never goes back.
    pub stamp: Stamp,
    /// The room; `None` in the answer to a broadcast, which is to all.
    pub room: Option<RoomId>,
    /// Who sent it.
    pub sender: &'a Sender,
    /// What it says.
    pub body: &'a Body,
    /// Which lane it takes.
    pub lane: Lane,
    /// Whether it goes to listed members only.
    pub directed: bool,
    /// Whether it was dropped on purpose, as `abandonRatio` asked; then nobody but its sender sees this object.
    pub abandoned: bool,
    /// Where it is said, if it is for those near by.
    pub point: Option<Point>,
}

impl Serialize for Message<'_> {
    /// `time`, `roomId` and `type` are texts, and it is `fromAvator` (section 13, quirk 2).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("time", &Digits(self.stamp.time))?;
        object.serialize_entry("fromAvator", &self.sender.avator)?;
        object.serialize_entry("msgid_client", &self.body.msg_id)?;
        object.serialize_entry("fromClientType", self.sender.client.as_str())?;
        object.serialize_entry("attach", &self.body.attach)?;
        if let Some(room) = self.room {
            object.serialize_entry("roomId", &Digits(room))?;
        }
        object.serialize_entry("fromAccount", &self.sender.accid)?;
        object.serialize_entry("fromNick", &self.sender.nick)?;
        object.serialize_entry("type", self.body.kind.as_text())?;
        object.serialize_entry("ext", &self.body.ext)?;
        if self.lane == Lane::High {
            object.serialize_entry("highPriorityFlag", &1)?;
        }
        if self.directed {
            object.serialize_entry("directedFlag", &1)?;
        }
        if self.abandoned {
            object.serialize_entry("msgAbandonFlag", &1)?;
        }
        if let Some(sub_type) = self.body.sub_type {
            object.serialize_entry("subType", &sub_type)?;
        }
        if let Some(resend) = self.body.resend {
            object.serialize_entry("resendFlag", &u8::from(resend))?;
        }
        if let Some(ext) = &self.body.callback_ext {
            object.serialize_entry("callbackExt", ext)?;
        }
        if let Some(point) = self.point {
            for (axis, value) in ["locX", "locY", "locZ"].into_iter().zip(point.coordinates()) {
                object.serialize_entry(axis, &value)?;
            }
        }
        object.end()
    }
}

/// A number shown as text.
struct Digits<T>(T);

impl<T: std::fmt::Display> Serialize for Digits<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_object_has_the_documented_members_and_types() {
        let sender = Sender {
            accid: Accid::parse("accid", "1").unwrap(),
            nick: "nick".into(),
            avator: String::new(),
            ext: None,
            client: ClientType::REST,
        };
        let body = Body {
            msg_id: MsgId::parse("msgId", "12341234123").unwrap(),
            kind: MsgType::Text,
            attach: "hi".into(),
            ext: String::new(),
            sub_type: None,
            resend: None,
            callback_ext: None,
        };
        let room = RoomId::parse("roomid", "1274643577").unwrap();
        let message = Message {
            stamp: Stamp { time: 1_651_894_983_250, number: 0 },
            room: Some(room),
            sender: &sender,
            body: &body,
            lane: Lane::Normal,
            directed: false,
            abandoned: false,
            point: None,
        };
        assert_eq!(
            serde_json::to_string(&message).unwrap(),
            r#"{"time":"1651894983250","fromAvator":"","msgid_client":"12341234123","fromClientType":"REST","attach":"hi","roomId":"1274643577","fromAccount":"1","fromNick":"nick","type":"0","ext":""}"#
        );
    }

    #[test]
    fn unknown_message_types_are_named() {
        let params = Params::from_form(vec![("msgType".into(), "7".into())]);
        let complaint = MsgType::read(&params).unwrap_err().to_string();
        assert_eq!(complaint, "msgType: expected one of 0, 1, 2, 3, 4, 6, 10, 100, got 7");
    }
}
