//! The nouns and their rules: account, room, member, message, notification. Pure values; knows no storage and no sockets.

pub mod extras;
pub mod member;
pub mod message;
pub mod notice;
pub mod refusal;
pub mod room;
pub mod user;

pub use extras::{check_extras, check_room_extras};
pub use member::{Appearance, Member};
pub use message::{Body, ClientType, Lane, Message, MsgType, Sender};
pub use notice::Notice;
pub use refusal::Refusal;
pub use room::{NewRoom, Room};
pub use user::{Profile, User};
