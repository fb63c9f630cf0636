//! The names of things. Each is a type of its own that cannot hold a bad value.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::{Invalid, limits};

/// A text id: parsed once, cheap to clone, compared and shown as text.
macro_rules! text_id {
    ($(#[$doc:meta])+ $name:ident) => {
        $(#[$doc])+
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{:?}", self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

text_id! {
    /// An account: at most 32 of letters, digits, `_ @ . -`; lower case (server API, section 7).
    Accid
}

text_id! {
    /// The sender's own id of a message, by which receivers drop what they already have (server API, section 2.1).
    MsgId
}

const ACCID_RULE: &str = "an account of 1 to 32 letters, digits, '_', '@', '.' or '-'";
const ROOM_ID_RULE: &str = "a room id: a positive whole number";

impl Accid {
    /// Reads an account from the value of `parameter`; upper case is folded to lower.
    pub fn parse(parameter: &'static str, text: &str) -> Result<Accid, Invalid> {
        let fits = (1..=limits::ACCID_CHARS).contains(&text.len());
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_@.-".contains(&byte);
        match text {
            "" => Err(Invalid::missing(parameter, ACCID_RULE)),
            _ if fits && text.bytes().all(allowed) => {
                Ok(Accid(match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
                    true => text.to_ascii_lowercase().into(),
                    false => text.into(),
                }))
            }
            _ => Err(Invalid::value(parameter, ACCID_RULE, text)),
        }
    }
}

impl MsgId {
    /// Reads a message id from the value of `parameter`.
    pub fn parse(parameter: &'static str, text: &str) -> Result<MsgId, Invalid> {
        const RULE: &str = "a message id of 1 to 128 characters without control characters";
        match text {
            "" => Err(Invalid::missing(parameter, RULE)),
            _ if text.chars().count() <= limits::MSG_ID_CHARS && !text.chars().any(char::is_control) => {
                Ok(MsgId(text.into()))
            }
            _ => Err(Invalid::value(parameter, RULE, text)),
        }
    }

    /// A fresh id, for messages that the gateway itself makes.
    pub fn fresh() -> MsgId {
        MsgId(uuid::Uuid::new_v4().simple().to_string().into())
    }
}

/// A room: a positive number, sent as text inside messages and as a number elsewhere (server API, section 13).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct RoomId(u64);

impl RoomId {
    /// The number that no room has.
    pub(crate) const NONE: RoomId = RoomId(0);

    /// Whether it is the number that no room has.
    pub(crate) fn is_none(self) -> bool {
        self == RoomId::NONE
    }

    /// Reads a room id from the text of `parameter`.
    pub fn parse(parameter: &'static str, text: &str) -> Result<RoomId, Invalid> {
        match text.parse::<i64>() {
            _ if text.is_empty() => Err(Invalid::missing(parameter, ROOM_ID_RULE)),
            Ok(number) if number > 0 && !text.starts_with('+') => Ok(RoomId(number.unsigned_abs())),
            _ => Err(Invalid::value(parameter, ROOM_ID_RULE, text)),
        }
    }

    /// The id that the store keeps as `row`; the store hands out positive numbers only.
    pub(crate) fn from_row(row: i64) -> RoomId {
        RoomId(row.unsigned_abs())
    }

    pub(crate) fn as_row(self) -> i64 {
        self.0.cast_signed()
    }
}

impl std::fmt::Display for RoomId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Debug for RoomId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// One connection's login. Random, so that nobody can guess another's.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(uuid::Uuid);

impl SessionId {
    /// A new one, unlike any other.
    pub fn fresh() -> SessionId {
        SessionId(uuid::Uuid::new_v4())
    }

    /// Reads one as it was given out; `None` where it is no such text.
    pub fn read(text: &str) -> Option<SessionId> {
        uuid::Uuid::try_parse(text).ok().map(SessionId)
    }
}

impl std::fmt::Display for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.simple().fmt(f)
    }
}

impl std::fmt::Debug for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl Serialize for SessionId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accounts_are_folded_to_lower_case() {
        assert_eq!(Accid::parse("accid", "Ann.B@x-1_").unwrap().as_str(), "ann.b@x-1_");
    }

    #[test]
    fn bad_accounts_are_refused() {
        for bad in ["", "a b", "ä", "a\0", &"a".repeat(33), "a/b"] {
            assert!(Accid::parse("accid", bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn room_ids_are_positive_and_fit_a_long() {
        for bad in ["", "0", "-1", "+1", "1.0", " 1", "9223372036854775808", "x"] {
            assert!(RoomId::parse("roomid", bad).is_err(), "{bad:?}");
        }
        assert_eq!(RoomId::parse("roomid", "9223372036854775807").unwrap().as_row(), i64::MAX);
    }

    proptest! {
        #[test]
        fn an_accepted_account_is_accepted_again_unchanged(text in "\\PC{0,40}") {
            if let Ok(accid) = Accid::parse("accid", &text) {
                prop_assert_eq!(Accid::parse("accid", accid.as_str()).unwrap(), accid);
            }
        }
    }
}
