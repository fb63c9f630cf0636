//! What an operator may change, with its defaults. Plain values, already checked; the command line reads them from flags, environment and file.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use crate::auth::App;
use crate::base::{Hidden, LaneBounds};

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where members and application servers connect. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where operators look: `/healthz`, `/readyz`, `/metrics`. Keep it private.
    pub internal_listen: SocketAddr,
    /// The data folder; `None` keeps everything in memory.
    pub data: Option<PathBuf>,
    /// Key and secret; `None` uses those in the data folder, made on the first start.
    pub app: Option<App>,
    /// The browser demo; `None` means on where `listen` is a loopback address.
    pub demo: Option<bool>,
    /// The largest file that a visitor of the demo may put there.
    pub demo_upload_bytes: u64,
    /// What the demo's files may have together; the oldest go.
    pub demo_files_bytes: u64,
    /// What `requestAddr` answers, as `host:port`; empty means the listening address.
    pub public_addresses: Vec<String>,
    /// Tasks that write to members; 0 means one a core.
    pub writers: usize,
    /// The server API.
    pub rest: RestSettings,
    /// The socket door.
    pub socket: SocketSettings,
    /// What waits for a member at the most.
    pub lanes: LaneBounds,
    /// Counts at the most.
    pub limits: LimitSettings,
    /// What rooms may do.
    pub rooms: RoomSettings,
    /// What rooms keep of their messages.
    pub history: HistorySettings,
    /// Telling an application server what happens.
    pub webhook: WebhookSettings,
    /// Asking an application server before members' messages and joins.
    pub callback: CallbackSettings,
    /// Judging what is said.
    pub moderation: ModerationSettings,
    /// Calls that the gateway makes itself.
    pub outbound: OutboundSettings,
    /// How the gateway goes away.
    pub stop: StopSettings,
    /// What the tests of others may do with it.
    pub test: TestSettings,
}

/// Settings of the server API.
#[derive(Debug, Clone)]
pub struct RestSettings {
    /// Whether the same signed headers may be used again within their five minutes. Real clients reuse a Nonce.
    pub replay: Replay,
}

/// What to do with signed headers that were used before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// Serve them.
    Accept,
    /// Refuse them with 431.
    Reject,
}

/// Settings of the socket door.
#[derive(Debug, Clone)]
pub struct SocketSettings {
    /// Origins a browser page may come from, besides the gateway's own, each as scheme, host and port: `https://app.example.com`.
    pub allowed_origins: Vec<String>,
    /// Kernel send buffer of a member's socket, in bytes: what an urgent frame can't overtake any more.
    pub send_buffer_bytes: usize,
    /// Largest message of a client, in bytes.
    pub message_bytes: usize,
    /// Time from the handshake to the login.
    pub login_timeout: Duration,
    /// How often a ping is sent.
    pub ping_interval: Duration,
    /// How long after a ping something must come back.
    pub ping_timeout: Duration,
    /// How long a member's socket may take nothing while something waits for it.
    pub stall_timeout: Duration,
    /// How long a session whose connection is gone may come back (resume); 0 is not at all.
    pub resume_time: Duration,
    /// Bytes of frames kept for each session until its client has them; what comes beyond can't be resumed.
    pub resume_bytes: usize,
    /// Text frames a client may send each second; twice as many in a burst.
    pub frames_per_second: u32,
    /// Pings and pongs a client may send each second; twice as many in a burst.
    pub control_frames_per_second: u32,
    /// A path that returns every message unchanged, for conformance suites; `None` is off.
    pub echo_path: Option<String>,
}

/// How many there may be.
#[derive(Debug, Clone)]
pub struct LimitSettings {
    /// Connections on the public listener; more are answered 503.
    pub connections: usize,
    /// Sessions of one account; the oldest gives way to one more. By default as many as there may be connections.
    pub sessions_per_account: usize,
    /// Rooms one session is in; joining one more is refused with 419.
    pub rooms_per_session: usize,
    /// Members up to which a room tells everybody who enters and leaves. In a room of n, each entering costs n frames.
    pub notices_up_to: usize,
    /// Open rooms; making or opening one more is refused with 419.
    pub rooms: usize,
    /// High-priority messages to one whole room in a second; more go in their turn. 0 is no limit.
    pub high_priority_per_second: u32,
    /// Calls of one action in a second; more get 416, for ten seconds. 0 is no limit.
    pub calls_per_second: u32,
}

/// What rooms may do.
#[derive(Debug, Clone)]
pub struct RoomSettings {
    /// They may be scheduled to close by themselves; without it calls that ask for that get 13009.
    pub scheduled_closing: bool,
    /// Messages may be sent to all rooms at once; without it such a call gets 403.
    pub broadcast: bool,
}

/// What rooms keep of their messages.
#[derive(Debug, Clone)]
pub struct HistorySettings {
    /// How long; nothing is kept at all where it is zero.
    pub keep: Duration,
    /// How many, the newest.
    pub messages_per_room: u32,
}

/// Telling an application server what happens (message sync).
#[derive(Debug, Clone)]
pub struct WebhookSettings {
    /// Where events go; `None` and no `env` tells nobody.
    pub url: Option<Url>,
    /// Other addresses, which messages choose by name with `env`.
    pub env: BTreeMap<String, Url>,
    /// How long one attempt may take, from finding the address to the last byte of the answer.
    pub timeout: Duration,
    /// Attempts for one event before it goes to the dead letters.
    pub attempts: u32,
    /// Longest time between two of them, also where a receiver asks for more.
    pub retry_max: Duration,
    /// Events on their way to one address at the same time, each of another room.
    pub concurrency: usize,
    /// Bytes of undelivered events that are kept for one address; what comes beyond is dropped and counted.
    pub disk_bytes: u64,
    /// Delivered events that are kept, the newest, so that they can be sent again.
    pub keep_delivered: u32,
    /// Whether a receiver that answers 500 has received an event, as with the hosted service.
    pub accept_500: bool,
}

/// What to do where an outside service does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// As if it had agreed.
    Pass,
    /// As if it had not.
    Refuse,
}

/// Asking an application server before members' messages and joins (third-party callback).
#[derive(Debug, Clone)]
pub struct CallbackSettings {
    /// Where to ask; `None` asks nobody.
    pub url: Option<Url>,
    /// Ask before a member joins a room.
    pub joins: bool,
    /// Ask before a member's message.
    pub messages: bool,
    /// How long the answer may take.
    pub timeout: Duration,
    /// What to do without one.
    pub on_failure: OnFailure,
}

/// Who judges what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moderator {
    /// Nobody.
    Off,
    /// Lists of words.
    Words,
    /// A service that speaks the text check of section 10.1.
    Http,
}

/// What the sender of a refused message is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// That it was refused.
    Tell,
    /// That it was sent.
    Pretend,
}

/// Judging what is said.
#[derive(Debug, Clone)]
pub struct ModerationSettings {
    /// Who does.
    pub by: Moderator,
    /// Deliver all, and only count what would have been stopped.
    pub dry_run: bool,
    /// What a member is told whose message was refused.
    pub refused: Refused,
    /// File of words that no message may have.
    pub refuse_words: Option<PathBuf>,
    /// File of words that are replaced by asterisks.
    pub replace_words: Option<PathBuf>,
    /// File of words that make a message suspect.
    pub flag_words: Option<PathBuf>,
    /// Where texts are checked.
    pub url: Option<Url>,
    /// Where pictures, sounds, films and files are checked, in the same way; `None` checks none.
    pub media_url: Option<Url>,
    /// Who we are there.
    pub secret_id: Option<String>,
    /// What signs requests there.
    pub secret_key: Option<Hidden>,
    /// The business that texts are checked for, where a message names none.
    pub business_id: Option<String>,
    /// How long a verdict may take.
    pub timeout: Duration,
    /// What to do without one.
    pub on_failure: OnFailure,
}

/// Calls that the gateway makes itself.
#[derive(Debug, Clone, Default)]
pub struct OutboundSettings {
    /// Private networks that names in configured addresses may lead to. What a URL names as a plain address, or as localhost, is allowed.
    pub private_networks: Vec<IpNet>,
}

/// How the gateway goes away.
#[derive(Debug, Clone)]
pub struct StopSettings {
    /// How long sessions may take to get what waits for them.
    pub grace: Duration,
    /// Over how long the clients' coming back is spread.
    pub reconnect_spread: Duration,
}

/// What the tests of others may do with it, on the internal listener. All of it is off but for tests.
#[derive(Debug, Clone, Default)]
pub struct TestSettings {
    /// Time stands still until a test turns it.
    pub clock: bool,
    /// Members' connections may be slowed down, held still and cut.
    pub chaos: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Settings {
            listen: loopback(8080),
            internal_listen: loopback(9090),
            data: Some(PathBuf::from("./roomgate-data")),
            app: None,
            demo: None,
            demo_upload_bytes: 10 * 1024 * 1024,
            demo_files_bytes: 256 * 1024 * 1024,
            public_addresses: Vec::new(),
            writers: 0,
            rest: RestSettings { replay: Replay::Accept },
            socket: SocketSettings::default(),
            lanes: LaneBounds { high_bytes: 64 * 1024, normal_bytes: 256 * 1024 },
            limits: LimitSettings {
                connections: 100_000,
                sessions_per_account: 100_000,
                rooms_per_session: 10,
                notices_up_to: 1000,
                rooms: 100_000,
                high_priority_per_second: 10,
                calls_per_second: 0,
            },
            rooms: RoomSettings { scheduled_closing: true, broadcast: false },
            history: HistorySettings { keep: Duration::from_secs(10 * 24 * 3600), messages_per_room: 10_000 },
            webhook: WebhookSettings::default(),
            callback: CallbackSettings {
                url: None,
                joins: true,
                messages: true,
                timeout: Duration::from_secs(2),
                on_failure: OnFailure::Pass,
            },
            moderation: ModerationSettings::default(),
            outbound: OutboundSettings::default(),
            stop: StopSettings { grace: Duration::from_secs(10), reconnect_spread: Duration::from_secs(5) },
            test: TestSettings::default(),
        }
    }
}

impl SocketSettings {
    /// Whether sessions may come back over another connection.
    pub fn resumes(&self) -> bool {
        !self.resume_time.is_zero() && self.resume_bytes > 0
    }
}

impl Default for SocketSettings {
    fn default() -> SocketSettings {
        SocketSettings {
            allowed_origins: Vec::new(),
            send_buffer_bytes: 16 * 1024,
            message_bytes: 64 * 1024,
            login_timeout: Duration::from_secs(5),
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(10),
            stall_timeout: Duration::from_secs(10),
            resume_time: Duration::from_secs(30),
            resume_bytes: 1024 * 1024,
            frames_per_second: 100_000,
            control_frames_per_second: 100,
            echo_path: None,
        }
    }
}

impl Default for WebhookSettings {
    fn default() -> WebhookSettings {
        WebhookSettings {
            url: None,
            env: BTreeMap::new(),
            timeout: Duration::from_secs(5),
            attempts: 15,
            retry_max: Duration::from_secs(3600),
            concurrency: 16,
            disk_bytes: 1024 * 1024 * 1024,
            keep_delivered: 10_000,
            accept_500: false,
        }
    }
}

impl Default for ModerationSettings {
    fn default() -> ModerationSettings {
        ModerationSettings {
            by: Moderator::Off,
            dry_run: false,
            refused: Refused::Tell,
            refuse_words: None,
            replace_words: None,
            flag_words: None,
            url: "https://as.dun.163.com/v5/text/check".parse().ok(),
            media_url: None,
            secret_id: None,
            secret_key: None,
            business_id: None,
            timeout: Duration::from_secs(2),
            on_failure: OnFailure::Pass,
        }
    }
}

impl WebhookSettings {
    /// The address that an event for this environment goes to: its name, empty for the main one. `None` where nobody is told.
    pub fn target(&self, env: Option<&str>) -> Option<&str> {
        let named = env.and_then(|env| self.env.get_key_value(env)).map(|(name, _)| name.as_str());
        named.or(self.url.is_some().then_some(""))
    }

    /// Where that is.
    pub fn url_of(&self, target: &str) -> Option<&Url> {
        self.env.get(target).or(self.url.as_ref())
    }
}

impl Settings {
    /// How many writers there are.
    pub fn writer_count(&self) -> usize {
        match self.writers {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            count => count,
        }
    }

    /// Whether the demo is served.
    pub fn serves_demo(&self) -> bool {
        self.demo.unwrap_or(self.listen.ip().is_loopback())
    }
}
