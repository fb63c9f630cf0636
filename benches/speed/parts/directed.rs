//! Signed requests with a list of recipients: how many a second, and how late answers and deliveries are at a rate that both bear.

use std::time::Duration;

use crate::caller::{Call, Caller};
use crate::options::Floor;
use crate::pace::{self, Rhythm};
use crate::report::{Latency, Row};
use crate::server::Contender;
use crate::stamp::Lane;
use crate::window::{WARM_UP, Window};
use crate::{Outcome, table, targets};

use super::{Contest, House};

/// As many calls as possible.
const SATURATED: &str = "directed";
/// As many as come.
const OPEN: &str = "directed open loop";
const MEMBERS: usize = 1000;
const SIZE: usize = 128;
const EVERYBODY: usize = 1;
/// The open loop calls at so much of what the slower one of the two can answer.
const SHARE: f64 = 0.6;
/// Connections of the open loop: enough that none is waited for while a server keeps up.
const CONNECTIONS: usize = 64;
/// Both floors serve calls in the same way: what they differ in is a whole room's.
const FLOOR: Contender = Contender::Floor(Floor::Plain);

pub(super) async fn measure(contest: &mut Contest<'_>) -> Outcome {
    for &recipients in &contest.options.recipients {
        let houses = contest.open(&[FLOOR, Contender::Roomgate], MEMBERS, SIZE, EVERYBODY).await?;
        let case = format!("{recipients} recipients");
        saturate_all(contest, &houses, recipients, &case).await?;
        let slowest = contest.report.rows.iter().filter(|row| row.part == SATURATED && row.case == case);
        let slowest = slowest.map(|row| row.per_second).fold(f64::INFINITY, f64::min);
        keep_pace_all(contest, &houses, recipients, &case, (slowest * SHARE).floor()).await?;
    }
    Ok(())
}

async fn saturate_all(contest: &mut Contest<'_>, houses: &[House], recipients: usize, case: &str) -> Outcome {
    let calls = contest.options.calls;
    table::begin(&format!("directed: {case} of {MEMBERS} members, {SIZE} B, {calls} calls under way"), "requests");
    for round in 1..=contest.options.rounds {
        for house in houses {
            contest.report.add(saturate(house, recipients, case, round, calls, contest.options.seconds).await?);
        }
    }
    let report = &mut contest.report;
    let against = [Contender::Roomgate, FLOOR];
    let ratios = report.ratios(SATURATED, case, against, |row| row.per_second);
    report.judge(SATURATED, case, "requests/s by the floor's", ratios, targets::directed_speed(recipients));
    let ratios = report.ratios(SATURATED, case, against, |row| row.server_cpu_us_each);
    report.judge(SATURATED, case, "CPU a request by the floor's", ratios, None);
    Ok(())
}

async fn saturate(
    house: &House,
    recipients: usize,
    case: &str,
    round: usize,
    calls: usize,
    seconds: f64,
) -> Outcome<Row> {
    let caller = call(house, recipients, calls).await?;
    let flood = caller.flood();
    tokio::time::sleep(WARM_UP).await;
    let window = Window::watch(house.server.pid, seconds, || caller.answered()).await?;
    flood.stop().await?;
    house.crowd.expect(caller.answered() * recipients as u64);
    let missing = house.settle().await?;
    Ok(Row { missing, ..Row::new(SATURATED, case, round, house.server.contender, &window) })
}

async fn keep_pace_all(
    contest: &mut Contest<'_>,
    houses: &[House],
    recipients: usize,
    case: &str,
    rate: f64,
) -> Outcome {
    let share = SHARE * 100.0;
    let title = format!("directed, open loop: {case}, {rate} requests/s, {share} % of what the slower one can answer");
    table::begin(&title, "requests");
    for round in 1..=contest.options.rounds {
        for house in houses {
            contest.report.add(keep_pace(house, recipients, case, round, rate, contest.options.seconds).await?);
        }
    }
    let report = &mut contest.report;
    let against = [Contender::Roomgate, FLOOR];
    let bound = (recipients == 100).then_some(targets::DIRECTED_P99);
    let p99 = |latency: Option<Latency>| latency.map_or(f64::NAN, |latency| latency.p99_us as f64);
    let ratios = report.ratios(OPEN, case, against, |row| p99(row.answered));
    report.judge(OPEN, case, "p99 of answers by the floor's", ratios, bound);
    let ratios = report.ratios(OPEN, case, against, |row| p99(row.delivered));
    report.judge(OPEN, case, "p99 of deliveries by the floor's", ratios, bound);
    Ok(())
}

async fn keep_pace(
    house: &House,
    recipients: usize,
    case: &str,
    round: usize,
    rate: f64,
    seconds: f64,
) -> Outcome<Row> {
    let caller = call(house, recipients, CONNECTIONS).await?;
    let tally = &house.crowd.tally;
    let dues = pace::start(rate, WARM_UP + Duration::from_secs_f64(seconds + 0.1), Rhythm::Independent);
    let calls = caller.keep_pace(dues);
    tokio::time::sleep(WARM_UP).await;
    tally.timing.set(true);
    caller.start_timing();
    let window = Window::watch(house.server.pid, seconds, || caller.answered()).await?;
    tally.timing.set(false);
    let answered = Latency::of(&caller.take_latencies());
    calls.ended().await?;
    house.crowd.expect(caller.answered() * recipients as u64);
    let missing = house.settle().await?;
    let delivered = Latency::of(&tally.take_latencies(Lane::Normal));
    Ok(Row { missing, delivered, answered, ..Row::new(OPEN, case, round, house.server.contender, &window) })
}

async fn call(house: &House, recipients: usize, connections: usize) -> Outcome<Caller> {
    Caller::connect(&house.server, &house.crowd, &house.room, Call::Directed { recipients }, connections).await
}
