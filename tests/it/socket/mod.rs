//! The WebSocket door.

mod closing;
mod frames;
mod handshake;
mod join;
mod login;
mod out;
mod send;
mod timers;
mod verbs;
