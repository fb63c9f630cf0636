//! How much goes on in rooms, by the hour and by the day (server API, section 4.8): counted in memory, kept now and then.

use std::sync::Weak;
use std::time::Duration;

use crate::base::Millis;
use crate::model::Refusal;
use crate::model::activity::{Activity, Order, Period};

use super::Services;

/// How often what was counted is kept.
const KEEP_INTERVAL: Duration = Duration::from_secs(10);

impl Services {
    /// The rooms in which most went on in the period that has `moment`.
    pub async fn top_rooms(
        &self,
        period: Period,
        moment: Millis,
        order: Order,
        most: i64,
    ) -> Result<Vec<Activity>, Refusal> {
        self.keep_stats().await?;
        Ok(self.shared.store.top_activities(period, period.start(moment), order, most).await?)
    }

    /// Keeps what was counted.
    pub async fn keep_stats(&self) -> Result<(), Refusal> {
        let now = self.shared.now();
        let taken = self.shared.delivery.activities.take(now);
        if taken.is_empty() { Ok(()) } else { self.shared.store.keep_activities(taken, now).await }
    }
}

/// Goes on until it is given up on, or the services are gone.
pub(super) async fn keep_counts(services: Weak<Services>) {
    while let Some(services) = services.upgrade() {
        let clock = services.clock.clone();
        if let Err(refusal) = services.keep_stats().await {
            tracing::warn!("what went on in rooms is not kept: {refusal}");
        }
        drop(services);
        clock.sleep(KEEP_INTERVAL).await;
    }
}
