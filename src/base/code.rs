//! Status codes of the server API (section 11 of its reference), shared by both doors.

use serde::Serialize;

/// A status code, as it stands in `code` of an answer or a reply.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Code(u16);

macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident = $number:literal;)+) => {
        impl Code {
            $($(#[$doc])+ pub const $name: Code = Code($number);)+
        }

        impl std::fmt::Debug for Code {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match *self {
                    $(Code::$name => write!(f, concat!(stringify!($name), " ({})"), self.0),)+
                    Code(number) => write!(f, "{number}"),
                }
            }
        }
    };
}

codes! {
    /// Done.
    OK = 200;
    /// Wrong account or token.
    WRONG_TOKEN = 302;
    /// Not allowed to do this.
    FORBIDDEN = 403;
    /// No such room, account or action.
    NOT_FOUND = 404;
    /// Only POST is served.
    METHOD_NOT_ALLOWED = 405;
    /// The client took too long to send its request.
    REQUEST_TIMEOUT = 408;
    /// The body is over its limit.
    BODY_TOO_LARGE = 413;
    /// A parameter, or the signature, is wrong.
    INVALID = 414;
    /// Too many calls in a short time.
    TOO_FAST = 416;
    /// The state asked for is the state that is.
    REPEATED = 417;
    /// A number is above its limit.
    TOO_MANY = 419;
    /// The account is disabled.
    DISABLED = 422;
    /// The account is muted in all rooms.
    SILENCED = 423;
    /// The same signed request came twice.
    REPLAYED = 431;
    /// A fault of ours.
    INTERNAL = 500;
    /// Too busy to serve this now.
    BUSY = 503;
    /// The room is closed.
    ROOM_CLOSED = 13002;
    /// In the room's blocklist: may not enter.
    BLOCKLISTED = 13003;
    /// Nick, picture or extension were refused by moderation.
    LOOKS_REFUSED = 13005;
    /// Muted in the room: may not speak.
    MUTED = 13004;
    /// The whole room is muted: only its creator and managers may speak.
    ROOM_MUTED = 13006;
    /// Scheduled closing of rooms is not available.
    NO_SCHEDULED_CLOSING = 13009;
}

impl Code {
    /// A code that an application chose for its own refusals (section 9.2): 20000 to 20099.
    pub fn of_application(number: i64) -> Option<Code> {
        (20_000..=20_099).contains(&number).then(|| u16::try_from(number).ok().map(Code))?
    }

    /// The plain number.
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
