//! What can be done with accounts, rooms and members besides sending. Each verb once, whichever door asks.

mod members;
mod rooms;
mod users;

use std::sync::Arc;

use crate::auth::App;
use crate::base::Clock;
use crate::delivery::Delivery;
use crate::metrics::Metrics;
use crate::presence::Registry;
use crate::settings::Settings;
use crate::store::Store;

pub use members::{Members, Stay, Visitor};
pub use rooms::{RoomView, Rooms};
pub use users::{Credentials, Users};

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
    /// Accounts.
    pub users: Users,
    /// Rooms.
    pub rooms: Rooms,
    /// Who is in rooms.
    pub members: Arc<Members>,
    /// Sending.
    pub delivery: Arc<Delivery>,
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
            app,
            clock,
            metrics,
            settings,
            delivery,
        }
    }
}
