//! What everything stands on: ids, limits, status codes, parameters, the clock. Knows nothing of rooms or sockets.

pub mod clock;
pub mod code;
mod event_kind;
pub mod hidden;
pub mod ids;
pub mod invalid;
mod json;
pub mod limits;
pub mod params;
pub(crate) mod per_second;
pub mod tasks;
pub mod time;
#[cfg(feature = "wrong-gateways")]
pub mod wrong;

pub use clock::{Clock, Millis, Stamp};
pub use code::Code;
pub use event_kind::event_kind;
pub use hidden::Hidden;
pub use ids::{Accid, MsgId, RoomId, SessionId};
pub use invalid::Invalid;
pub(crate) use json::{json, read_json};
pub use limits::LaneBounds;
pub use params::Params;
pub(crate) use per_second::PerSecond;
pub use tasks::Tasks;
pub use time::{read_time, show_time};
#[cfg(feature = "wrong-gateways")]
pub(crate) use wrong::Wrong;
