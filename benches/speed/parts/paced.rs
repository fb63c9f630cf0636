//! Messages to a whole room at a rate that nobody finds hard: what a delivery costs then, and how late it is.

use std::time::Duration;

use crate::options::Floor;
use crate::pace::{self, Rhythm};
use crate::report::{Latency, Row};
use crate::server::Contender;
use crate::stamp::Lane;
use crate::window::{WARM_UP, Window};
use crate::{Outcome, table, targets};

use super::{Contest, House, acks};

const PART: &str = "paced";
const MEMBERS: usize = 1000;
const SIZE: usize = 128;
const PER_SECOND: f64 = 50.0;
const EVERYBODY: usize = 1;

pub(super) async fn measure(contest: &mut Contest<'_>) -> Outcome {
    let contenders = [Contender::Floor(Floor::Plain), Contender::Floor(Floor::Joining), Contender::Roomgate];
    let houses = contest.open(&contenders, MEMBERS, SIZE, EVERYBODY).await?;
    for &ack in &contest.options.ack {
        houses.iter().for_each(|house| house.crowd.tally.ack.set(ack));
        measure_acked(contest, &houses, ack).await?;
    }
    Ok(())
}

async fn measure_acked(contest: &mut Contest<'_>, houses: &[House], ack: u64) -> Outcome {
    let case = format!("{MEMBERS} members, {SIZE} B, {PER_SECOND} messages/s, {}", acks(ack));
    table::begin(&format!("paced fan-out: {case}"), "deliveries");
    for round in 1..=contest.options.rounds {
        for house in houses {
            contest.report.add(pace(house, &case, round, contest.options.seconds).await?);
        }
    }
    let report = &mut contest.report;
    let against = [Contender::Roomgate, Contender::Floor(Floor::Plain)];
    let ratios = report.ratios(PART, &case, against, |row| row.server_cpu_us_each);
    report.judge(PART, &case, "CPU a delivery by the plain floor's", ratios, Some(targets::PACED_CPU));
    let ratios = report.ratios(PART, &case, against, |row| row.delivered.map_or(f64::NAN, |times| times.p99_us as f64));
    report.judge(PART, &case, "p99 by the plain floor's", ratios, Some(targets::PACED_P99));
    Ok(())
}

async fn pace(house: &House, case: &str, round: usize, seconds: f64) -> Outcome<Row> {
    let crowd = &house.crowd;
    let mut dues = pace::start(PER_SECOND, WARM_UP + Duration::from_secs_f64(seconds + 0.1), Rhythm::Even);
    let sending = async {
        while let Some(due) = dues.recv().await {
            crowd.publishers.send_one(due).await;
        }
    };
    let watching = async {
        tokio::time::sleep(WARM_UP).await;
        crowd.tally.timing.set(true);
        let window = Window::watch(house.server.pid, seconds, || crowd.tally.deliveries.get()).await;
        crowd.tally.timing.set(false);
        window
    };
    let ((), window) = tokio::join!(sending, watching);
    let missing = house.settle().await?;
    let delivered = Latency::of(&crowd.tally.take_latencies(Lane::Normal));
    Ok(Row { missing, delivered, ..Row::new(PART, case, round, house.server.contender, &window?) })
}
