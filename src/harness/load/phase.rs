//! One phase: messages go out for a while, and what comes of it is measured.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::harness::process;

use super::LoadError;
use super::aside::{Aside, Told};
use super::books;
use super::office::{Office, Traffic};
use super::plan::Rate;
use super::report::{LaneReport, Latency, Phase, Second, distribution, per_second};
use super::run::Run;
use super::stamp::Lane;
use super::tally::Times;
use super::watch::Watch;

/// How long nothing must come until the rest counts as missing.
const QUIET: Duration = Duration::from_secs(5);
/// How often it is looked whether all has come.
const LOOK: Duration = Duration::from_millis(20);

/// What is read at one moment.
#[derive(Debug, Clone, Copy)]
struct Reading {
    moment: Instant,
    deliveries: u64,
    bytes: u64,
    messages: u64,
    server_cpu: Option<Duration>,
    load_cpu: Option<Duration>,
}

/// What happens in one phase.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Its name.
    pub name: String,
    /// What is sent.
    pub traffic: Vec<Traffic>,
    /// What happens beside it.
    pub aside: Aside,
    /// How long it runs before it is measured.
    pub warm_up: Duration,
    /// How long it is measured.
    pub duration: Duration,
}

/// Measures one phase.
pub async fn measure(run: &Rc<Run>, scene: &Scene, watch: &dyn Watch) -> Result<Phase, LoadError> {
    watch.begin(&scene.name, scene.duration.as_secs());
    run.begin();
    let before = Lane::ALL.map(|lane| run.tally.of(lane));
    let office = Office::new(run);
    let mut first = begin(run, &office);
    for traffic in &scene.traffic {
        office.start(*traffic).map_err(LoadError::Thread)?;
    }
    if !scene.warm_up.is_zero() {
        pause(run, scene.warm_up).await;
        first = begin(run, &office);
    }
    let told = scene.aside.start(run);
    let mut timeline = go_on(run, &office, first, &told, scene, watch).await;
    let last = Reading::take(run, &office);
    office.end().await;
    let (churn, storm) = told.end().await;
    settle(run, &office).await;
    // What came after the last second was due in it.
    let rest = run.tally.turn(Clone::clone);
    if let (Some(second), false) = (timeline.last_mut(), rest.iter().all(Times::is_empty)) {
        (second.normal, second.high) = (worst(second.normal, &rest[0]), worst(second.high, &rest[1]));
    }
    let lane = |(lane, before): (Lane, u64)| {
        let deliveries = run.tally.of(lane) - before;
        let report = run.tally.look(lane, |times| LaneReport {
            lane: lane.name(),
            deliveries,
            latency: Latency::of(times),
            distribution: distribution(times),
        });
        (deliveries > 0).then_some(report)
    };
    let paced = !scene.traffic.is_empty() && scene.traffic.iter().all(|traffic| traffic.rate != Rate::Max);
    Ok(Phase {
        lanes: Lane::ALL.into_iter().zip(before).filter_map(lane).collect(),
        answers: Latency::of(&office.answers()),
        lag: paced.then(|| Latency::of(&office.lag())),
        reach: books::close(&run.seats),
        timeline,
        churn,
        storm,
        ..between(&scene.name, first, last)
    })
}

/// Measuring begins.
fn begin(run: &Run, office: &Office) -> Reading {
    let first = Reading::take(run, office);
    run.tally.begin(first.moment);
    office.begin();
    first
}

fn between(name: &str, first: Reading, last: Reading) -> Phase {
    let time = last.moment - first.moment;
    let (messages, deliveries) = (last.messages - first.messages, last.deliveries - first.deliveries);
    let spent = |first: Option<Duration>, last: Option<Duration>| Some((last? - first?).as_secs_f64());
    let (server_cpu_s, load_cpu_s) = (spent(first.server_cpu, last.server_cpu), spent(first.load_cpu, last.load_cpu));
    Phase {
        name: name.to_owned(),
        seconds: time.as_secs_f64(),
        messages,
        messages_per_second: per_second(messages, time),
        deliveries,
        deliveries_per_second: per_second(deliveries, time),
        bytes_per_second: per_second(last.bytes - first.bytes, time),
        lanes: Vec::new(),
        answers: Latency::of(&super::tally::times()),
        lag: None,
        reach: super::report::Reach::default(),
        server_cpu_s,
        server_cpu_us_per_delivery: server_cpu_s.filter(|_| deliveries > 0).map(|s| s * 1e6 / deliveries as f64),
        load_cpu_s,
        load_busy: load_cpu_s.filter(|_| !time.is_zero()).map(|s| s / time.as_secs_f64()),
        timeline: Vec::new(),
        churn: None,
        storm: None,
    }
}

/// Waits, if it is not ended early.
async fn pause(run: &Run, time: Duration) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        () = run.stop.wait() => {}
    }
}

/// Second by second, until the time is over and what goes on aside too.
async fn go_on(
    run: &Run,
    office: &Office,
    first: Reading,
    told: &Told,
    scene: &Scene,
    watch: &dyn Watch,
) -> Vec<Second> {
    let mut timeline = Vec::new();
    let mut last = first;
    let end = first.moment + scene.duration;
    // Nobody is left where the gateway has ended.
    let is_over = || told.is_done() && (Instant::now() >= end || run.seats.iter().all(|seat| !seat.present.get()));
    while !run.stop.is_stopped() && !is_over() {
        let left = end.saturating_duration_since(Instant::now());
        let next = if left.is_zero() { LOOK } else { left.min(Duration::from_secs(1)) };
        pause(run, next).await;
        let now = Reading::take(run, office);
        if now.moment - last.moment >= Duration::from_millis(500) || timeline.is_empty() {
            timeline.push(second(run, first, last, now));
            last = now;
            watch.done((now.moment - first.moment).as_secs());
        }
    }
    timeline
}

fn second(run: &Run, first: Reading, last: Reading, now: Reading) -> Second {
    let [normal, high] = run.tally.turn(|lanes| [Latency::of(&lanes[0]), Latency::of(&lanes[1])]);
    Second {
        until_s: (now.moment - first.moment).as_secs_f64(),
        deliveries: now.deliveries - last.deliveries,
        messages: now.messages - last.messages,
        normal,
        high,
        server_cpu_s: now.server_cpu.zip(last.server_cpu).map(|(now, last)| (now - last).as_secs_f64()),
    }
}

/// A second with those that came too late for it.
fn worst(second: Latency, rest: &Times) -> Latency {
    let late = Latency::of(rest);
    if late.count == 0 {
        return second;
    }
    if second.count == 0 {
        return late;
    }
    Latency { count: second.count + late.count, max_us: second.max_us.max(late.max_us), ..second }
}

/// Waits until all that is owed has come, or nothing has come for long.
async fn settle(run: &Run, office: &Office) {
    let progress = Cell::new((u64::MAX, Instant::now()));
    loop {
        let came: u64 = run.seats.iter().map(|seat| seat.came()).sum();
        let all = run.seats.iter().all(|seat| seat.came() >= seat.owed().least) && office.under_way() == 0;
        if progress.get().0 != came {
            progress.set((came, Instant::now()));
        }
        if all || progress.get().1.elapsed() > QUIET {
            return;
        }
        tokio::time::sleep(LOOK).await;
    }
}

impl Reading {
    fn take(run: &Run, office: &Office) -> Reading {
        Reading {
            moment: Instant::now(),
            deliveries: run.tally.deliveries(),
            bytes: run.tally.bytes.get(),
            messages: office.accepted(),
            server_cpu: run.target.pid.and_then(process::cpu),
            load_cpu: process::cpu(std::process::id()),
        }
    }
}
