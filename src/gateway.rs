//! A whole gateway: built, started, stopped. The only file that introduces the rooms of the house to each other.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::auth::App;
use crate::base::{Accid, Clock, Invalid, RoomId, Tasks};
use crate::callback::Callback;
use crate::chaos::Chaos;
use crate::delivery::Advisers;
use crate::metrics::Metrics;
use crate::model::Refusal;
use crate::moderation::{Moderation, ModerationError};
use crate::outbound::Outbound;
use crate::presence::{Registry, Writers, WritersSettings};
use crate::rest::RestDoor;
use crate::server::{self, Demo, DemoError, Internal, ListenError, Router};
use crate::service::{Chores, Services};
use crate::session::SocketDoor;
use crate::settings::{Moderator, Settings};
use crate::store::credentials::{self, CredentialsError};
use crate::store::{Store, StoreError};
use crate::webhook::Webhook;

/// How long the last tasks may take to let go of the database.
const RELEASE_TIME: Duration = Duration::from_secs(1);

/// A gateway not yet started: [`Gateway::builder`].
#[derive(Debug)]
pub struct Gateway;

/// What a gateway shall be like.
#[derive(Debug)]
pub struct Builder {
    settings: Settings,
    clock: Option<Clock>,
}

/// A gateway at work. Dropping it refuses new connections and closes those there are; [`stop`](Running::stop) also waits for that.
#[derive(Debug)]
pub struct Running {
    addr: SocketAddr,
    internal_addr: SocketAddr,
    demo_room: Option<RoomId>,
    internal: Arc<Internal>,
    public: Listening,
    operators: Listening,
    farewell: Farewell,
    webhook: Arc<Webhook>,
    store: Arc<Store>,
}

/// An accept loop, its connections, and how to end them.
#[derive(Debug)]
struct Listening {
    accepting: JoinHandle<()>,
    stop: CancellationToken,
    connections: Tasks,
}

/// Tells every member that the gateway goes away, at the latest when it is dropped.
#[derive(Debug)]
struct Farewell {
    services: Arc<Services>,
    writers: Arc<Writers>,
    /// What the services do by themselves ends with it.
    _chores: Chores,
}

/// Why a gateway can't start, in one line.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key and secret.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    /// Whoever shall judge what is said.
    #[error(transparent)]
    Moderation(#[from] ModerationError),
    /// An address.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// What was kept can't be brought to the present.
    #[error("the kept state can't be used: {0}")]
    State(Refusal),
    /// The demo's accounts, rooms or files.
    #[error("the demo can't be set up: {0}")]
    Demo(#[from] DemoError),
}

impl Gateway {
    /// A gateway with the default settings.
    pub fn builder() -> Builder {
        Builder { settings: Settings::default(), clock: None }
    }
}

impl Builder {
    /// Takes all settings at once.
    pub fn settings(mut self, settings: Settings) -> Builder {
        self.settings = settings;
        self
    }

    /// For tests: nothing on disk, free ports on loopback, no demo.
    pub fn for_tests(mut self) -> Builder {
        self.settings.listen.set_port(0);
        self.settings.internal_listen.set_port(0);
        self.settings.data = None;
        self.settings.demo = Some(false);
        self
    }

    /// Keeps everything in memory.
    pub fn memory(mut self) -> Builder {
        self.settings.data = None;
        self
    }

    /// Where to listen; port 0 takes a free one.
    pub fn listen(mut self, address: SocketAddr) -> Builder {
        self.settings.listen = address;
        self
    }

    /// Where operators look; port 0 takes a free one.
    pub fn internal_listen(mut self, address: SocketAddr) -> Builder {
        self.settings.internal_listen = address;
        self
    }

    /// The application's key and secret.
    pub fn app(mut self, key: &str, secret: &str) -> Builder {
        self.settings.app = Some(App::new(key, secret));
        self
    }

    /// The time, as a test turns it: [`Clock::test`]. Without one it is the machine's, or that of `settings.test.clock`.
    pub fn clock(mut self, clock: Clock) -> Builder {
        self.clock = Some(clock);
        self
    }

    /// Changes settings in place.
    pub fn configure(mut self, change: impl FnOnce(&mut Settings)) -> Builder {
        change(&mut self.settings);
        self
    }

    /// Starts it on the present runtime. When this returns, members can connect.
    pub async fn start(self) -> Result<Running, StartError> {
        let Builder { mut settings, clock } = self;
        let clock = clock.unwrap_or_else(|| if settings.test.clock { Clock::test() } else { Clock::system() });
        let folder = settings.data.clone();
        let metrics = Arc::new(Metrics::new());
        let (events, counted) = (settings.webhook.disk_bytes, metrics.clone());
        let opening = tokio::task::spawn_blocking(move || open_store(folder.as_deref(), events, counted));
        let store = Arc::new(opening.await.map_err(|_| StoreError::Stopped)??);
        let app = find_app(&settings)?;
        let public = server::listen(settings.listen, Some(settings.socket.send_buffer_bytes))?;
        let operators = server::listen(settings.internal_listen, None)?;
        let addr = local(&public, settings.listen);
        let internal_addr = local(&operators, settings.internal_listen);
        settings.listen = addr;
        let settings = Arc::new(settings);
        let writers = Writers::start(writers_settings(&settings), &clock, &metrics);
        let registry = Registry::start(writers.clone(), clock.clone(), metrics.clone());
        let outbound = Outbound::new(settings.outbound.private_networks.clone(), clock.clone());
        let advisers = advisers(&app, &settings, outbound.clone(), &clock, &metrics).await?;
        let services =
            Services::new(app.clone(), settings.clone(), clock.clone(), metrics.clone(), &store, &registry, advisers);
        let services = Arc::new(services);
        let chores = services.start().await.map_err(StartError::State)?;
        let telling = Webhook::start(store.clone(), &settings.webhook, outbound, app, clock, metrics.clone());
        let webhook = Arc::new(telling.await.map_err(StartError::State)?);
        let demo = open_demo(&settings, &services).await?;
        let demo_room = demo.as_ref().map(Demo::room);
        let connections = Tasks::default();
        let socket = SocketDoor::new(services.clone(), writers.clone(), connections.clone());
        let router = Router { rest: RestDoor::new(services.clone()), socket: Arc::new(socket), demo };
        let internal = Arc::new(Internal::new(services.clone(), webhook.clone()));
        let counted = Some(metrics.connections.clone());
        let most = settings.limits.connections;
        Ok(Running {
            addr,
            internal_addr,
            demo_room,
            public: Listening::start(public, Arc::new(router), most, counted, connections),
            operators: Listening::start(operators, internal.clone(), most, None, Tasks::default()),
            internal,
            farewell: Farewell { services, writers, _chores: chores },
            webhook,
            store,
        })
    }
}

fn open_store(folder: Option<&Path>, event_bytes: u64, metrics: Arc<Metrics>) -> Result<Store, StoreError> {
    match folder {
        Some(folder) => Store::open(folder, event_bytes, metrics),
        None => Store::in_memory(event_bytes, metrics),
    }
}

async fn advisers(
    app: &App,
    settings: &Settings,
    outbound: Outbound,
    clock: &Clock,
    metrics: &Arc<Metrics>,
) -> Result<Advisers, ModerationError> {
    let (asked, counted) = (settings.callback.clone(), metrics.clone());
    let callback = Callback::new(app.clone(), asked, outbound.clone(), clock.clone(), counted);
    if settings.moderation.by == Moderator::Http && settings.moderation.media_url.is_none() {
        tracing::warn!("moderation.media_url is not set: pictures, sounds, films and files are not judged");
    }
    let moderation = Moderation::start(&settings.moderation, outbound, clock.clone(), metrics.clone()).await?;
    Ok(Advisers { callback, moderation: Arc::new(moderation) })
}

fn find_app(settings: &Settings) -> Result<App, CredentialsError> {
    match (&settings.app, &settings.data) {
        (Some(app), _) => Ok(app.clone()),
        (None, Some(folder)) => credentials::read_or_make(folder),
        (None, None) => Ok(App::random()),
    }
}

async fn open_demo(settings: &Settings, services: &Arc<Services>) -> Result<Option<Demo>, StartError> {
    if !settings.serves_demo() {
        return Ok(None);
    }
    Ok(Some(Demo::open(services.clone()).await?))
}

fn writers_settings(settings: &Settings) -> WritersSettings {
    let socket = &settings.socket;
    WritersSettings {
        count: settings.writer_count(),
        bounds: settings.lanes,
        stall: socket.stall_timeout,
        resume_bytes: if socket.resumes() { socket.resume_bytes } else { 0 },
    }
}

fn local(listener: &tokio::net::TcpListener, asked: SocketAddr) -> SocketAddr {
    listener.local_addr().unwrap_or(asked)
}

impl Listening {
    fn start<S: server::Service>(
        listener: tokio::net::TcpListener,
        service: Arc<S>,
        most: usize,
        gauge: Option<prometheus_client::metrics::gauge::Gauge>,
        connections: Tasks,
    ) -> Listening {
        let stop = CancellationToken::new();
        let serving = server::serve(listener, service, most, gauge, connections.clone(), stop.clone());
        Listening { accepting: tokio::spawn(serving), stop, connections }
    }

    /// Takes no more connections.
    async fn stop_accepting(&mut self) {
        self.stop.cancel();
        // It has nothing to say but that it ended.
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop.cancel();
        self.accepting.abort();
    }
}

impl Drop for Farewell {
    fn drop(&mut self) {
        self.services.members.hush();
        self.writers.drain_at_once();
    }
}

impl Running {
    /// Where members and application servers connect.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Where an application server calls, as clients of the server API want it.
    pub fn api_url(&self) -> String {
        format!("http://{}{}", self.addr, crate::rest::PREFIX)
    }

    /// Where operators look.
    pub fn internal_addr(&self) -> SocketAddr {
        self.internal_addr
    }

    /// The application's key and secret.
    pub fn app(&self) -> &App {
        &self.farewell.services.app
    }

    /// Its time. A test that brought [`Clock::test`] turns it here as well as there.
    pub fn clock(&self) -> &Clock {
        &self.farewell.services.clock
    }

    /// What a test may do to the connections of an account.
    pub fn chaos(&self, accid: &str) -> Result<Chaos<'_>, Invalid> {
        Ok(Chaos::new(&self.farewell.services.links, Accid::parse("accid", accid)?))
    }

    /// The demo's room, where the demo is on.
    pub fn demo_room(&self) -> Option<RoomId> {
        self.demo_room
    }

    /// Reads the moderation's word lists again; answers how many words there are now. Where one is bad all stay as they were.
    pub async fn reload(&self) -> Result<usize, ModerationError> {
        self.farewell.services.delivery.moderation().reload().await
    }

    /// What the gateway counts, in OpenMetrics text, as on `/metrics`.
    pub fn metrics(&self) -> String {
        self.farewell.services.metrics.render()
    }

    /// Refuses new connections, tells every member to come back later, writes what waits for at most `grace`, and ends. When this
    /// returns, ports and data folder are free.
    pub async fn stop(self, grace: Duration) {
        let Running { internal, mut public, mut operators, farewell, webhook, store, .. } = self;
        internal.drain();
        webhook.halt();
        public.stop_accepting().await;
        let services = &farewell.services;
        services.members.hush();
        farewell.writers.drain(services.settings.stop.reconnect_spread).await;
        let ended = tokio::time::timeout(grace, public.connections.ended());
        if tokio::join!(ended, webhook.end(grace)).0.is_err() {
            let left = public.connections.count();
            tracing::warn!(left, "{left} connections did not finish within {} s", grace.as_secs_f32());
            public.connections.cut().await;
        }
        operators.stop_accepting().await;
        operators.connections.cut().await;
        if let Err(refusal) = farewell.services.keep_stats().await {
            tracing::warn!("what went on in rooms since it was last kept is lost: {refusal}");
        }
        drop((internal, public, operators, farewell, webhook));
        let released = async {
            // Sessions that were cut leave their rooms in tasks of their own.
            while Arc::strong_count(&store) > 1 {
                tokio::task::yield_now().await;
            }
        };
        let _ = tokio::time::timeout(RELEASE_TIME, released).await;
        if let Some(store) = Arc::into_inner(store) {
            // A panic in there has been logged.
            let _ = tokio::task::spawn_blocking(|| store.close()).await;
        }
    }
}
