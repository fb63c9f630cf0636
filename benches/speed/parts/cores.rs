//! What a second core is good for. With two cores in all the load has to share them, so the time it had is taken off.

use roomgate::harness::process;

use crate::report::Row;
use crate::server::{Contender, Server};
use crate::window::{WARM_UP, Window};
use crate::{LOAD_CORE, Outcome, table, targets};

use super::{Contest, House};

const PART: &str = "cores";
const MEMBERS: usize = 1000;
const SIZE: usize = 128;
const CORES: f64 = 2.0;

pub(super) async fn measure(contest: &mut Contest<'_>) -> Outcome {
    if !contest.pinned {
        println!("\ncores: needs taskset and two cores");
        return Ok(());
    }
    let one = House::fill(
        Server::start(Contender::Roomgate, true, contest.options).await?,
        MEMBERS,
        contest.options,
        usize::MAX,
    )
    .await?;
    // A server has the cores of who starts it.
    process::pin_to_all();
    let server = Server::start_on_all_cores(contest.options).await?;
    process::pin(LOAD_CORE);
    let two = House::fill(server, MEMBERS, contest.options, usize::MAX).await?;
    for house in [&one, &two] {
        house.crowd.tally.ack.set(contest.options.ack.first().copied().unwrap_or_default());
        house.probe(SIZE).await?;
    }
    let case = format!("{MEMBERS} members, {SIZE} B");
    table::begin(&format!("cores: {case}, on one core (first of each round) and on both with the load"), "deliveries");
    let (mut by_time, mut by_cpu) = (Vec::new(), Vec::new());
    for round in 1..=contest.options.rounds {
        let alone = saturate(contest, &one, &case, round).await?;
        process::pin_to_all();
        let both = saturate(contest, &two, &case, round).await?;
        process::pin(LOAD_CORE);
        // What the server could have had: both cores without the load's time.
        let cores = CORES - both.load_core_percent / 100.0;
        by_time.push(both.per_second / cores * CORES / alone.per_second);
        by_cpu.push(CORES * alone.server_cpu_us_each / both.server_cpu_us_each);
    }
    let report = &mut contest.report;
    report.judge(
        PART,
        &case,
        "deliveries of two cores by those of one, load's time off",
        by_time,
        Some(targets::TWO_CORES),
    );
    report.judge(PART, &case, "the same by CPU a delivery", by_cpu, Some(targets::TWO_CORES));
    Ok(())
}

async fn saturate(contest: &mut Contest<'_>, house: &House, case: &str, round: usize) -> Outcome<Row> {
    let tally = &house.crowd.tally;
    let flood = house.crowd.publishers.flood();
    tokio::time::sleep(WARM_UP).await;
    let window = Window::watch(house.server.pid, contest.options.seconds, || tally.deliveries.get()).await?;
    flood.stop().await;
    let missing = house.settle().await?;
    let row = Row { missing, ..Row::new(PART, case, round, house.server.contender, &window) };
    contest.report.add(row.clone());
    Ok(row)
}
