//! The WebSocket door.

mod catching_up;
mod closing;
mod come_back;
mod contents;
mod dynamic_token;
mod frames;
mod handshake;
mod history;
mod join;
mod login;
mod out;
mod places;
mod queue;
mod queue_order;
mod queue_owner;
mod recall;
mod resume;
mod send;
mod tags;
mod timers;
mod verbs;
