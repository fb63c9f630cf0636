//! The gateway as its users meet it: at its public doors, on real sockets and a real database. The folders mirror the doors.

#![allow(unreachable_pub, reason = "helpers are public to their siblings, and a test binary has no outside")]

mod lanes;
mod mixed;
mod operations;
mod resend;
mod rest;
mod restart;
mod socket;
mod stop;
mod support;
