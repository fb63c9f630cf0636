//! The signed server API.

mod batch;
mod directed;
mod forms;
mod http;
mod room;
mod signature;
mod to_room;
mod user;
