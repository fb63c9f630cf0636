//! What can be done with accounts, rooms and members besides sending. Each verb once, whichever door asks.

mod members;
mod rooms;
mod users;

use std::sync::Arc;

use crate::auth::{App, Origins};
use crate::base::Clock;
use crate::delivery::Delivery;
use crate::metrics::Metrics;
use crate::presence::Registry;
use crate::settings::Settings;
use crate::store::{Store, StoreError};

pub use members::{Members, Stay, Visitor};
pub use rooms::{RoomView, Rooms};
pub use users::Users;

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
    /// Accounts.
    pub users: Users,
    /// Rooms.
    pub rooms: Rooms,
    /// Who is in rooms.
    pub members: Arc<Members>,
    /// Sending.
    pub delivery: Arc<Delivery>,
    store: Arc<Store>,
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
    ) -> Services {
        let delivery = Arc::new(Delivery::new(store.clone(), registry.clone(), clock.clone(), metrics.clone()));
        Services {
            users: Users::new(store.clone()),
            rooms: Rooms::new(store.clone(), registry.clone(), clock.clone()),
            members: Members::new(registry.clone(), delivery.clone(), clock.clone(), settings.limits.notices_up_to),
            origins: Origins::new(settings.socket.allowed_origins.clone(), settings.listen.ip().is_loopback()),
            store: store.clone(),
            app,
            clock,
            metrics,
            settings,
            delivery,
        }
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> Result<(), StoreError> {
        self.store.ping().await
    }
}
