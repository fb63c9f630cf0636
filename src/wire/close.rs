//! Close codes (socket protocol, section 5): why a connection ends, and whether to come back.

/// Why the gateway ends a connection. The client's own reasons never become one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum CloseCode {
    /// The client asked for it.
    Normal = 1000,
    /// The gateway is going away.
    GoingAway = 1001,
    /// The client broke RFC 6455.
    Protocol = 1002,
    /// A binary frame.
    Unsupported = 1003,
    /// Text that is not UTF-8.
    NotUtf8 = 1007,
    /// Too many frames, pings or fragments.
    Flooding = 1008,
    /// A message over the size limit.
    TooLarge = 1009,
    /// A fault of ours.
    Internal = 1011,
    /// Wrong account or token.
    LoginRefused = 4001,
    /// The account was disabled.
    Disabled = 4002,
    /// Another login of the same account took this one's place.
    Replaced = 4003,
    /// Too many malformed frames.
    Malformed = 4100,
    /// The client reads too slowly.
    TooSlow = 4101,
    /// Nothing came back to a ping.
    HeartbeatMissed = 4102,
    /// No login within the deadline.
    LoginTimeout = 4103,
}

const ALL: [CloseCode; 15] = [
    CloseCode::Normal,
    CloseCode::GoingAway,
    CloseCode::Protocol,
    CloseCode::Unsupported,
    CloseCode::NotUtf8,
    CloseCode::Flooding,
    CloseCode::TooLarge,
    CloseCode::Internal,
    CloseCode::LoginRefused,
    CloseCode::Disabled,
    CloseCode::Replaced,
    CloseCode::Malformed,
    CloseCode::TooSlow,
    CloseCode::HeartbeatMissed,
    CloseCode::LoginTimeout,
];

impl CloseCode {
    /// The number on the wire.
    pub fn number(self) -> u16 {
        self as u16
    }

    pub(crate) fn from_number(number: u16) -> Option<CloseCode> {
        ALL.into_iter().find(|code| code.number() == number)
    }

    /// What the close frame says beside the number.
    pub fn reason(self) -> &'static str {
        match self {
            CloseCode::Normal => "",
            CloseCode::GoingAway => "the gateway is going away, come back after reconnectAfter",
            CloseCode::Protocol => "the frame breaks RFC 6455",
            CloseCode::Unsupported => "binary frames are not part of this protocol",
            CloseCode::NotUtf8 => "text must be UTF-8",
            CloseCode::Flooding => "too many frames, pings or fragments",
            CloseCode::TooLarge => "the message is over the size limit",
            CloseCode::Internal => "internal error",
            CloseCode::LoginRefused => "login refused",
            CloseCode::Disabled => "the account was disabled",
            CloseCode::Replaced => "this login was replaced by another",
            CloseCode::Malformed => "too many malformed frames",
            CloseCode::TooSlow => "this client reads or sends too slowly",
            CloseCode::HeartbeatMissed => "nothing came back to a ping",
            CloseCode::LoginTimeout => "no login in time",
        }
    }
}
