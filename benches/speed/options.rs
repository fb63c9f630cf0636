//! What can be asked for on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

/// Measures roomgate beside two floor servers: one that does one write for each member and message, and one that joins the messages that
/// wait into one write for each member.
///
/// The servers run as processes of their own on core 0, the load on core 1. Their rounds take turns in one run, so that what else the
/// machine does falls on all of them: only the ratios count. Loopback only. docs/performance.md has the targets and the method.
#[derive(Debug, Clone, Parser)]
#[command(name = "speed")]
pub struct Options {
    /// What to measure; all but cores and churn if left out.
    #[arg(long, value_delimiter = ',', default_values = ["fanout", "paced", "directed", "urgent", "idle", "connect"])]
    pub only: Vec<Part>,
    /// Members of the room in fanout.
    #[arg(long, value_delimiter = ',', default_values_t = [100, 1000, 5000])]
    pub members: Vec<usize>,
    /// Bytes of text in each message in fanout.
    #[arg(long, value_delimiter = ',', default_values_t = [128, 1024])]
    pub size: Vec<usize>,
    /// Recipients of each request in directed.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 10, 100])]
    pub recipients: Vec<usize>,
    /// Rounds of each server.
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
    /// Seconds measured in each round, after one to warm up.
    #[arg(long, default_value_t = 3.0)]
    pub seconds: f64,
    /// Members who send all they can, in fanout.
    #[arg(long, default_value_t = 4)]
    pub publishers: usize,
    /// Messages sent and not yet answered, of all publishers together. The more there are, the more a server can join: with 16 the joining
    /// floor makes about 1.5 million deliveries a second.
    #[arg(long, default_value_t = 16)]
    pub outstanding: usize,
    /// Requests sent and not yet answered, in directed.
    #[arg(long, default_value_t = 16)]
    pub calls: usize,
    /// Members say after so many frames what they have, as clients must that want to resume, 32 the official ones; 0 is never. Who never
    /// says so is kept nothing for after the first 1 MiB. In fanout and paced; the other parts take the first.
    #[arg(long, value_delimiter = ',', default_values_t = [0, 32])]
    pub ack: Vec<u64>,
    /// Measures a roomgate that keeps every message in a history on disk as well, in fanout.
    #[arg(long)]
    pub history: bool,
    /// Members in idle.
    #[arg(long, default_value_t = 10_000)]
    pub idle: usize,
    /// Connections in connect.
    #[arg(long, default_value_t = 19_000)]
    pub connections: usize,
    /// How long churn goes on, such as 10m.
    #[arg(long, default_value = "1m", value_parser = read_time)]
    pub churn_time: Duration,
    /// Writes all figures there.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,

    /// Options of roomgate besides, behind `--`.
    #[arg(last = true, value_name = "OPTIONS OF roomgate serve")]
    pub gateway: Vec<String>,

    /// Which floor to be: the program starts itself so.
    #[arg(long, hide = true)]
    pub floor: Option<Floor>,
    /// `cargo bench` says this.
    #[arg(long, hide = true)]
    pub bench: bool,
}

/// Something to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Messages to a whole room, all that can be sent.
    Fanout,
    /// Messages to a whole room, 50 a second.
    Paced,
    /// Signed requests with a list of recipients.
    Directed,
    /// High-priority messages while a room is saturated.
    Urgent,
    /// Memory of members who only listen.
    Idle,
    /// Time until many members are in.
    Connect,
    /// Two cores against one.
    Cores,
    /// Memory while members come and go.
    Churn,
}

/// A server to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Floor {
    /// One write for each member and message.
    Plain,
    /// One write for each member and all messages that wait.
    Joining,
}

fn read_time(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len()));
    let seconds = match unit {
        "" | "s" => 1,
        "m" => 60,
        _ => return Err(format!("expected seconds or minutes, such as 90s or 10m, got {text}")),
    };
    let number: u64 = number.parse().map_err(|_| format!("expected a number before the unit, got {text}"))?;
    Ok(Duration::from_secs(number * seconds))
}
