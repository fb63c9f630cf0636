//! The WebSocket door.

mod closing;
mod come_back;
mod frames;
mod handshake;
mod join;
mod login;
mod out;
mod places;
mod queue;
mod queue_order;
mod queue_owner;
mod send;
mod tags;
mod timers;
mod verbs;
