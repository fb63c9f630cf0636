//! Everything that a run has around it: the gateway, wherever it is just now, accounts, rooms, the receiver of its webhooks.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;

use crate::auth::App;
use crate::client::{Address, Api, ApiError, BadAddress};
use crate::harness::{Child, ChildError, Program, process};

use super::desk::Desk;
use super::history::{Bounds, Fault, Moment, Reach, Room, Text, What};
use super::link::Way;
use super::parse;
use super::plan::Plan;
use super::receiver::Receiver;
use super::recorder::Recorder;

/// Longest time between two attempts of a webhook, so that nobody waits an hour for one.
const RETRY_MAX: &str = "1s";
/// Of a log, so much is shown where the gateway ended by itself.
const LAST_WORDS: usize = 600;

/// Which gateway is verified.
#[derive(Debug, Clone)]
pub enum Target {
    /// A process of ours, started from a program.
    Program {
        /// Which.
        path: PathBuf,
        /// Environment variables for it.
        env: Vec<(String, String)>,
        /// Where its state is, under which a folder is made for the run; a folder of its own where it is left out.
        folder: Option<PathBuf>,
    },
    /// One that runs somewhere.
    Running {
        /// Its server API.
        api: String,
        /// Where its members connect: `host:port`, or `ws://host:port/path`.
        socket: String,
        /// Its key and secret.
        app: App,
        /// Where we listen for its webhooks, if it sends them there.
        webhooks: Option<SocketAddr>,
    },
}

/// Why there is nothing to verify.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The gateway does not start.
    #[error(transparent)]
    Child(#[from] ChildError),
    /// Its address can't be used.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// It refuses what every run needs.
    #[error("setting the stage: {0}")]
    Api(#[from] ApiError),
    /// Nobody gets in, so there is nothing to judge.
    #[error("no member could log in at {0}: is it a gateway that speaks the socket protocol?")]
    Nobody(String),
    /// A file, a folder or a socket of ours.
    #[error("{0}: {1}")]
    Io(String, io::Error),
}

/// The gateway and what is around it.
#[derive(Debug)]
pub(super) struct World {
    pub(super) recorder: Arc<Recorder>,
    pub(super) desk: Desk,
    pub(super) receiver: Option<Receiver>,
    pub(super) app: App,
    /// Who makes the rooms.
    pub(super) owner: Text,
    /// What every account's name begins with.
    pub(super) prefix: String,
    /// Accounts and their tokens, by the plan's numbers.
    pub(super) members: Vec<(Text, String)>,
    /// Rooms, by the plan's numbers.
    pub(super) rooms: Vec<Room>,
    /// Where those come and go who are only counted.
    pub(super) lobby: Room,
    /// Accounts that nobody has but those.
    pub(super) passers: Vec<(Text, String)>,
    way: RwLock<Way>,
    process: Option<Process>,
}

/// A gateway that is a process of ours.
#[derive(Debug)]
struct Process {
    program: Program,
    child: tokio::sync::Mutex<Option<Child>>,
    state: PathBuf,
    log: PathBuf,
    /// Removed when the run ends, unless it was given.
    _folder: Option<tempfile::TempDir>,
}

impl World {
    /// Starts or finds the gateway, and makes accounts and rooms.
    pub(super) async fn open(target: &Target, plan: &Plan, recorder: Arc<Recorder>) -> Result<World, WorldError> {
        let mut world = match target {
            Target::Program { path, env, folder } => World::start(path, env, folder.as_deref(), recorder).await?,
            Target::Running { api, socket, app, webhooks } => {
                World::find(api, socket, app, *webhooks, recorder).await?
            }
        };
        world.populate(plan).await?;
        Ok(world)
    }

    async fn start(
        path: &Path,
        env: &[(String, String)],
        folder: Option<&Path>,
        recorder: Arc<Recorder>,
    ) -> Result<World, WorldError> {
        let made = |what: &Path, error| WorldError::Io(what.display().to_string(), error);
        let prefix = prefix();
        let (folder, temporary) = match folder {
            Some(folder) => (folder.join(&prefix), None),
            None => {
                let temporary = tempfile::tempdir().map_err(|error| made(&std::env::temp_dir(), error))?;
                (temporary.path().to_owned(), Some(temporary))
            }
        };
        std::fs::create_dir_all(&folder).map_err(|error| made(&folder, error))?;
        let (state, log) = (folder.join("data"), folder.join("log"));
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let bare = Program::new(path);
        let receiver = Receiver::listen(listen, bare.app().clone(), recorder.clone()).await;
        let receiver = receiver.map_err(|error| WorldError::Io("the receiver of webhooks".into(), error))?;
        let args = ["--webhook-url", &receiver.url(), "--webhook-retry-max", RETRY_MAX, "--log-level", "warn"];
        let program = bare.args(args).in_folder(&state).log_to(&log);
        let program = env.iter().fold(program, |program, (name, value)| program.env(name, value));
        let child = program.start().await?;
        let (api, way) = (child.api()?, way(child.address()).await?);
        let process = Process { child: Some(child).into(), state, log, _folder: temporary, program };
        let app = process.program.app().clone();
        Ok(World::around(api, way, app, Some(receiver), Some(process), prefix, recorder))
    }

    async fn find(
        api: &str,
        socket: &str,
        app: &App,
        webhooks: Option<SocketAddr>,
        recorder: Arc<Recorder>,
    ) -> Result<World, WorldError> {
        let receiver = match webhooks {
            Some(address) => {
                let failed = |error| WorldError::Io(format!("listening on {address}"), error);
                Some(Receiver::listen(address, app.clone(), recorder.clone()).await.map_err(failed)?)
            }
            None => None,
        };
        let api = Api::new(api, app.clone())?;
        Ok(World::around(api, way(socket).await?, app.clone(), receiver, None, prefix(), recorder))
    }

    fn around(
        api: Api,
        way: Way,
        app: App,
        receiver: Option<Receiver>,
        process: Option<Process>,
        prefix: String,
        recorder: Arc<Recorder>,
    ) -> World {
        World {
            desk: Desk::new(api, recorder.clone()),
            receiver,
            app,
            owner: recorder.text(&format!("{prefix}-owner")),
            prefix,
            members: Vec::new(),
            rooms: Vec::new(),
            lobby: 0,
            passers: Vec::new(),
            way: RwLock::new(way),
            process,
            recorder,
        }
    }

    async fn populate(&mut self, plan: &Plan) -> Result<(), WorldError> {
        let desk = &self.desk;
        desk.create_account(&self.owner).await?;
        for number in 0..plan.seats.len() {
            let accid = self.recorder.text(&format!("{}-m{number}", self.prefix));
            let token = desk.create_account(&accid).await?;
            self.members.push((accid, token));
        }
        for number in 0..4 {
            let accid = self.recorder.text(&format!("{}-p{number}", self.prefix));
            let token = desk.create_account(&accid).await?;
            self.passers.push((accid, token));
        }
        for number in 0..plan.rooms {
            self.rooms.push(desk.create_room(&self.owner, &format!("room {number}")).await?);
        }
        self.lobby = desk.create_room(&self.owner, "lobby").await?;
        Ok(())
    }

    /// What is in our hands.
    pub(super) fn reach(&self) -> Reach {
        let process = self.process.is_some();
        Reach { process, folder: process, webhooks: self.receiver.is_some() }
    }

    /// Where members connect just now.
    pub(super) fn way(&self) -> Way {
        self.way.read().clone()
    }

    /// The account of a member of the plan.
    pub(super) fn accid(&self, member: usize) -> Text {
        self.members.get(member).map_or_else(|| parse::text(format!("nobody-{member}")), |(accid, _)| accid.clone())
    }

    /// The number of a room of the plan. One that is not there is in no gateway either.
    pub(super) fn room(&self, room: usize) -> Room {
        self.rooms.get(room).copied().unwrap_or_default()
    }

    /// Kills the gateway; where wanted, nothing could be committed for the time before.
    pub(super) async fn kill(&self, holding: Option<Duration>) -> Result<(), WorldError> {
        let Some(process) = &self.process else { return Ok(()) };
        let mut child = process.child.lock().await;
        let held = match holding {
            Some(time) => {
                let held = self.hold(process);
                tokio::time::sleep(time).await;
                held
            }
            None => None,
        };
        self.note(Fault::Killing);
        if let Some(child) = child.take() {
            child.kill().await;
        }
        self.note(Fault::Killed);
        if held.is_some() {
            drop(held);
            self.note(Fault::DatabaseFreed);
        }
        let started = process.program.start().await?;
        self.desk.moved(started.api()?);
        let way = way(started.address()).await?;
        *self.way.write() = way;
        *child = Some(started);
        self.note(Fault::Restarted);
        Ok(())
    }

    /// Lets nobody else write to the gateway's database for a while.
    pub(super) async fn hold_database(&self, time: Duration) {
        let Some(process) = &self.process else { return };
        let held = self.hold(process);
        if held.is_some() {
            tokio::time::sleep(time).await;
            drop(held);
            self.note(Fault::DatabaseFreed);
        }
    }

    /// A lock that is let go when this is dropped. One that can't be had is no fault of the gateway's.
    fn hold(&self, process: &Process) -> Option<rusqlite::Connection> {
        let connection = rusqlite::Connection::open(process.state.join("roomgate.db")).ok()?;
        connection.busy_timeout(Duration::from_secs(1)).ok()?;
        connection.execute_batch("BEGIN IMMEDIATE").ok()?;
        self.note(Fault::DatabaseHeld);
        Some(connection)
    }

    /// Notes how much memory the gateway has.
    pub(super) async fn weigh(&self, moment: Moment) {
        let Some(process) = &self.process else { return };
        let pid = process.child.lock().await.as_ref().map(Child::pid);
        if let Some(kib) = pid.and_then(process::resident_kib) {
            self.recorder.note(What::Memory { bytes: kib * 1024, moment });
        }
    }

    /// Whether the gateway has ended though nobody ended it; noted then.
    pub(super) async fn has_died(&self) -> bool {
        let Some(process) = &self.process else { return false };
        let died = process.child.lock().await.as_mut().is_none_or(Child::has_ended);
        if died {
            let log = std::fs::read_to_string(&process.log).unwrap_or_default();
            let from = log.char_indices().rev().nth(LAST_WORDS).map_or(0, |(at, _)| at);
            self.recorder.note(What::Died { why: parse::text(format!("it ended; its log: {}", log[from..].trim())) });
        }
        died
    }

    /// Notes what its log says of panics.
    pub(super) fn read_log(&self) {
        let Some(process) = &self.process else { return };
        let log = std::fs::read(&process.log).unwrap_or_default();
        for line in String::from_utf8_lossy(&log).lines().filter(|line| line.contains("panicked")) {
            self.recorder.note(What::Panicked { line: parse::text(line) });
        }
    }

    /// Lets go of the gateway.
    pub(super) async fn close(self) {
        if let Some(process) = self.process
            && let Some(child) = process.child.into_inner()
        {
            child.kill().await;
        }
    }

    fn note(&self, fault: Fault) {
        self.recorder.note(What::Nemesis { fault });
    }
}

impl Bounds {
    /// Those of a gateway whose settings are as they come.
    pub fn usual() -> Bounds {
        let settings = crate::settings::Settings::default();
        Bounds {
            normal_lane_bytes: settings.lanes.normal_bytes as u64,
            high_lane_bytes: settings.lanes.high_bytes as u64,
            overtaking_bytes: 2 * settings.socket.send_buffer_bytes as u64 + crate::base::limits::WRITE_BYTES as u64,
            high_in_a_row: crate::base::limits::HIGH_RUN,
            resume_ms: u64::try_from(settings.socket.resume_time.as_millis()).unwrap_or(u64::MAX),
            resend_ms: crate::base::limits::RESEND_WINDOW_MS,
            memory_slack_bytes: 48 * 1024 * 1024,
        }
    }
}

/// Names that no other run has, so that a gateway can be verified again and again.
fn prefix() -> String {
    let mut prefix = String::from("v");
    prefix.extend(std::iter::repeat_with(fastrand::alphanumeric).take(8).map(|letter| letter.to_ascii_lowercase()));
    prefix
}

async fn way(socket: &str) -> Result<Way, WorldError> {
    let address = Address::ws(socket)?;
    let failed = |error| WorldError::Io(format!("looking up {}", address.authority), error);
    let found = tokio::net::lookup_host(&address.authority).await.map_err(failed)?.next();
    let to = found.ok_or_else(|| failed(io::ErrorKind::NotFound.into()))?;
    Ok(Way { to, host: address.authority.clone(), path: address.path.clone(), receive_buffer: None })
}
