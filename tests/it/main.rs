//! The gateway as its users meet it: at its public doors, on real sockets and a real database. The folders mirror the doors.

#![allow(unreachable_pub, reason = "helpers are public to their siblings, and a test binary has no outside")]
#![allow(clippy::unwrap_used, clippy::large_futures, reason = "a test may panic, and its futures may be large")]
#![allow(
    clippy::type_complexity,
    clippy::wrong_self_convention,
    reason = "tables of cases and sentences read better so"
)]

mod callback;
mod commands;
mod demo;
mod events;
mod explain;
mod golden;
mod lanes;
mod load;
mod mixed;
mod moderation;
mod openapi;
mod operations;
mod program;
mod resend;
mod rest;
mod restart;
mod restart_history;
mod socket;
mod stop;
mod support;
mod survival;
mod test_mode;
mod verify;
mod walk;
mod webhook;
