//! Tells application servers what happened (message sync, section 9.1): each address has a worker that sends the events of the ledger,
//! in order as long as nothing fails, again after a failure, until they are received or given up on. Knows no door; whoever makes events
//! writes them into the store.

mod attempt;
mod backoff;
mod chores;
mod health;
mod marks;
mod queue;
#[cfg(test)]
mod tests;
mod trial;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

use crate::auth::App;
use crate::base::{Clock, Tasks};
use crate::metrics::Metrics;
use crate::model::kept_event::shown_target;
use crate::model::{EventQuery, KeptEvent, Refusal};
use crate::outbound::Outbound;
use crate::settings::WebhookSettings;
use crate::store::{Again, Forgot, Store, StoreError};

use attempt::Teller;
use worker::Worker;

pub use trial::Trial;

/// The workers of all addresses, and what operators may ask of the ledger. They end when this is dropped.
#[derive(Debug)]
pub struct Webhook {
    store: Arc<Store>,
    clock: Clock,
    targets: Vec<Target>,
    /// None where there are no addresses.
    teller: Option<Arc<Teller>>,
    workers: Tasks,
    halt: CancellationToken,
    _halt_at_the_end: DropGuard,
}

/// An address: its name, empty for the main one, and where it is.
#[derive(Debug, Clone)]
struct Target {
    name: String,
    url: Url,
}

/// Why something can't be done with the ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// There is nobody to tell.
    #[error("no webhook address is configured: set webhook.url or webhook.env")]
    NoAddress,
    /// Not this one.
    #[error("there is no webhook address {0:?}, expected one of: {1}")]
    UnknownAddress(String, String),
    /// Not this event.
    #[error("there is no event {0}: its id is wrong, or it was delivered and has been forgotten")]
    UnknownEvent(String),
    /// It is on its way.
    #[error("event {0} is pending: it is sent without being asked for")]
    Pending(String),
    /// It will be on its way.
    #[error("event {0} is pending: only what was delivered, was given up on or waits for nobody can be forgotten")]
    Waits(String),
    /// The database.
    #[error("the database failed, the log says why")]
    Database,
}

impl Webhook {
    /// Starts a worker for each address. What waits for an address that is no more goes to the main one.
    pub async fn start(
        store: Arc<Store>,
        settings: &WebhookSettings,
        outbound: Outbound,
        app: App,
        clock: Clock,
        metrics: Arc<Metrics>,
    ) -> Result<Webhook, Refusal> {
        let targets = targets(settings);
        let teller = (!targets.is_empty())
            .then(|| Arc::new(Teller { outbound, app, clock: clock.clone(), metrics, settings: settings.clone() }));
        let halt = CancellationToken::new();
        let _halt_at_the_end = halt.clone().drop_guard();
        let webhook = Webhook { store, clock, targets, teller, workers: Tasks::default(), halt, _halt_at_the_end };
        webhook.adopt(settings).await?;
        webhook.start_workers();
        Ok(webhook)
    }

    async fn adopt(&self, settings: &WebhookSettings) -> Result<(), Refusal> {
        if settings.url.is_none() {
            return self.warn_of_strays().await;
        }
        let count = self.store.adopt_events(self.names()).await?;
        if count > 0 {
            tracing::info!(count, "{count} events for addresses that are no more go to the webhook's main address");
        }
        Ok(())
    }

    async fn warn_of_strays(&self) -> Result<(), Refusal> {
        for (name, count) in self.store.stray_events(self.names()).await? {
            let env = shown_target(&name);
            tracing::warn!(
                env,
                count,
                "{count} events wait for the webhook's address {env}, which is not configured: name it again, or set webhook.url"
            );
        }
        Ok(())
    }

    fn start_workers(&self) {
        let Some(teller) = &self.teller else { return };
        for target in &self.targets {
            let worker = Worker::new(&target.name, target.url.clone(), teller.clone(), self.store.clone());
            self.workers.spawn(worker.run(self.halt.clone()));
        }
        let chores = chores::run(self.names(), teller.clone(), self.store.clone());
        let halted = self.halt.clone().run_until_cancelled_owned(chores);
        self.workers.spawn(async move { _ = halted.await });
    }

    /// Begins no further attempt. What is not sent yet waits for the next start.
    pub fn halt(&self) {
        self.halt.cancel();
    }

    /// Waits until what is on its way has arrived, for at most so long.
    pub async fn end(&self, grace: Duration) {
        self.halt();
        if tokio::time::timeout(grace, self.workers.ended()).await.is_err() {
            tracing::warn!(
                "some webhook attempts did not end in time; their events are sent again after the next start"
            );
            self.workers.cut().await;
        }
    }

    /// Events of the ledger, the newest first.
    pub async fn events(&self, query: EventQuery) -> Result<Vec<KeptEvent>, Trouble> {
        Ok(self.store.events(query).await?)
    }

    /// One event with its body.
    pub async fn event(&self, id: &str) -> Result<(KeptEvent, String), Trouble> {
        self.store.event(id).await?.ok_or_else(|| Trouble::UnknownEvent(id.to_owned()))
    }

    /// Has an event sent again that was given up on, or delivered.
    pub async fn send_again(&self, id: &str) -> Result<(), Trouble> {
        self.must_have_an_address()?;
        match self.store.send_again(id, self.names(), self.clock.wall()).await? {
            Again::Pending => Ok(()),
            Again::WasPending => Err(Trouble::Pending(id.to_owned())),
            Again::NoAddress(name) => Err(self.unknown(&name)),
            Again::Unknown => Err(Trouble::UnknownEvent(id.to_owned())),
        }
    }

    /// Has all events sent again that were given up on, or those for one address. Answers how many.
    pub async fn send_dead_again(&self, target: Option<String>) -> Result<usize, Trouble> {
        self.must_have_an_address()?;
        Ok(self.store.send_dead_again(target, self.names(), self.clock.wall()).await?)
    }

    /// Forgets an event, so that its place in the ledger is free.
    pub async fn forget(&self, id: &str) -> Result<(), Trouble> {
        match self.store.forget_event(id, self.names()).await? {
            Forgot::Forgotten => Ok(()),
            Forgot::Waits => Err(Trouble::Waits(id.to_owned())),
            Forgot::Unknown => Err(Trouble::UnknownEvent(id.to_owned())),
        }
    }

    /// Forgets all events that were given up on, or those for one address. Answers how many.
    pub async fn forget_dead(&self, target: Option<String>) -> Result<usize, Trouble> {
        Ok(self.store.forget_dead(target).await?)
    }

    /// The name of an address as the ledger has it, by what people call it. Known are those that there are, the main one, and those of
    /// which there were ever events.
    pub async fn find_target(&self, shown: &str) -> Result<String, Trouble> {
        let name = self.target_named(shown);
        let is_known = name.is_empty() || self.targets.iter().any(|target| target.name == name);
        if is_known || self.store.knows_target(&name).await? { Ok(name) } else { Err(self.unknown(&name)) }
    }

    fn must_have_an_address(&self) -> Result<(), Trouble> {
        if self.targets.is_empty() { Err(Trouble::NoAddress) } else { Ok(()) }
    }

    fn names(&self) -> Vec<String> {
        self.targets.iter().map(|target| target.name.clone()).collect()
    }
}

/// Every address that is told something, the main one first.
fn targets(settings: &WebhookSettings) -> Vec<Target> {
    let main = settings.url.iter().map(|url| Target { name: String::new(), url: url.clone() });
    let named = settings.env.iter().map(|(name, url)| Target { name: name.clone(), url: url.clone() });
    main.chain(named).collect()
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Trouble {
        // Logged on its way.
        Refusal::from(error).into()
    }
}

impl From<Refusal> for Trouble {
    fn from(_: Refusal) -> Trouble {
        Trouble::Database
    }
}
