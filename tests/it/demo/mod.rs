//! The demo, as its page asks for it.

mod entrance;
mod files;
mod inside;
mod line;
mod lobby;
mod pages;
mod server;
mod uploads;
