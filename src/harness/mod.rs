//! The harness: many members and an application server that drive a gateway from outside and look at what it does. It knows the gateway as
//! its clients do, by its two doors, and as the machine's operator does, by its process.

pub mod child;
pub mod connection;
pub mod frames;
pub mod load;
pub mod process;
pub mod reading;
pub mod verify;

pub use child::{Child, ChildError, Program};
pub use connection::{Connection, ConnectionError, Entrance};
