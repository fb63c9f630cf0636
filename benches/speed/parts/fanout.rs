//! Messages to a whole room, all that can be sent: how many deliveries a second, and what one costs.

use crate::options::Floor;
use crate::report::Row;
use crate::server::Contender;
use crate::window::{WARM_UP, Window};
use crate::{Outcome, table, targets};

use super::{Contest, House, acks};

const PART: &str = "fanout";
/// Nobody's latency is noted, so that reading stays cheap.
const NOBODY: usize = usize::MAX;

pub(super) async fn measure(contest: &mut Contest<'_>) -> Outcome {
    for &members in &contest.options.members {
        let contenders = contenders(contest.options.history);
        let Some(&first) = contest.options.size.first() else { return Ok(()) };
        let houses = contest.open(&contenders, members, first, NOBODY).await?;
        for &ack in &contest.options.ack {
            houses.iter().for_each(|house| house.crowd.tally.ack.set(ack));
            for &size in &contest.options.size {
                for house in &houses {
                    house.probe(size).await?;
                }
                measure_size(contest, &houses, members, size, ack).await?;
            }
        }
    }
    Ok(())
}

fn contenders(history: bool) -> Vec<Contender> {
    let mut contenders = vec![Contender::Floor(Floor::Plain), Contender::Floor(Floor::Joining), Contender::Roomgate];
    contenders.extend(history.then_some(Contender::Recording));
    contenders
}

async fn measure_size(contest: &mut Contest<'_>, houses: &[House], members: usize, size: usize, ack: u64) -> Outcome {
    let case = format!("{members} members, {size} B, {}", acks(ack));
    let frame = houses.first().map_or(0, |house| house.crowd.tally.frame_bytes.get());
    let publishers = contest.options.publishers;
    let title = format!("saturated fan-out: {case}, frames of {frame} B, {publishers} members send all they can");
    table::begin(&title, "deliveries");
    for round in 1..=contest.options.rounds {
        for house in houses {
            let row = saturate(house, &case, round, contest.options.seconds).await?;
            contest.report.add(row);
        }
    }
    judge(contest, &case);
    Ok(())
}

async fn saturate(house: &House, case: &str, round: usize, seconds: f64) -> Outcome<Row> {
    let tally = house.crowd.tally.clone();
    let flood = house.crowd.publishers.flood();
    tokio::time::sleep(WARM_UP).await;
    let window = Window::watch(house.server.pid, seconds, || tally.deliveries.get()).await?;
    flood.stop().await;
    let missing = house.settle().await?;
    Ok(Row { missing, ..Row::new(PART, case, round, house.server.contender, &window) })
}

fn judge(contest: &mut Contest<'_>, case: &str) {
    let report = &mut contest.report;
    let (plain, joining) = (Contender::Floor(Floor::Plain), Contender::Floor(Floor::Joining));
    let speed = |row: &Row| row.per_second;
    let cpu = |row: &Row| row.server_cpu_us_each;
    let ratios = report.ratios(PART, case, [Contender::Roomgate, joining], speed);
    report.judge(PART, case, "deliveries/s by the joining floor's", ratios, Some(targets::FANOUT_SPEED));
    let ratios = report.ratios(PART, case, [Contender::Roomgate, joining], cpu);
    report.judge(PART, case, "CPU a delivery by the joining floor's", ratios, Some(targets::FANOUT_CPU));
    let ratios = report.ratios(PART, case, [Contender::Roomgate, plain], speed);
    report.judge(PART, case, "deliveries/s by the plain floor's", ratios, None);
    let ratios = report.ratios(PART, case, [Contender::Recording, Contender::Roomgate], speed);
    if !ratios.is_empty() {
        report.judge(PART, case, "deliveries/s with a history by those without", ratios, None);
    }
}
