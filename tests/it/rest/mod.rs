//! The signed server API.

mod batch;
mod closing;
mod closing_restart;
mod create;
mod directed;
mod forms;
mod http;
mod looks;
mod lookup;
mod members;
mod mutes;
mod out;
mod pages;
mod roles;
mod room;
mod room_mutes;
mod signature;
mod to_room;
mod toggle;
mod update;
mod user;
