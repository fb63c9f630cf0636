//! What everything stands on: ids, limits, status codes, parameters, the clock. Knows nothing of rooms or sockets.

pub mod clock;
pub mod code;
pub mod ids;
pub mod invalid;
pub mod limits;
pub mod params;

pub use clock::{Clock, Millis};
pub use code::Code;
pub use ids::{Accid, MsgId, RoomId, SessionId};
pub use invalid::Invalid;
pub use params::Params;

/// Compact JSON of our own plain data, which always has a JSON form.
pub(crate) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("plain data with text keys has a JSON form")
}
