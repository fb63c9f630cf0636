//! A random walk: many thousands of calls at both doors, with kill -9 in between, beside a small model of accounts, rooms, members, mutes,
//! queues, histories and sockets. Every answer, everything a socket hears and, ever again, everything that can be seen must be as the
//! model says.
//!
//! A seed makes the same walk again: `ROOMGATE_WALK_SEED`, `ROOMGATE_WALK_STEPS`, `ROOMGATE_WALK_KILLS`, `ROOMGATE_WALK_LANES`. Lanes go on
//! beside each other with accounts and rooms of their own; with one of them everything but the moment of a kill is as before.

mod call;
mod calls;
mod compare;
mod dice;
mod doors;
mod lane;
mod model;
mod possible;
mod sent;
mod tally;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use tokio::sync::Notify;
use tokio::task::JoinSet;

use roomgate::client::Api;

use doors::{Gate, Stop};
use lane::Lane;
use tally::Tally;

use crate::support::program::Program;

/// Few, so that it is reached.
const ROOMS_PER_SESSION: usize = 2;

/// Before a kill all lanes only call, for so many steps: that most of them are cut off in the midst of one.
const STORM: u64 = 30;

/// How long and by which chance.
#[derive(Debug, Clone, Copy)]
struct Plan {
    seed: u64,
    steps: u64,
    kills: u64,
    lanes: usize,
}

/// How far a round has come.
#[derive(Debug, Default)]
struct Course {
    steps: AtomicU64,
    end: u64,
    reached: Notify,
}

impl Plan {
    fn read() -> Plan {
        let read = |name: &str| {
            let text = std::env::var(format!("ROOMGATE_WALK_{name}")).ok()?;
            Some(text.parse::<u64>().unwrap_or_else(|error| panic!("ROOMGATE_WALK_{name}: {error}")))
        };
        let steps = read("STEPS").unwrap_or(4000);
        Plan {
            seed: read("SEED").unwrap_or(1),
            steps,
            kills: read("KILLS").unwrap_or(steps.div_ceil(1500)),
            lanes: usize::try_from(read("LANES").unwrap_or(8)).expect("a small number"),
        }
    }

    /// The step at which a round ends: some are longer than others.
    fn end(&self, round: u64) -> u64 {
        let (rounds, length) = (self.kills + 1, self.steps / (self.kills + 1));
        let uneven = (self.seed + round * 7) % 5 * length / 10;
        if round + 1 == rounds { self.steps } else { round * length + length / 2 + uneven }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_called_and_whenever_it_is_killed_the_state_is_the_models() {
    let (plan, folder, begun) = (Plan::read(), tempfile::tempdir().unwrap(), Instant::now());
    let mut lanes: Vec<Lane> = (0..plan.lanes).map(|number| Lane::new(plan.seed, number)).collect();
    let (mut steps, mut calls) = (0, 0);
    for round in 0..=plan.kills {
        let rooms = ROOMS_PER_SESSION.to_string();
        // Its sockets may be silent for long, and what is urgent always is.
        // Who breaks off is out at once: the walk does not wait half a minute.
        let patience = ["--socket-ping-interval", "1h", "--socket-stall-timeout", "1h", "--socket-resume-time", "0s"];
        let limits = ["--limits-rooms-per-session", &rooms, "--limits-high-priority-per-second", "0"];
        let options = [&limits[..], &patience].concat();
        let program = Program::in_folder_with(folder.path(), &options).await;
        let course = Arc::new(Course { steps: AtomicU64::new(steps), end: plan.end(round), ..Course::default() });
        let gate = Arc::new(Gate { address: program.address.clone(), ..Gate::default() });
        lanes = walk(plan, lanes, program, &course, &gate, round == plan.kills).await;
        (steps, calls) = (course.steps.load(Ordering::Relaxed), calls + gate.calls.load(Ordering::Relaxed));
    }
    let time = begun.elapsed().as_secs_f64();
    let mut tally = Tally::default();
    lanes.iter().for_each(|lane| tally.add(lane.tally()));
    println!("{tally}\n{plan:?}: {steps} steps, {calls} calls, {:.0} calls a second", calls as f64 / time);
}

/// One life of the gateway, and its end.
async fn walk(
    plan: Plan,
    lanes: Vec<Lane>,
    program: Program,
    course: &Arc<Course>,
    gate: &Arc<Gate>,
    is_last: bool,
) -> Vec<Lane> {
    let mut walking = JoinSet::new();
    for lane in lanes {
        let (api, course, gate) = (program.api(), course.clone(), gate.clone());
        walking.spawn(async move { go(lane, api, &course, gate, is_last).await });
    }
    let mut arrived = Vec::new();
    tokio::select! {
        () = course.reached.notified(), if !is_last => {}
        Some(result) = walking.join_next() => arrived.push(result),
    }
    // In the midst of calls of all lanes.
    if !is_last {
        gate.dying.store(true, Ordering::SeqCst);
        program.kill().await;
    }
    while let Some(result) = walking.join_next().await {
        arrived.push(result);
    }
    let mut lanes: Vec<Lane> = Vec::new();
    for result in arrived {
        match result.expect("a lane does not panic") {
            (lane, Ok(()) | Err(Stop::Killed)) => lanes.push(lane),
            (lane, Err(Stop::Failed(complaint))) => {
                panic!("{complaint}\n\n{}\n\nAgain with {plan:?}: see tests/it/walk/mod.rs", lane.story());
            }
        }
    }
    lanes.sort_by_key(Lane::number);
    lanes
}

async fn go(mut lane: Lane, api: Api, course: &Course, gate: Arc<Gate>, is_last: bool) -> (Lane, Result<(), Stop>) {
    let result = async {
        lane.arrive(api, gate).await?;
        loop {
            let step = course.steps.fetch_add(1, Ordering::Relaxed);
            if step >= course.end && is_last {
                return lane.compare().await;
            }
            if step >= course.end + STORM {
                course.reached.notify_one();
            }
            if step < course.end { lane.step().await? } else { lane.call().await.map(drop)? }
        }
    };
    let result = result.await;
    (lane, result)
}
