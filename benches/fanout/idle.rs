//! What a member who only listens costs roomgate in memory. The kernel's own socket memory is not in it.

use std::time::Duration;

use crate::child::Server;
use crate::crowd::Crowd;
use crate::options::{Options, Role};
use crate::{Outcome, accounts, process};

/// Handshakes end and their memory goes, and what was kept for members who never say what they have.
const SETTLE: Duration = Duration::from_secs(65);

/// Measures and prints it. All members are in one room, each with an account of its own.
pub async fn measure(options: &Options) -> Outcome {
    let server = Server::start(Role::Gateway, options, false)?;
    let room = accounts::make(server.addr, options.idle).await?;
    let before = process::resident_kib(server.pid())?;
    let crowd = Crowd::gather(&server, &room, options.idle, options).await?;
    tokio::time::sleep(SETTLE).await;
    let after = process::resident_kib(server.pid())?;
    let each = (after - before) as f64 / options.idle as f64;
    println!(
        "{} idle members of one room: {before} KiB before, {after} KiB with them, {each:.2} KiB each",
        options.idle
    );
    crowd.publishers.send_one().await;
    let missing = crowd.settle().await;
    println!("a message then reached {} of them", options.idle as u64 - missing);
    Ok(())
}
