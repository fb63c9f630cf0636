//! How fast roomgate is, as ratios to two floor servers that are kept here with it, all in one run; what its members cost in memory; and
//! whether the targets of docs/performance.md are met. `cargo bench --bench speed -- --help` explains.

#![allow(unreachable_pub, reason = "in a program nothing can be reached from outside")]

mod accounts;
mod caller;
mod crowd;
mod floor;
mod options;
mod pace;
mod parts;
mod publisher;
mod report;
mod server;
mod stamp;
mod table;
mod tally;
mod targets;
mod window;

use std::error::Error;

use clap::Parser;
use options::Options;
use roomgate::harness::process;

/// Programs may end with any error: it is printed, and that is all.
type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The core of the servers, where there are two.
const SERVER_CORE: usize = 0;
/// The core of the load.
const LOAD_CORE: usize = 1;

fn main() -> Outcome {
    let options = Options::parse();
    if let Some(floor) = options.floor {
        return floor::serve(floor);
    }
    let pinned = process::can_pin() && process::pin(LOAD_CORE);
    // As many connections as the system lets one process have.
    rlimit::increase_nofile_limit(u64::MAX)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let load = tokio::task::LocalSet::new();
    load.block_on(&runtime, parts::run(&options, pinned))
}
