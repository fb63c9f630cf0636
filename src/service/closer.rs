//! Closes rooms when their moment has come. The moments are in the store, so they survive a restart; this only waits for the next one.

use std::sync::Weak;
use std::time::Duration;

use super::Services;

/// The wall clock may be set, so the next moment is looked at again that often.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
/// How soon a database that failed is asked again.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Goes on until it is given up on, or the services are gone.
pub(super) async fn close_due_rooms(services: Weak<Services>) {
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
