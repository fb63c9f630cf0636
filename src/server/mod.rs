//! Listening, and telling requests apart: the accept loop, its limits, and one hyper service. Knows no rule of any door.

mod content;
mod demo;
mod internal;
mod listener;
mod router;
mod serve;

pub use content::Content;
pub use demo::{Demo, DemoError};
pub use internal::Internal;
pub use listener::{ListenError, listen};
pub use router::Router;
pub use serve::{Service, serve};
