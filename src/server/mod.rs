//! Listening, and telling requests apart: the accept loop, its limits, and one hyper service. Knows no rule of any door.

mod demo;
mod internal;
mod listener;
mod router;
mod serve;

pub use demo::Demo;
pub use internal::Internal;
pub use listener::{ListenError, listen};
pub use router::Router;
pub use serve::{Service, serve};
