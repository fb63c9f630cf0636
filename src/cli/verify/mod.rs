//! `roomgate verify`: plays a plan to a gateway and says which of its promises it kept.

mod faults;
mod report;

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Command};
use indicatif::{ProgressBar, ProgressStyle};
use roomgate::auth::App;
use roomgate::base::read_time;
use roomgate::harness::verify::checker::{self, Invariant, Verdict};
use roomgate::harness::verify::history::{Bounds, History};
use roomgate::harness::verify::making::{self, Faults, Size};
use roomgate::harness::verify::plan::Plan;
use roomgate::harness::verify::run::{self, Order, Report};
use roomgate::harness::verify::trim;
use roomgate::harness::verify::world::Target;

use super::failure::Failure;
use super::layers::Environment;
use super::table;

/// How often a failing plan is run again to make it smaller.
const TRIM_RUNS: usize = 24;

#[derive(Args)]
#[command(next_line_help = true)]
pub(super) struct Verify {
    /// Server API of a gateway that runs already; one of its own is started if left out
    #[arg(long, value_name = "URL", conflicts_with_all = ["program", "data"], help_heading = "Which gateway")]
    target: Option<String>,
    /// Where the members of that gateway connect; /ws on the same host if left out
    #[arg(long, value_name = "URL", requires = "target", help_heading = "Which gateway")]
    socket: Option<String>,
    /// Its key [env: ROOMGATE_APP_KEY]
    #[arg(long, value_name = "KEY", requires = "target", help_heading = "Which gateway")]
    app_key: Option<String>,
    /// Its secret [env: ROOMGATE_APP_SECRET]
    #[arg(long, value_name = "SECRET", requires = "target", help_heading = "Which gateway")]
    app_secret: Option<String>,
    /// Listen here for the webhooks of that gateway; they are not judged if left out
    #[arg(long, value_name = "IP:PORT", requires = "target", help_heading = "Which gateway")]
    webhook_listen: Option<SocketAddr>,
    /// A program that takes the flags of roomgate serve; this one if left out
    #[arg(long, value_name = "PATH", help_heading = "Which gateway")]
    program: Option<PathBuf>,
    /// Folder for its state and its log, which stay; one that is removed if left out
    #[arg(long, value_name = "FOLDER", help_heading = "Which gateway")]
    data: Option<PathBuf>,
    /// Bytes of normal frames that may wait for one member, if that is another number there
    #[arg(long, value_name = "BYTES", help_heading = "Which gateway")]
    normal_lane_bytes: Option<u64>,
    /// Bytes that may be under way ahead of an urgent frame, if that is another number there
    #[arg(long, value_name = "BYTES", help_heading = "Which gateway")]
    overtaking_bytes: Option<u64>,

    /// The plan is made from this; a random one if left out
    #[arg(long, value_name = "NUMBER", conflicts_with = "plan", help_heading = "What is done")]
    seed: Option<u64>,
    /// About how long the plan takes, such as 30s or 5m
    #[arg(long, value_name = "TIME", value_parser = time, conflicts_with_all = ["plan", "quick"], help_heading = "What is done")]
    duration: Option<Duration>,
    /// As short as can be that still judges everything: about 8 s
    #[arg(long, conflicts_with = "plan", help_heading = "What is done")]
    quick: bool,
    /// Members
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(16..=1000), conflicts_with = "plan", help_heading = "What is done")]
    members: Option<u16>,
    /// Rooms
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(5..=100), conflicts_with = "plan", help_heading = "What is done")]
    rooms: Option<u16>,
    /// Faults that are played: none, or some of slow, cut, half-open, split, kill, database, receiver
    #[arg(long, value_name = "FAULT,...", value_parser = faults::read, conflicts_with = "plan", help_heading = "What is done")]
    nemesis: Option<Faults>,
    /// Repeat the plan in this file
    #[arg(long, value_name = "FILE", help_heading = "What is done")]
    plan: Option<PathBuf>,

    /// Run nothing: judge what --history wrote
    #[arg(long, value_name = "FILE", conflicts_with_all = ["target", "program", "data", "plan", "seed", "quick", "duration", "trim", "history", "save_plan"], help_heading = "What is done")]
    judge: Option<PathBuf>,

    /// Judge only these
    #[arg(long, value_name = "INVARIANT,...", value_delimiter = ',', value_parser = invariant, help_heading = "What is told")]
    only: Vec<Invariant>,
    /// Write the plan to a file; a failing one is written anyway
    #[arg(long, value_name = "FILE", help_heading = "What is told")]
    save_plan: Option<PathBuf>,
    /// Run a failing plan again with fewer actions, as long as the same breaks, and write the smallest
    #[arg(long, help_heading = "What is told")]
    trim: bool,
    /// Write the verdicts to a file, as JSON
    #[arg(long, value_name = "FILE", help_heading = "What is told")]
    json: Option<PathBuf>,
    /// Write all that happened to a file, as JSON lines
    #[arg(long, value_name = "FILE", help_heading = "What is told")]
    history: Option<PathBuf>,
}

pub(super) fn command() -> Command {
    Verify::augment_args(Command::new("verify"))
        .about("Play members and faults to a gateway, and judge whether it keeps its promises")
}

pub(super) fn run(verify: &Verify, environment: &Environment) -> Result<(), Failure> {
    if let Some(path) = &verify.judge {
        let report = verify.judged(judge(path)?);
        table::say(&report::verdicts(&report.verdicts))?;
        verify.write(&report)?;
        return outcome(&report);
    }
    let order = verify.order(environment)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::run)?;
    if let Some(path) = &verify.save_plan {
        save(&order.plan, path)?;
    }
    table::say(&format!("seed {}\n", order.plan.seed))?;
    let report = runtime.block_on(play(&order))?;
    let report = verify.judged(report);
    table::say(&report::verdicts(&report.verdicts))?;
    verify.write(&report)?;
    let broken = report.broken();
    if broken.is_empty() {
        return Ok(());
    }
    let path = verify.failing_path(order.plan.seed);
    save(&order.plan, &path)?;
    table::say(&format!("plan {}\n", path.display()))?;
    if verify.trim {
        runtime.block_on(verify.trim_to(&order, &broken))?;
    }
    outcome(&report)
}

/// A broken promise is a failure.
fn outcome(report: &Report) -> Result<(), Failure> {
    let names: Vec<&str> = report.broken().iter().map(|invariant| invariant.name()).collect();
    if names.is_empty() { Ok(()) } else { Err(Failure::run(format!("broken: {}", names.join(", ")))) }
}

/// Judges a run of before.
fn judge(path: &std::path::Path) -> Result<Report, Failure> {
    let unreadable = |error| Failure::usage(format!("--judge {}: {error}", path.display()));
    let file = File::open(path).map_err(unreadable)?;
    let history = History::read(BufReader::new(file)).map_err(unreadable)?;
    Ok(Report { verdicts: checker::check(&history), history })
}

impl Verify {
    fn order(&self, environment: &Environment) -> Result<Order, Failure> {
        let target = self.target(environment)?;
        let plan = match &self.plan {
            Some(path) => {
                let unreadable = |error| Failure::usage(format!("--plan {}: {error}", path.display()));
                Plan::read(path).map_err(unreadable)?
            }
            None => making::make(self.seed.unwrap_or_else(|| fastrand::u64(..)), self.size(), self.faults()),
        };
        let usual = Bounds::usual();
        let bounds = Bounds {
            normal_lane_bytes: self.normal_lane_bytes.unwrap_or(usual.normal_lane_bytes),
            overtaking_bytes: self.overtaking_bytes.unwrap_or(usual.overtaking_bytes),
            ..usual
        };
        Ok(Order { target, plan, bounds })
    }

    fn size(&self) -> Size {
        let usual = if self.quick { Size::quick() } else { Size::usual() };
        let time = self.duration.map(|time| u32::try_from(time.as_millis()).unwrap_or(u32::MAX));
        Size {
            time: time.unwrap_or(usual.time),
            members: self.members.map_or(usual.members, usize::from),
            rooms: self.rooms.map_or(usual.rooms, usize::from),
        }
    }

    /// What needs the process is not planned where there is none.
    fn faults(&self) -> Faults {
        let faults = self.nemesis.unwrap_or_else(Faults::all);
        match self.target {
            None => faults,
            Some(_) => {
                let receiver = faults.receiver && self.webhook_listen.is_some();
                Faults { kill: false, database: false, receiver, ..faults }
            }
        }
    }

    fn target(&self, environment: &Environment) -> Result<Target, Failure> {
        let Some(target) = &self.target else {
            let path = match &self.program {
                Some(path) => path.clone(),
                None => std::env::current_exe().map_err(Failure::run)?,
            };
            return Ok(Target::Program { path, env: Vec::new(), folder: self.data.clone() });
        };
        let given = |flag: &Option<String>, variable: &str| {
            let set = environment.iter().find(|(name, _)| name == variable).map(|(_, value)| value.clone());
            let missing = || {
                Failure::usage("--target needs --app-key and --app-secret, or ROOMGATE_APP_KEY and ROOMGATE_APP_SECRET")
            };
            flag.clone().or(set).ok_or_else(missing)
        };
        let app = App::new(given(&self.app_key, "ROOMGATE_APP_KEY")?, given(&self.app_secret, "ROOMGATE_APP_SECRET")?);
        let api = super::caller::server_api(target);
        let socket = self.socket.clone().or_else(|| host(&api)).ok_or_else(|| {
            Failure::usage(format!("--target: expected an address such as http://127.0.0.1:8080, got {target:?}"))
        })?;
        Ok(Target::Running { api, socket, app, webhooks: self.webhook_listen })
    }

    /// Only what was asked for.
    fn judged(&self, report: Report) -> Report {
        let is_asked = |verdict: &Verdict| self.only.is_empty() || self.only.contains(&verdict.invariant);
        Report { verdicts: report.verdicts.into_iter().filter(is_asked).collect(), ..report }
    }

    fn write(&self, report: &Report) -> Result<(), Failure> {
        if let Some(path) = &self.json {
            let json = serde_json::json!({"seed": report.history.setup.seed, "verdicts": report.verdicts});
            let failed = |error: std::io::Error| Failure::run(format!("--json {}: {error}", path.display()));
            std::fs::write(path, format!("{json:#}\n")).map_err(failed)?;
        }
        if let Some(path) = &self.history {
            let failed = |error: std::io::Error| Failure::run(format!("--history {}: {error}", path.display()));
            let mut file = BufWriter::new(File::create(path).map_err(failed)?);
            report.history.write(&mut file).and_then(|()| file.flush()).map_err(failed)?;
        }
        Ok(())
    }

    fn failing_path(&self, seed: u64) -> PathBuf {
        self.save_plan.clone().unwrap_or_else(|| format!("roomgate-verify-{seed}.json").into())
    }

    async fn trim_to(&self, order: &Order, broken: &[Invariant]) -> Result<(), Failure> {
        let mut number = 0;
        let small = trim::trim(&order.plan, TRIM_RUNS, async |plan: &Plan| {
            number += 1;
            let fewer = Order { plan: plan.clone(), ..order.clone() };
            let still = match play(&fewer).await {
                Ok(report) => report.broken().iter().any(|invariant| broken.contains(invariant)),
                Err(_) => false,
            };
            let what = if still { "still broken" } else { "holds" };
            eprintln!("roomgate: trim {number} of at most {TRIM_RUNS}: {} actions, {what}", plan.len());
            still
        })
        .await;
        let path = self.failing_path(order.plan.seed).with_extension("trimmed.json");
        save(&small, &path)?;
        table::say(&format!("trimmed {} from {} actions to {}\n", path.display(), order.plan.len(), small.len()))
    }
}

/// Plays it once, telling on a terminal how far it is.
async fn play(order: &Order) -> Result<Report, Failure> {
    let bar = ProgressBar::new(order.plan.phases.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {msg}  {elapsed}") {
        bar.set_style(style);
    }
    let report = run::run(order, |name, number, _| {
        bar.set_position(number as u64 - 1);
        bar.set_message(name.to_owned());
    })
    .await;
    bar.finish_and_clear();
    report.map_err(Failure::run)
}

fn save(plan: &Plan, path: &std::path::Path) -> Result<(), Failure> {
    plan.write(path).map_err(|error| Failure::run(format!("{}: {error}", path.display())))
}

/// `host:port` of a server API's address.
fn host(api: &str) -> Option<String> {
    let host = api.split_once("://")?.1.split('/').next()?;
    (!host.is_empty()).then(|| if host.contains(':') { host.to_owned() } else { format!("{host}:80") })
}

fn invariant(name: &str) -> Result<Invariant, String> {
    let all = || Invariant::ALL.map(Invariant::name).join(", ");
    Invariant::named(name).ok_or_else(|| format!("expected some of {}, got {name:?}", all()))
}

fn time(text: &str) -> Result<Duration, String> {
    let rule = || format!("expected a time from 4s to 1h such as 30s or 5m, got {text:?}");
    let time = read_time(text).ok_or_else(rule)?;
    if (Duration::from_secs(4)..=Duration::from_secs(3600)).contains(&time) { Ok(time) } else { Err(rule()) }
}
