//! How long it takes until many members are in: TCP, handshake, login and join, 64 under way at a time. The floor shows how much of that
//! is the load's and the kernel's.

use std::time::Instant;

use crate::crowd::Crowd;
use crate::options::Floor;
use crate::server::{Contender, Server};
use crate::{Outcome, accounts, targets};

use super::Contest;

const PART: &str = "connect";

pub(super) async fn measure(contest: &mut Contest<'_>) -> Outcome {
    let members = contest.options.connections;
    let case = format!("{members} connections");
    println!("\nconnect: {case}, with login and join, 64 under way at a time");
    for contender in [Contender::Floor(Floor::Plain), Contender::Roomgate] {
        let server = Server::start(contender, contest.pinned, contest.options).await?;
        let room = accounts::make(&server, members).await?;
        let start = Instant::now();
        let crowd = Crowd::gather(&server, &room, members, contest.options, usize::MAX).await?;
        let seconds = start.elapsed().as_secs_f64();
        contest.report.note(PART, contender, "all are in after".into(), seconds, "s");
        if contender == Contender::Roomgate {
            contest.report.judge(PART, &case, "seconds", vec![seconds], Some(targets::CONNECT_SECONDS));
        }
        drop(crowd);
    }
    Ok(())
}
