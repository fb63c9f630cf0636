//! High-priority messages while a room is saturated: how much earlier than the others they arrive. They come by the server API, since a
//! publisher's own socket is full of what it sent before.

use std::time::Duration;

use crate::caller::{Call, Caller};
use crate::options::Options;
use crate::pace::{self, Rhythm};
use crate::report::{Latency, Row};
use crate::server::{Contender, Server};
use crate::stamp::Lane;
use crate::window::{WARM_UP, Window};
use crate::{Outcome, table, targets};

use super::{Contest, House};

const PART: &str = "urgent";
const MEMBERS: usize = 1000;
const SIZE: usize = 128;
/// Below what a room may have by default, so that all of them go first.
const PER_SECOND: f64 = 8.0;
/// One member in so many notes latencies: with all of them the load would read too slowly.
const TIMED_ONE_IN: usize = 10;
const CONNECTIONS: usize = 8;
/// Messages sent and not yet answered: so many that they wait for the members, up to what the publishers allow.
const OUTSTANDING: usize = 4096;

pub(super) async fn measure(contest: &mut Contest<'_>) -> Outcome {
    let options = Options { outstanding: OUTSTANDING, ..contest.options.clone() };
    let server = Server::start(Contender::Roomgate, contest.pinned, &options).await?;
    let house = House::fill(server, MEMBERS, &options, TIMED_ONE_IN).await?;
    house.crowd.tally.ack.set(options.ack.first().copied().unwrap_or_default());
    house.probe(SIZE).await?;
    let case = format!("{MEMBERS} members, {SIZE} B, saturated, {PER_SECOND} urgent messages/s");
    table::begin(&case, "deliveries");
    let mut ratios = Vec::new();
    for round in 1..=contest.options.rounds {
        let (row, urgent) = press(&house, &case, round, options.seconds).await?;
        let normal = row.delivered.ok_or("no normal message came")?;
        contest.report.add(row);
        let what = |percentile| format!("urgent messages, {percentile}");
        contest.report.note(PART, Contender::Roomgate, what("p50"), urgent.p50_us as f64, "us");
        contest.report.note(PART, Contender::Roomgate, what("p99"), urgent.p99_us as f64, "us");
        ratios.push(urgent.p99_us as f64 / normal.p99_us as f64);
    }
    contest.report.judge(PART, &case, "p99 of urgent ones by that of normal ones", ratios, Some(targets::URGENT_P99));
    Ok(())
}

async fn press(house: &House, case: &str, round: usize, seconds: f64) -> Outcome<(Row, Latency)> {
    let crowd = &house.crowd;
    let caller = Caller::connect(&house.server, crowd, &house.room, Call::Urgent, CONNECTIONS).await?;
    let flood = crowd.publishers.flood();
    tokio::time::sleep(WARM_UP).await;
    let calls = caller.keep_pace(pace::start(PER_SECOND, Duration::from_secs_f64(seconds), Rhythm::Even));
    crowd.tally.timing.set(true);
    let window = Window::watch(house.server.pid, seconds, || crowd.tally.deliveries.get()).await?;
    calls.ended().await?;
    flood.stop().await;
    crowd.expect(caller.answered() * crowd.size as u64);
    let missing = house.settle().await?;
    // Those that were late count too.
    crowd.tally.timing.set(false);
    let delivered = Latency::of(&crowd.tally.take_latencies(Lane::Normal));
    let urgent = Latency::of(&crowd.tally.take_latencies(Lane::High)).ok_or("no urgent message came")?;
    Ok((Row { missing, delivered, ..Row::new(PART, case, round, house.server.contender, &window) }, urgent))
}
