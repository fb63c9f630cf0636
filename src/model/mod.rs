//! The nouns and their rules: account, room, member, message, notification. Pure values; knows no storage and no sockets.

pub mod activity;
pub mod closing;
pub mod content;
pub mod event;
pub mod extras;
pub mod kept_event;
pub mod member;
pub mod message;
pub mod notice;
pub mod queue;
pub mod record;
pub mod refusal;
pub mod roles;
pub mod room;
mod room_view;
pub mod standing;
pub mod subscription;
pub mod tag_expression;
pub mod tags;
pub mod user;

pub use closing::{AskedClosing, Closing};
pub use event::{Event, EventType, Fields};
pub use extras::{Extras, Judged};
pub use kept_event::{EventQuery, EventState, KeptEvent};
pub use member::{Member, Occupant, Seen};
pub use message::{Body, ClientType, Lane, Message, MsgType, Sender};
pub use notice::{Notice, Party};
pub use record::Record;
pub use refusal::Refusal;
pub use room::{Facts, Room};
pub use room_view::RoomView;
pub use standing::{Looks, Standing};
pub use subscription::{Point, Subscription};
pub use tag_expression::TagExpression;
pub use tags::{Tag, Tags};
pub use user::{Profile, User};
