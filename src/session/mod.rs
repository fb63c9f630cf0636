//! The WebSocket door: handshake, then one task for each connection that reads what its client says and does it. What goes out is the
//! writers' work. Knows nothing of the server API.

mod absences;
mod answers;
mod clearing;
mod conversation;
mod echo;
mod handshake;
mod inbound;
mod live;
mod login;
mod machine;
mod meter;
mod transport;

pub use handshake::SocketDoor;
