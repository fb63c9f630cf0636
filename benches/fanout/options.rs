//! What can be asked for on the command line.

use clap::{Parser, ValueEnum};

/// Prints how many times faster than a plain loop roomgate delivers to a room, from one server core.
///
/// The plain loop, the floor, does one write for each member and message. A second roomgate keeps all messages in a history on disk:
/// what that costs is the other ratio. The servers run as processes of their own on core 0, the load
/// on core 1; their rounds take turns in one run, so that what else the machine does falls on both. Loopback only.
#[derive(Debug, Clone, Parser)]
#[command(name = "fanout")]
pub struct Options {
    /// Members of the room; the publishers are among them.
    #[arg(long, default_value_t = 1000)]
    pub members: usize,
    /// Bytes of `attach` in each message.
    #[arg(long, default_value_t = 128)]
    pub size: usize,
    /// Seconds measured in each round, after two to warm up.
    #[arg(long, default_value_t = 3.0)]
    pub seconds: f64,
    /// Rounds of each server.
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
    /// Members who send, all they can.
    #[arg(long, default_value_t = 4)]
    pub publishers: usize,
    /// Messages sent and not yet answered, of all publishers together.
    #[arg(long, default_value_t = 256)]
    pub outstanding: usize,
    /// roomgate's `socket.send_buffer_bytes`; its default if left out.
    #[arg(long)]
    pub send_buffer: Option<usize>,
    /// Measures the memory of so many idle members in a room instead, and no speed.
    #[arg(long, default_value_t = 0, value_name = "MEMBERS")]
    pub idle: usize,

    /// Which server to be: the program starts itself so.
    #[arg(long, hide = true)]
    pub role: Option<Role>,
    /// How long the floor's frames are: as long as roomgate's.
    #[arg(long, hide = true, default_value_t = 0)]
    pub frame_bytes: usize,
    /// `cargo bench` says this.
    #[arg(long, hide = true)]
    pub bench: bool,
}

/// A server to be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// The plain loop.
    Floor,
    /// roomgate, which keeps no messages.
    Gateway,
    /// roomgate, which keeps every message in a history on disk.
    Recording,
}

impl Role {
    /// As it stands on the command line.
    pub fn argument(self) -> &'static str {
        match self {
            Role::Floor => "floor",
            Role::Gateway => "gateway",
            Role::Recording => "recording",
        }
    }

    /// As it stands in the table.
    pub fn name(self) -> &'static str {
        match self {
            Role::Floor => "floor",
            Role::Gateway => "roomgate",
            Role::Recording => "recording",
        }
    }
}
