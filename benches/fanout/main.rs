//! How fast one server core delivers to a room, as a ratio to a plain loop that is kept here with it, both in one run; and what an
//! idle member costs in memory. `cargo bench --bench fanout -- --help` explains.

#![allow(unreachable_pub, reason = "in a program nothing can be reached from outside")]

mod accounts;
mod child;
mod connection;
mod crowd;
mod floor;
mod frames;
mod gateway;
mod idle;
mod options;
mod process;
mod publisher;
mod rounds;
mod table;

use std::error::Error;

use clap::Parser;
use options::{Options, Role};

/// Programs may end with any error: it is printed, and that is all.
type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    let options = Options::parse();
    match options.role {
        Some(Role::Floor) => floor::serve(options.frame_bytes),
        Some(role @ (Role::Gateway | Role::Recording)) => gateway::serve(&options, role),
        None => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let load = tokio::task::LocalSet::new();
            load.block_on(&runtime, async {
                if options.idle > 0 { idle::measure(&options).await } else { rounds::run(&options).await }
            })
        }
    }
}
