//! The WebSocket door.

mod closing;
mod coming_back;
mod contents;
mod dynamic_token;
mod frames;
mod handshake;
mod history;
mod join;
mod login;
mod recall;
mod send;
mod timers;
