//! A load on a gateway: many members in rooms, messages among them, and figures of what comes of it. It knows a gateway by its two doors
//! and its process, so any gateway of this protocol can be driven. One thread does all: run it in a `LocalSet` of a current-thread runtime.

mod aside;
mod books;
mod errors;
mod files;
mod office;
mod order;
mod pacer;
mod pen;
mod phase;
mod plan;
pub mod report;
mod rest;
mod room;
mod run;
mod seat;
mod stage;
mod stamp;
mod tally;
mod target;
mod watch;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures::{StreamExt, stream};

use crate::client::{ApiError, BadAddress};
use crate::harness::{ChildError, ConnectionError};

pub use files::{TooFewFiles, make_room};
pub use plan::{Plan, Rate, Scenario, Via};
pub use report::Report;
pub use target::Target;
pub use watch::{Nobody, Stop, Watch};

use aside::Aside;
use office::Traffic;
use phase::Scene;
use report::{Connections, Latency, Phase, Server, Settings, per_second};
use run::Run;
use seat::Seat;
use stage::Names;
use stamp::Lane;
use tally::{add, times};

/// The form of a report: another one has another number.
const FORM: u32 = 1;
/// High-priority messages a second and room: below the ten that a gateway lets pass, which it counts by a clock of its own.
const HIGH_PER_ROOM: f64 = 9.0;

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The address can't be used.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// The child did not start.
    #[error(transparent)]
    Child(#[from] ChildError),
    /// Accounts or rooms could not be made.
    #[error("making accounts and rooms: {0}")]
    Api(#[from] ApiError),
    /// The gateway can't be reached by members, or none of them came.
    #[error("members: {0}")]
    Members(#[from] ConnectionError),
    /// It was ended before anything was measured.
    #[error("ended before anything was measured")]
    Interrupted,
    /// The machine gave no thread.
    #[error("a thread: {0}")]
    Thread(std::io::Error),
}

/// Does all of a plan that [`check`](Plan::check) passed.
pub async fn run(plan: Plan, mut target: Target, watch: &dyn Watch, stop: &Stop) -> Result<Report, LoadError> {
    target.entrance = target.entrance.receive_buffer(plan.receive_buffer);
    let names = Names::new(&plan);
    let rooms = stage::build(&target.api, &plan, &names, watch, stop).await?;
    let run = Rc::new(Run::new(plan, target, names, rooms.clone(), stop.clone()));
    let mut server = Server { memory_before_kib: run.target.memory_kib(), ..Server::default() };
    let connections = gather(&run, watch).await?;
    server.memory_with_members_kib = run.target.memory_kib();
    let mut phases = Vec::new();
    for scene in scenes(&run.plan) {
        if !run.stop.is_stopped() {
            phases.push(phase::measure(&run, &scene, watch).await?);
        }
        // Right after they came there is still what coming took.
        if scene.traffic.is_empty() {
            server.memory_with_members_kib = run.target.memory_kib();
        }
    }
    server.memory_after_kib = run.target.memory_kib();
    run.leave();
    stage::clear(&run.target.api, &run.names, &rooms).await;
    server.child = run.target.is_child();
    server.ended = run.target.end().await;
    Ok(report(&run, connections, phases, server))
}

/// Brings everybody in.
async fn gather(run: &Rc<Run>, watch: &dyn Watch) -> Result<Connections, LoadError> {
    watch.begin("members", run.seats.len() as u64);
    let (since, coming) = (Instant::now(), RefCell::new(times()));
    let (came, first) = (Cell::new(0), RefCell::new(None));
    let come = async |seat: &Rc<Seat>| {
        let share = seat.number as f64 / run.seats.len() as f64;
        tokio::time::sleep_until((since + run.plan.ramp.mul_f64(share)).into()).await;
        let since = Instant::now();
        match run.come(seat).await {
            Ok(()) => {
                came.set(came.get() + 1);
                watch.done(came.get());
                add(&mut coming.borrow_mut(), since.elapsed());
            }
            Err(error) => {
                run.errors.add_connection(&error);
                first.borrow_mut().get_or_insert(error);
            }
        }
    };
    let all = stream::iter(&run.seats).map(come).buffer_unordered(run.plan.opening);
    all.take_until(run.stop.wait()).collect::<()>().await;
    if let (0, Some(error)) = (came.get(), first.take()) {
        return Err(error.into());
    }
    let time = since.elapsed();
    let coming = Latency::of(&coming.borrow());
    Ok(Connections {
        wanted: run.seats.len() as u64,
        came: came.get(),
        seconds: time.as_secs_f64(),
        per_second: per_second(came.get(), time),
        coming,
    })
}

/// What a plan's scenario is made of.
fn scenes(plan: &Plan) -> Vec<Scene> {
    let traffic = Traffic {
        lane: Lane::Normal,
        recipients: None,
        rate: plan.rate(),
        via: plan.via(),
        window: plan.window(),
        most: u64::MAX,
    };
    let scene = |name: &str, traffic: &[Traffic], aside| Scene {
        name: name.to_owned(),
        traffic: traffic.to_vec(),
        aside,
        warm_up: plan.warm_up,
        duration: plan.duration,
    };
    match &plan.scenario {
        Scenario::Fanout => vec![scene("fanout", &[traffic], Aside::Nothing)],
        Scenario::Directed { recipients } => {
            let to = |count: &usize| {
                let name = if *count == 1 { "to 1".to_owned() } else { format!("to {count} each") };
                scene(&name, &[Traffic { recipients: Some(*count), ..traffic }], Aside::Nothing)
            };
            recipients.iter().map(to).collect()
        }
        Scenario::Mixed { high } => vec![scene("mixed", &mixed(traffic, *high), Aside::Nothing)],
        Scenario::Churn { per_second } => vec![scene("churn", &[traffic], Aside::Churn(*per_second))],
        Scenario::Storm => vec![
            scene("storm, with resume", &[traffic], Aside::Storm { resume: true }),
            scene("storm, afresh", &[traffic], Aside::Storm { resume: false }),
        ],
        Scenario::Idle => {
            let (warm_up, one) =
                (Duration::ZERO, Traffic { rate: Rate::PerRoom(2.0), most: plan.rooms as u64, ..traffic });
            let quiet = Scene { warm_up, ..scene("idle", &[], Aside::Nothing) };
            let heard =
                Scene { duration: Duration::from_secs(1), ..scene("one message a room", &[one], Aside::Nothing) };
            vec![quiet, Scene { warm_up, ..heard }]
        }
    }
}

/// High-priority messages go through the server API: on a sender's socket they would wait behind its normal ones.
fn mixed(traffic: Traffic, high: f64) -> [Traffic; 2] {
    let (normal, urgent) = match traffic.rate {
        Rate::Max => (Rate::Max, HIGH_PER_ROOM),
        Rate::PerRoom(rate) => (Rate::PerRoom(rate * (1.0 - high)), (rate * high).min(HIGH_PER_ROOM)),
    };
    let urgent = Traffic { lane: Lane::High, rate: Rate::PerRoom(urgent), via: Via::Rest, ..traffic };
    [Traffic { rate: normal, ..traffic }, urgent]
}

fn report(run: &Run, connections: Connections, phases: Vec<Phase>, server: Server) -> Report {
    let lossless = phases.iter().all(|phase| phase.reach.missing == 0 && phase.reach.surplus == 0);
    let here = connections.came == connections.wanted && run.broken.get() == 0 && !server.ended;
    let grown = server.memory_with_members_kib.zip(server.memory_before_kib);
    let per_member = |(with, before): (u64, u64)| (with as f64 - before as f64) / connections.came.max(1) as f64;
    Report {
        roomgate: env!("CARGO_PKG_VERSION"),
        form: FORM,
        settings: settings(run),
        server: Server { memory_per_member_kib: grown.map(per_member), ..server },
        errors: run.errors.list(),
        connections_ended: run.ended.get(),
        connections_broken: run.broken.get(),
        interrupted: run.stop.is_stopped(),
        whole: lossless && here,
        connections,
        phases,
    }
}

fn settings(run: &Run) -> Settings {
    let plan = &run.plan;
    Settings {
        scenario: plan.scenario.name(),
        target: run.target.name.clone(),
        members: plan.members,
        rooms: plan.rooms,
        rate_per_room: match plan.rate() {
            Rate::PerRoom(rate) => Some(rate),
            Rate::Max => None,
        },
        via: plan.via().name(),
        window: plan.window(),
        size: plan.size,
        duration_s: plan.duration.as_secs_f64(),
        warm_up_s: plan.warm_up.as_secs_f64(),
        ramp_s: plan.ramp.as_secs_f64(),
        ack: plan.ack,
        sampled_members: run.seats.iter().filter(|seat| seat.sampled).count(),
        receive_buffer_bytes: plan.receive_buffer,
        prefix: run.names.prefix().to_owned(),
        cores: plan.cores,
    }
}
