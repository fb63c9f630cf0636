//! Members come and go while others stay and messages flow: whether memory stays where it settled, and whether those who stay get all.

use std::rc::Rc;
use std::time::{Duration, Instant};

use roomgate::harness::{Entrance, process};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;

use crate::crowd::{self, Crowd};
use crate::pace::{self, Rhythm};
use crate::server::{Contender, Server};
use crate::{Outcome, accounts, targets};

use super::{Contest, House};

const PART: &str = "churn";
/// Members who stay.
const STAY: usize = 500;
/// Accounts of those who come and go.
const VISITORS: usize = 2000;
/// Of them so many come each second, and as many go.
const VISITS_PER_SECOND: f64 = 100.0;
/// How long each of them is in.
const VISIT: Duration = Duration::from_millis(500);
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(5);
const MESSAGES_PER_SECOND: f64 = 50.0;
/// As official clients do.
const ACK: u64 = 32;
const SAMPLE: Duration = Duration::from_secs(10);
/// Memory has settled by then: twice what a session without connection is kept.
const SETTLED: Duration = Duration::from_secs(60);
/// A close frame with code 1000, masked with zeros.
const CLOSE: [u8; 8] = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8];

pub(super) async fn measure(contest: &mut Contest<'_>) -> Outcome {
    let time = contest.options.churn_time;
    let case = format!("{STAY} members stay, {VISITS_PER_SECOND} a second come and go, {} s", time.as_secs());
    println!("\nchurn: {case}, {MESSAGES_PER_SECOND} messages a second");
    let server = Server::start(Contender::Roomgate, contest.pinned, contest.options).await?;
    let room = accounts::make(&server, STAY + VISITORS).await?;
    let crowd = Crowd::gather(&server, &room, STAY, contest.options, usize::MAX).await?;
    crowd.tally.ack.set(ACK);
    let house = Rc::new(House { server, crowd, room });
    house.probe(128).await?;
    let sending = tokio::task::spawn_local(send(house.clone(), time));
    let visiting = tokio::task::spawn_local(visit_all(house.clone(), time));
    let samples = watch_memory(contest, &house, time).await?;
    sending.await?;
    let failed = visiting.await?;
    let missing = house.settle().await?;
    let report = &mut contest.report;
    report.note(PART, Contender::Roomgate, "visits that failed".into(), failed as f64, "");
    report.note(PART, Contender::Roomgate, "deliveries missing of those who stayed".into(), missing as f64, "");
    let settled = SETTLED.min(time / 2);
    let base = samples.iter().find(|(at, _)| *at >= settled).map(|(_, kib)| *kib);
    let (base, end) = base.zip(samples.last().map(|(_, kib)| *kib)).ok_or("too short for a sample of memory")?;
    let drift = vec![end as f64 / base as f64 - 1.0];
    report.judge(PART, &case, "memory grew since it settled by a share of", drift, Some(targets::CHURN_DRIFT));
    Ok(())
}

/// When and how much, in KiB.
async fn watch_memory(contest: &mut Contest<'_>, house: &House, time: Duration) -> Outcome<Vec<(Duration, u64)>> {
    let start = Instant::now();
    let mut samples = Vec::new();
    while start.elapsed() < time {
        tokio::time::sleep(SAMPLE.min(time.saturating_sub(start.elapsed()))).await;
        let kib = process::resident_kib(house.server.pid).ok_or("/proc does not say what memory the server has")?;
        let at = start.elapsed();
        contest.report.note(PART, Contender::Roomgate, format!("after {} s", at.as_secs()), kib as f64, "KiB");
        samples.push((at, kib));
    }
    Ok(samples)
}

async fn send(house: Rc<House>, time: Duration) {
    let mut dues = pace::start(MESSAGES_PER_SECOND, time, Rhythm::Even);
    while let Some(due) = dues.recv().await {
        house.crowd.publishers.send_one(due).await;
    }
}

/// How many of the visits did not work.
async fn visit_all(house: Rc<House>, time: Duration) -> usize {
    let Ok(entrance) = Entrance::find(&format!("ws://{}/ws", house.server.address)).await else { return 1 };
    let entrance = Rc::new(entrance);
    let mut dues = pace::start(VISITS_PER_SECOND, time, Rhythm::Independent);
    let (mut visits, mut failed, mut number) = (JoinSet::new(), 0, 0);
    while dues.recv().await.is_some() {
        let (house, entrance) = (house.clone(), entrance.clone());
        visits.spawn_local(async move { visit(&house, &entrance, number).await.is_err() });
        number += 1;
        while let Some(ended) = visits.try_join_next() {
            failed += usize::from(ended.unwrap_or(true));
        }
    }
    failed + visits.join_all().await.into_iter().filter(|failed| *failed).count()
}

/// Every second one says goodbye; the others' connections break, and their sessions wait for them in vain.
async fn visit(house: &House, entrance: &Entrance, number: usize) -> Outcome {
    let (mut stream, _) = crowd::enter(&house.server, entrance, &house.room, STAY + number % VISITORS).await?;
    tokio::time::sleep(VISIT).await;
    if number.is_multiple_of(2) {
        stream.write_all(&CLOSE).await?;
        tokio::time::timeout(GOODBYE, stream.read_to_end(&mut Vec::new())).await??;
    }
    Ok(())
}
