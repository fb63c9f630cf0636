//! What can be done with accounts, rooms and members besides sending. Each verb once, whichever door asks.

mod chores;
mod closer;
mod doorman;
mod explain;
mod history;
mod in_out;
mod links;
mod listing;
mod media;
mod members;
mod queue;
mod queue_events;
mod robots;
mod roles;
mod rooms;
mod shared;
mod stats;
mod tags;
mod telling;
mod turns;
mod users;

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::auth::{App, Origins};
use crate::base::Clock;
use crate::delivery::{Advisers, Delivery};
use crate::metrics::Metrics;
use crate::model::Refusal;
use crate::presence::{Accounts, Registry};
use crate::settings::Settings;
use crate::store::{Store, StoreError};

use shared::Shared;
use turns::Turns;

pub use chores::Chores;
pub use doorman::Papers;
pub use explain::Explain;
pub use history::{AskedHistory, Asking, History, Which, read_ascending, read_kinds};
pub use in_out::LogOut;
pub use links::{Links, NoSession};
pub use listing::{AskedRoles, Listing, PageOf};
pub use members::{Members, Stay, Visitor, Welcome};
pub use queue::{Offered, Queue, Urgency};
pub use robots::Robots;
pub use roles::{LooksUpdate, Roles};
pub use rooms::Rooms;
pub use shared::Operator;
pub use tags::{AskedTags, Tags};
pub use telling::Telling;
pub use users::{Proof, Users};

/// Everything the doors may call.
#[derive(Debug)]
pub struct Services {
    /// The application both doors serve.
    pub app: App,
    /// The time.
    pub clock: Clock,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// What was configured.
    pub settings: Arc<Settings>,
    /// Which web pages may come in.
    pub origins: Origins,
    /// Who is logged in.
    pub accounts: Arc<Accounts>,
    /// Accounts.
    pub users: Users,
    /// Rooms.
    pub rooms: Rooms,
    /// Who comes and goes.
    pub members: Arc<Members>,
    /// What members may do to each other.
    pub roles: Roles,
    /// Who is there.
    pub listing: Listing,
    /// Virtual members.
    pub robots: Robots,
    /// Tags of members.
    pub tags: Tags,
    /// Rooms' queues.
    pub queue: Queue,
    /// Rooms' pasts.
    pub history: History,
    /// Sending.
    pub delivery: Arc<Delivery>,
    /// Why somebody may not.
    pub explain: Explain,
    /// Sessions' connections.
    pub links: Links,
    shared: Arc<Shared>,
}

impl Services {
    /// The services over one store and one registry.
    pub fn new(
        app: App,
        settings: Arc<Settings>,
        clock: Clock,
        metrics: Arc<Metrics>,
        store: &Arc<Store>,
        registry: &Arc<Registry>,
        advisers: Advisers,
    ) -> Services {
        let delivery = Arc::new(Delivery::new(
            store.clone(),
            registry.clone(),
            clock.clone(),
            metrics.clone(),
            settings.clone(),
            advisers,
        ));
        let accounts = Accounts::new(settings.limits.sessions_per_account);
        let shared = Arc::new(Shared {
            store: store.clone(),
            registry: registry.clone(),
            accounts: accounts.clone(),
            delivery: delivery.clone(),
            clock: clock.clone(),
            metrics: metrics.clone(),
            settings: settings.clone(),
            turns: Turns::default(),
            due_changed: Notify::new(),
            not_let_in: Mutex::default(),
        });
        Services {
            users: Users::new(shared.clone(), app.clone()),
            rooms: Rooms::new(shared.clone()),
            members: Members::new(shared.clone()),
            roles: Roles::new(shared.clone()),
            listing: Listing::new(shared.clone()),
            robots: Robots::new(shared.clone()),
            tags: Tags::new(shared.clone()),
            queue: Queue::new(shared.clone()),
            history: History::new(shared.clone()),
            explain: Explain::new(shared.clone()),
            links: Links::new(shared.clone()),
            origins: Origins::new(settings.socket.allowed_origins.clone(), settings.listen.ip().is_loopback()),
            accounts,
            app,
            clock,
            metrics,
            settings,
            delivery,
            shared,
        }
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> Result<(), StoreError> {
        self.shared.store.ping().await
    }

    /// Brings what is kept to the present, in which nobody is in, and starts what the services do by themselves.
    pub async fn start(self: &Arc<Services>) -> Result<Chores, Refusal> {
        self.shared.begin().await?;
        Ok(Chores::start(self))
    }
}
