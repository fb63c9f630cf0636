#![forbid(unsafe_code)]
//! roomgate: a real-time room gateway. Members connect over WebSocket and join rooms; an application server sends, over a signed REST
//! API, to a whole room or to a list of its members: those and nobody else. Urgent messages go first.
//!
//! Start a gateway with [`Gateway::builder`], talk to it with [`client`]. The tour, from the ground up (each floor knows only those below):
//!
//! - [`base`]: ids, limits, status codes, parameters, the clock.
//! - [`auth`], `model`, `wire`, `metrics`, [`settings`]: plain values and their rules.
//! - `store`: what outlives a restart. `presence`: who is here now, the two lanes, and the writers that own them.
//! - `delivery`: the one street every message walks. `service`: every other verb. `webhook`: what an application server is told.
//! - `api`: the table of what can be asked. `rest` and `session`: the two doors it is asked through.
//! - `server`: listening. `gateway`: where the rooms of the house are introduced to each other.
//! - [`client`]: the other side of both doors, for tests and tools. [`harness`]: very many members that measure and check. The command line is the binary's own (`src/cli`).

mod api;
pub mod auth;
pub mod base;
#[doc(hidden)]
pub mod bench;
mod callback;
mod chaos;
pub mod client;
mod delivery;
mod gateway;
pub mod harness;
mod metrics;
mod model;
mod moderation;
mod outbound;
mod presence;
mod rest;
mod server;
mod service;
mod session;
pub mod settings;
mod store;
mod webhook;
mod wire;

pub use api::actions;
pub use chaos::Chaos;
pub use gateway::{Builder, Gateway, Running, StartError};
pub use moderation::ModerationError;
pub use presence::{Amount, InsideSession, Waiting};
pub use service::NoSession;
pub use store::credentials;

/// Its program in Rust must run as it stands there.
#[cfg(doctest)]
#[doc = include_str!("../docs/testing.md")]
struct TestingDocument;
