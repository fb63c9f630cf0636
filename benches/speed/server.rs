//! The contenders, each a process of its own: the two floors, which are this program again, and the roomgate of this build as
//! `roomgate serve`. They end when they are dropped.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use roomgate::auth::App;
use roomgate::harness::{Child, Program};

use crate::options::{Floor, Options};
use crate::{Outcome, SERVER_CORE};

/// A server to be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contender {
    /// A floor.
    Floor(Floor),
    /// roomgate, all features on, which keeps no messages.
    Roomgate,
    /// The same with every message in a history on disk.
    Recording,
}

impl Contender {
    /// As it stands in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Contender::Floor(Floor::Plain) => "floor-plain",
            Contender::Floor(Floor::Joining) => "floor-joining",
            Contender::Roomgate => "roomgate",
            Contender::Recording => "roomgate-history",
        }
    }
}

/// A running one.
pub struct Server {
    pub contender: Contender,
    pub address: String,
    pub pid: u32,
    pub app: App,
    held: Held,
}

enum Held {
    Floor(std::process::Child),
    Gateway { _child: Box<Child>, _folder: Option<tempfile::TempDir> },
}

/// Nothing a load does here is flooding, and what is off by default is on: replays are refused and calls are counted.
const GATEWAY_ARGS: [&str; 6] =
    ["--socket-frames-per-second", "1000000", "--limits-calls-per-second", "1000000", "--rest-replay", "reject"];

impl Server {
    /// Starts one, on the servers' core if it shall be bound, and waits until it listens.
    pub async fn start(contender: Contender, pinned: bool, options: &Options) -> Outcome<Server> {
        let core = pinned.then_some(SERVER_CORE);
        match contender {
            Contender::Floor(floor) => Server::start_floor(floor, core),
            Contender::Roomgate | Contender::Recording => {
                let folder = (contender == Contender::Recording).then(tempfile::tempdir).transpose()?;
                Server::start_gateway(contender, folder, &options.gateway, core).await
            }
        }
    }

    /// A roomgate on all cores.
    pub async fn start_on_all_cores(options: &Options) -> Outcome<Server> {
        Server::start_gateway(Contender::Roomgate, None, &options.gateway, None).await
    }

    async fn start_gateway(
        contender: Contender,
        folder: Option<tempfile::TempDir>,
        more: &[String],
        core: Option<usize>,
    ) -> Outcome<Server> {
        let mut program = Program::new(env!("CARGO_BIN_EXE_roomgate")).args(GATEWAY_ARGS).args(more).on_core(core);
        program = match &folder {
            Some(folder) => program.in_folder(folder.path()),
            None => program.args(["--history-keep", "0s"]),
        };
        let child = program.start().await?;
        let (address, pid, app) = (child.address().to_owned(), child.pid(), child.app().clone());
        Ok(Server { contender, address, pid, app, held: Held::Gateway { _child: Box::new(child), _folder: folder } })
    }

    fn start_floor(floor: Floor, core: Option<usize>) -> Outcome<Server> {
        let program = std::env::current_exe()?;
        let mut command = match core {
            Some(core) => {
                let mut command = Command::new("taskset");
                command.arg("-c").arg(core.to_string()).arg(&program);
                command
            }
            None => Command::new(&program),
        };
        command.args(["--floor", if floor == Floor::Plain { "plain" } else { "joining" }]);
        let app = App::random();
        command.env(KEY_VARIABLE, app.key()).env(SECRET_VARIABLE, app.secret());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no pipe to the floor")?).read_line(&mut line)?;
        let address = line.trim().parse::<SocketAddr>()?.to_string();
        let pid = child.id();
        Ok(Server { contender: Contender::Floor(floor), address, pid, app, held: Held::Floor(child) })
    }

    /// Whether it is one of ours and has accounts and rooms.
    pub fn is_gateway(&self) -> bool {
        matches!(self.held, Held::Gateway { .. })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Held::Floor(child) = &mut self.held {
            // It ends with its standard input.
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}

const KEY_VARIABLE: &str = "FLOOR_APP_KEY";
const SECRET_VARIABLE: &str = "FLOOR_APP_SECRET";

/// For a floor: the application it shall know.
pub fn floor_app() -> Outcome<App> {
    Ok(App::new(std::env::var(KEY_VARIABLE)?, std::env::var(SECRET_VARIABLE)?))
}

/// For a floor: says where it listens, and ends the process as soon as its parent is gone.
pub fn announce_floor(address: SocketAddr) {
    println!("{address}");
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
}
