//! What the services do by themselves, again and again: close rooms whose moment has come, forget old messages, keep counts, have
//! judged what was delivered.

use std::sync::Arc;

use tokio_util::sync::{CancellationToken, DropGuard};

use super::{Services, closer, history, media, stats};

/// They are done as long as this lives.
#[derive(Debug)]
pub struct Chores(#[expect(dead_code, reason = "what matters is when it is dropped")] DropGuard);

impl Chores {
    /// Starts them, each as a task of this runtime.
    pub(super) fn start(services: &Arc<Services>) -> Chores {
        let over = CancellationToken::new();
        let weak = || Arc::downgrade(services);
        tokio::spawn(over.clone().run_until_cancelled_owned(closer::close_due_rooms(weak())));
        tokio::spawn(over.clone().run_until_cancelled_owned(history::forget_old_messages(weak())));
        tokio::spawn(over.clone().run_until_cancelled_owned(stats::keep_counts(weak())));
        if let Some(unjudged) = services.delivery.take_unjudged() {
            tokio::spawn(over.clone().run_until_cancelled_owned(media::judge_all(weak(), unjudged)));
        }
        Chores(over.drop_guard())
    }
}
