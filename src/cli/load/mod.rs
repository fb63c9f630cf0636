//! `roomgate load`: drives a gateway with very many members and says how it did.

mod plot;
mod progress;
mod said;
mod summary;
mod words;

use std::path::Path;

use clap::{ArgMatches, Args, Command};
use roomgate::harness::load::{self, LoadError, Report, Stop, Target};
use roomgate::harness::{Program, process};

use super::caller::Caller;
use super::failure::Failure;
use super::layers::Environment;
use super::{help, read, table};

use progress::Progress;
use said::{Load, Said};

/// The cores that `--pin` binds gateway and load to.
const CORES: [usize; 2] = [0, 1];
/// The options of all commands that this one has too.
const OPTIONS: [&str; 3] = ["data", "app_key", "app_secret"];

/// `roomgate load`.
pub(super) fn command() -> Command {
    help::chosen(Load::augment_args(Command::new("load")), &OPTIONS)
        .about("Drive a gateway with many members, and say how it did")
}

/// Does it, and prints what came of it.
pub(super) fn run(flags: &ArgMatches, environment: &Environment) -> Result<(), Failure> {
    let load: Load = read(flags)?;
    let mut said = load.said()?;
    load::make_room(said.plan.members + said.plan.window()).map_err(Failure::run)?;
    if load.pin {
        said.plan.cores = Some(pin()?);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::run)?;
    let report = tokio::task::LocalSet::new().block_on(&runtime, drive(&load, &said, flags, environment))?;
    load.print(&report)?;
    verdict(&report)
}

/// This process still has only one thread, and what it starts later stays where it is.
fn pin() -> Result<[usize; 2], Failure> {
    if process::can_pin() && process::pin(CORES[1]) {
        return Ok(CORES);
    }
    Err(Failure::run("--pin: expected two cores and the program taskset"))
}

async fn drive(load: &Load, said: &Said, flags: &ArgMatches, environment: &Environment) -> Result<Report, Failure> {
    let stop = Stop::default();
    tokio::task::spawn_local(listen(stop.clone()));
    let target = match &said.url {
        Some(url) => {
            let app = Caller::load(flags, environment)?.app;
            Target::at(url, app, load.pid).await
        }
        None => Target::start(&load.program(flags, said.plan.cores)?).await,
    };
    let progress = Progress::new();
    let report = load::run(said.plan.clone(), target.map_err(failed)?, &progress, &stop).await;
    progress.clear();
    report.map_err(failed)
}

/// The first ctrl-c ends what is measured, the second one everything.
async fn listen(stop: Stop) {
    // Where signals can't be heard the first one ends everything, as it does without us.
    if tokio::signal::ctrl_c().await.is_ok() {
        stop.stop();
        let _ = tokio::signal::ctrl_c().await;
        std::process::exit(130);
    }
}

fn failed(error: LoadError) -> Failure {
    match error {
        LoadError::Address(error) => Failure::usage(format!("target: {error}")),
        error => Failure::run(format!("load: {error}")),
    }
}

/// Exit code 1 where something is not as it should be, although all was printed.
fn verdict(report: &Report) -> Result<(), Failure> {
    let faults = summary::faults(report);
    if faults.is_empty() { Ok(()) } else { Err(Failure::run(format!("load: {}", faults.join("; ")))) }
}

impl Load {
    /// The child to start: this program.
    fn program(&self, flags: &ArgMatches, cores: Option<[usize; 2]>) -> Result<Program, Failure> {
        let itself = std::env::current_exe().map_err(|error| Failure::run(format!("this program: {error}")))?;
        let program = Program::new(itself).on_core(cores.map(|cores| cores[0]));
        let program = match flags.get_one::<String>("data") {
            Some(folder) => program.in_folder(Path::new(folder)),
            None => program,
        };
        Ok(program.args(self.serve.iter().cloned()))
    }

    fn print(&self, report: &Report) -> Result<(), Failure> {
        let json = serde_json::to_string_pretty(report).map_err(Failure::run)? + "\n";
        match self.json.as_deref() {
            Some(file) if file == Path::new("-") => table::say(&json)?,
            Some(file) => {
                table::say(&summary::text(report))?;
                write(file, &json)?;
            }
            None => table::say(&summary::text(report))?,
        }
        match &self.plot {
            Some(file) => write(file, &plot::draw(report).map_err(|why| Failure::run(format!("--plot: {why}")))?),
            None => Ok(()),
        }
    }
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(file, text).map_err(|error| Failure::run(format!("{}: {error}", file.display())))
}
