//! What a member who only listens costs roomgate in memory. The kernel's own socket memory is not in it.

use std::time::Duration;

use roomgate::harness::process;

use crate::crowd::Crowd;
use crate::server::{Contender, Server};
use crate::{Outcome, accounts, targets};

use super::{Contest, House};

const PART: &str = "idle";
/// What was kept of the replies to the login and the join, for members who never say what they have, goes after a minute.
const SETTLE: Duration = Duration::from_secs(65);

pub(super) async fn measure(contest: &mut Contest<'_>) -> Outcome {
    let members = contest.options.idle;
    let case = format!("{members} members of one room");
    println!("\nidle: {case}, an account each");
    let server = Server::start(Contender::Roomgate, contest.pinned, contest.options).await?;
    let room = accounts::make(&server, members).await?;
    let before = resident_kib(&server)?;
    let crowd = Crowd::gather(&server, &room, members, contest.options, usize::MAX).await?;
    let mut note = |what: &str, server: &Server| -> Outcome<f64> {
        let each = (resident_kib(server)? as f64 - before as f64) / members as f64;
        contest.report.note(PART, Contender::Roomgate, what.to_owned(), each, "KiB each");
        Ok(each)
    };
    note("when all are in", &server)?;
    tokio::time::sleep(SETTLE).await;
    let settled = note("65 s later", &server)?;
    let house = House { server, crowd, room };
    house.crowd.publishers.send_one(crate::stamp::now()).await;
    let missing = house.settle().await?;
    contest.report.note(PART, Contender::Roomgate, "members that a message missed then".into(), missing as f64, "");
    contest.report.judge(PART, &case, "KiB each", vec![settled], Some(targets::IDLE_KIB));
    Ok(())
}

fn resident_kib(server: &Server) -> Outcome<u64> {
    process::resident_kib(server.pid).ok_or_else(|| "/proc does not say what memory the server has".into())
}
