//! The contest: the servers are started, get the same room of members, and are measured in turns.

use std::time::{Duration, Instant};

use crate::child::Server;
use crate::crowd::Crowd;
use crate::options::{Options, Role};
use crate::table::{Row, Table};
use crate::{Outcome, accounts, process};

const WARM_UP: Duration = Duration::from_secs(2);

/// Runs all rounds and prints the table.
pub async fn run(options: &Options) -> Outcome {
    let pinned = process::can_pin();
    if pinned {
        process::pin_load()?;
    }
    let (gateway, gateway_crowd, room) = gather(Role::Gateway, options, pinned).await?;
    let frame_bytes = probe(&gateway_crowd).await?;
    let (recording, recording_crowd, _) = gather(Role::Recording, options, pinned).await?;
    probe(&recording_crowd).await?;
    // The floor's frames shall be as long as roomgate's.
    let options = Options { frame_bytes, ..options.clone() };
    let floor = Server::start(Role::Floor, &options, pinned)?;
    let floor_crowd = Crowd::gather(&floor, &room, options.members, &options).await?;
    if probe(&floor_crowd).await? != frame_bytes {
        return Err("the floor's frames are not as long as roomgate's".into());
    }
    let mut table = Table::begin(&options, pinned);
    for number in 1..=options.rounds {
        let contenders = [(&floor, &floor_crowd), (&gateway, &gateway_crowd), (&recording, &recording_crowd)];
        for (server, crowd) in contenders {
            table.add(number, measure(server, crowd, options.seconds).await?);
        }
    }
    table.finish();
    Ok(())
}

/// A roomgate, with a room full of members.
async fn gather(role: Role, options: &Options, pinned: bool) -> Outcome<(Server, Crowd, String)> {
    let server = Server::start(role, options, pinned)?;
    let room = accounts::make(server.addr, options.members).await?;
    let crowd = Crowd::gather(&server, &room, options.members, options).await?;
    Ok((server, crowd, room))
}

/// Sends one message to see how long its frame is.
async fn probe(crowd: &Crowd) -> Outcome<usize> {
    crowd.publishers.send_one().await;
    match crowd.settle().await {
        0 => Ok(crowd.tally.frame_bytes.get()),
        missing => Err(format!("the first message did not reach {missing} of the members").into()),
    }
}

async fn measure(server: &Server, crowd: &Crowd, seconds: f64) -> Outcome<Row> {
    let (server_pid, load_pid) = (server.pid(), std::process::id());
    crowd.publishers.run();
    tokio::time::sleep(WARM_UP).await;
    let (start, deliveries) = (Instant::now(), crowd.tally.deliveries.get());
    let (server_cpu, load_cpu) = (process::cpu(server_pid)?, process::cpu(load_pid)?);
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    let row = Row {
        role: server.role,
        deliveries: crowd.tally.deliveries.get() - deliveries,
        elapsed: start.elapsed(),
        server_cpu: process::cpu(server_pid)? - server_cpu,
        load_cpu: process::cpu(load_pid)? - load_cpu,
        missing: 0,
        told: 0,
    };
    crowd.publishers.stop();
    let missing = crowd.settle().await;
    let told = crowd.tally.lost.get();
    if crowd.tally.ended.get() > 0 {
        return Err(format!("{} closed {} connections", server.role.name(), crowd.tally.ended.get()).into());
    }
    Ok(Row { missing, told, ..row })
}
