//! Why something was not done: one word for what a caller can act on, with its status code and a text that names the thing.

use crate::auth::BadToken;
use crate::base::{Accid, Code, Invalid, RoomId};

/// A refusal, as both doors report it: [`code`](Refusal::code) and this error's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A parameter breaks its rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A parameter is wrong in a way that has documented words of its own.
    #[error("{0}")]
    BadParameter(String),
    /// The caller is not who it says, in the documented words (section 1.5).
    #[error("{0}")]
    BadSignature(String),
    /// The account exists already; the documented words.
    #[error("already register: account {0} exists, choose another accid or use user/update")]
    AlreadyRegistered(Accid),
    /// The account is unknown.
    #[error("account {0} does not exist")]
    NoAccount(Accid),
    /// The room is unknown.
    #[error("room {0} does not exist")]
    NoRoom(RoomId),
    /// The path or operation is unknown.
    #[error("{0}")]
    NoAction(String),
    /// Somebody is not where the action needs it, or something is not there.
    #[error("{0}")]
    NotThere(String),
    /// The account is disabled.
    #[error("account {0} is disabled")]
    Disabled(Accid),
    /// The account is muted everywhere.
    #[error("account {0} is muted in all rooms")]
    Silenced(Accid),
    /// The account is in the room's blocklist.
    #[error("{0} is in the blocklist of room {1}")]
    Blocklisted(Accid, RoomId),
    /// The account, or a tag it has, is muted in the room.
    #[error("{0}")]
    Muted(String),
    /// The whole room is muted.
    #[error("room {0} is muted: only its creator and managers may speak")]
    RoomMuted(RoomId),
    /// Urgent messages of a room come too fast, and their sender wants none of them downgraded.
    #[error(
        "highPriority: at most {0} high-priority messages a second go to a room; send it again later, or without forbiddenIfHighPriorityMsgFreq"
    )]
    TooUrgent(u32),
    /// The same for a change of a queue.
    #[error(
        "highPriority: query too fast, at most {0} high-priority messages a second go to a room; try again later, or with highPriorityPolicy 0"
    )]
    HighTooFast(u32),
    /// The room is closed.
    #[error("room {0} is closed")]
    RoomClosed(RoomId),
    /// Wrong account or token.
    #[error("wrong account or token")]
    WrongToken,
    /// A dynamic token that is not good.
    #[error("wrong account or token: {0}")]
    BadToken(BadToken),
    /// The caller may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// The application server refused it, when it was asked; perhaps with a code of its own.
    #[error("the application server refused this")]
    ByApplication(Option<Code>),
    /// The application server could not be asked, and `callback.on_failure` is to refuse then.
    #[error("the application server could not be asked about this, try again later")]
    NotAsked,
    /// Moderation refused a message.
    #[error("moderation: the content was refused")]
    ContentRefused,
    /// Moderation refused how a member wants to look.
    #[error("moderation: nick, avatar or ext was refused")]
    LooksRefused,
    /// A message was handed over, but its event could not be kept.
    #[error(
        "the message was handed over, but the event that tells of it could not be kept, see the gateway's log; send it again with resendFlag 1"
    )]
    EventUnkept,
    /// It is so already.
    #[error("{0}")]
    Repeated(String),
    /// Rooms would be scheduled to close, and that is not available.
    #[error(
        "delayClosePolicy: scheduled closing of rooms is disabled here: set rooms.scheduled_closing = true to enable it, or leave the parameter out"
    )]
    NoScheduledClosing,
    /// Something is at its limit.
    #[error("{0}")]
    TooMany(String),
    /// Too many calls of one action; the documented words (section 1.5).
    #[error("query too fast: {action} may be called {limit}, try again in {seconds_left} s")]
    TooFast {
        /// The action as its caller knows it.
        action: &'static str,
        /// How often it may be called, such as `100 times a second`.
        limit: String,
        /// How long it is refused from now on, rounded up.
        seconds_left: u64,
    },
    /// The same signed request came twice.
    #[error("repeated request: these signed headers were used before, sign each call anew")]
    Replayed,
    /// The method is not POST.
    #[error("only POST is served here")]
    NotPost,
    /// The body is over its limit.
    #[error("the body is over {0} bytes")]
    BodyTooLarge(usize),
    /// The body did not arrive in time.
    #[error("the body did not arrive within {0} s")]
    BodyTooSlow(u64),
    /// The gateway is at a limit of its own for now.
    #[error("{0}, try again later")]
    Busy(String),
    /// A fault of ours; the log says more.
    #[error("internal error, see the gateway's log")]
    Internal,
}

/// A rule, as log lines and metrics name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: &'static str,
    /// The setting or the calls that it comes from.
    pub set_by: &'static str,
}

impl Refusal {
    /// The account is not in the room.
    pub fn not_in(accid: &Accid, room: RoomId) -> Refusal {
        Refusal::Forbidden(format!("{accid} is not in room {room}, join it first"))
    }

    /// The gateway takes nothing new, since it is going away.
    pub fn stopping() -> Refusal {
        Refusal::Busy("the gateway is stopping".into())
    }

    /// Whether it is about this one message, and not about its sender or its room: the next may pass.
    pub fn is_about_one(&self) -> bool {
        matches!(self, Refusal::ContentRefused | Refusal::EventUnkept | Refusal::TooUrgent(_))
    }

    /// The rule that it comes from, and what sets that: in log lines and metrics of refused messages.
    pub fn rule(&self) -> Rule {
        let (name, set_by) = match self {
            Refusal::RoomClosed(_) => ("room_closed", "chatroom/toggleCloseStat"),
            Refusal::Blocklisted(..) => ("blocklist", "chatroom/setMemberRole opt -1"),
            Refusal::Muted(_) => {
                ("muted", "chatroom/setMemberRole opt -2, chatroom/temporaryMute, chatroom/tagTemporaryMute")
            }
            Refusal::RoomMuted(_) => ("room_muted", "chatroom/muteRoom"),
            Refusal::Silenced(_) => ("silenced", "user/mute, user/muteModule"),
            Refusal::Disabled(_) => ("disabled", "user/block"),
            Refusal::NoAccount(_) => ("no_account", "user/create"),
            Refusal::NoRoom(_) => ("no_room", "chatroom/create"),
            Refusal::TooUrgent(_) | Refusal::HighTooFast(_) => ("high_rate", "limits.high_priority_per_second"),
            Refusal::ByApplication(_) => ("callback", "callback.url"),
            Refusal::NotAsked => ("callback_failed", "callback.on_failure"),
            Refusal::ContentRefused => ("content", "moderation.by"),
            Refusal::LooksRefused => ("looks", "moderation.by"),
            Refusal::Busy(_) | Refusal::Internal | Refusal::EventUnkept => ("fault", ""),
            Refusal::Forbidden(_) => ("not_in_room", "join"),
            _ => ("other", ""),
        };
        Rule { name, set_by }
    }

    /// The status code of the server API (section 11).
    pub fn code(&self) -> Code {
        match self {
            Refusal::Invalid(_)
            | Refusal::BadParameter(_)
            | Refusal::BadSignature(_)
            | Refusal::AlreadyRegistered(_) => Code::INVALID,
            Refusal::NoAccount(_) | Refusal::NoRoom(_) | Refusal::NoAction(_) | Refusal::NotThere(_) => Code::NOT_FOUND,
            Refusal::Disabled(_) => Code::DISABLED,
            Refusal::Silenced(_) => Code::SILENCED,
            Refusal::Blocklisted(..) => Code::BLOCKLISTED,
            Refusal::Muted(_) => Code::MUTED,
            Refusal::RoomMuted(_) => Code::ROOM_MUTED,
            Refusal::RoomClosed(_) => Code::ROOM_CLOSED,
            Refusal::WrongToken | Refusal::BadToken(_) => Code::WRONG_TOKEN,
            Refusal::ByApplication(Some(code)) => *code,
            Refusal::Forbidden(_)
            | Refusal::TooUrgent(_)
            | Refusal::ByApplication(None)
            | Refusal::NotAsked
            | Refusal::ContentRefused => Code::FORBIDDEN,
            Refusal::LooksRefused => Code::LOOKS_REFUSED,
            Refusal::Repeated(_) => Code::REPEATED,
            Refusal::NoScheduledClosing => Code::NO_SCHEDULED_CLOSING,
            Refusal::TooMany(_) => Code::TOO_MANY,
            Refusal::TooFast { .. } | Refusal::HighTooFast(_) => Code::TOO_FAST,
            Refusal::Replayed => Code::REPLAYED,
            Refusal::NotPost => Code::METHOD_NOT_ALLOWED,
            Refusal::BodyTooLarge(_) => Code::BODY_TOO_LARGE,
            Refusal::BodyTooSlow(_) => Code::REQUEST_TIMEOUT,
            Refusal::Busy(_) => Code::BUSY,
            Refusal::Internal | Refusal::EventUnkept => Code::INTERNAL,
        }
    }
}
