//! The socket's words: what a client says, what the gateway says, and how a connection ends. Pure bytes; knows no tasks.

pub mod client;
pub mod close;
pub mod server;
pub mod text;

pub use client::{Frame as ClientFrame, Op};
pub use close::CloseCode;
pub use text::Text;
