//! Closes rooms when their moment has come. The moments are in the store, so they survive a restart; this only waits for the next one.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio_util::sync::{CancellationToken, DropGuard};

use super::Services;

/// The wall clock may be set, so the next moment is looked at again that often.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
/// How soon a database that failed is asked again.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Closing goes on as long as this lives.
#[derive(Debug)]
pub struct Closer(#[expect(dead_code, reason = "what matters is when it is dropped")] DropGuard);

impl Closer {
    /// Starts closing rooms, as a task of this runtime.
    pub fn start(services: &Arc<Services>) -> Closer {
        let over = CancellationToken::new();
        tokio::spawn(over.clone().run_until_cancelled_owned(run(Arc::downgrade(services))));
        Closer(over.drop_guard())
    }
}

async fn run(services: Weak<Services>) {
    while let Some(services) = services.upgrade() {
        let wait = step(&services).await;
        let (clock, shared) = (services.clock.clone(), services.shared.clone());
        drop(services);
        tokio::select! {
            () = clock.sleep(wait) => {}
            () = shared.due_changed.notified() => {}
        }
    }
}

/// Closes what is due; answers how long nothing will be.
async fn step(services: &Services) -> Duration {
    loop {
        let next = match services.shared.store.next_due().await {
            Ok(next) => next,
            Err(error) => {
                tracing::error!(%error, "looking up the next room to close failed: {error}");
                return AFTER_FAILURE;
            }
        };
        let Some((room, due)) = next else { return LOOK_AGAIN };
        let left = Duration::from_millis(due.saturating_sub(services.clock.wall()));
        if !left.is_zero() {
            return left.min(LOOK_AGAIN);
        }
        if services.rooms.close_due(room).await.is_err() {
            return AFTER_FAILURE;
        }
    }
}
