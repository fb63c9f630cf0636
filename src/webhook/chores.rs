//! What is done for the ledger every few seconds: delivered events beyond those that are kept are forgotten, and how old the oldest
//! waiting one is, is measured.

use std::sync::Arc;
use std::time::Duration;

use crate::metrics::TargetLabels;
use crate::store::{Store, StoreError};

use super::attempt::Teller;

const EVERY: Duration = Duration::from_secs(5);

/// Goes on until it is given up on.
pub(super) async fn run(targets: Vec<String>, teller: Arc<Teller>, store: Arc<Store>) {
    loop {
        for target in &targets {
            log(measure(target, &teller, &store).await);
        }
        log(forget(teller.settings.keep_delivered, &store).await);
        teller.clock.sleep(EVERY).await;
    }
}

async fn measure(target: &str, teller: &Teller, store: &Store) -> Result<(), StoreError> {
    let oldest = store.oldest_event(target).await?;
    let age = oldest.map_or(0, |made| teller.clock.wall().saturating_sub(made) / 1000);
    let gauge = teller.metrics.webhook_oldest_seconds.get_or_create_owned(&TargetLabels::of(target));
    gauge.set(i64::try_from(age).unwrap_or(i64::MAX));
    Ok(())
}

/// In small steps, so that others' writes come between.
async fn forget(keep: u32, store: &Store) -> Result<(), StoreError> {
    while let Some(last) = store.delivered_beyond(keep).await? {
        if !store.forget_delivered(last).await?.await {
            break;
        }
    }
    Ok(())
}

fn log(done: Result<(), StoreError>) {
    if let Err(error) = done {
        tracing::error!(%error, "looking after the webhook's ledger failed: {error}");
    }
}
