//! Who looks on while it runs, and may end it early.

use tokio::sync::watch;

/// Hears how far it is.
pub trait Watch {
    /// Something begins that has so many steps.
    fn begin(&self, what: &str, steps: u64);

    /// So many of them are done.
    fn done(&self, steps: u64);
}

/// Nobody looks on.
#[derive(Debug, Clone, Copy)]
pub struct Nobody;

impl Watch for Nobody {
    fn begin(&self, _: &str, _: u64) {}

    fn done(&self, _: u64) {}
}

/// Ends what runs. Clones end the same.
#[derive(Debug, Clone)]
pub struct Stop {
    stopped: watch::Sender<bool>,
}

impl Default for Stop {
    fn default() -> Stop {
        Stop { stopped: watch::Sender::new(false) }
    }
}

impl Stop {
    /// It is to end now.
    pub fn stop(&self) {
        self.stopped.send_replace(true);
    }

    /// Whether it is.
    pub fn is_stopped(&self) -> bool {
        *self.stopped.borrow()
    }

    /// Waits until it is.
    pub async fn wait(&self) {
        // The sender is here, so it can't be gone.
        let _ = self.stopped.subscribe().wait_for(|stopped| *stopped).await;
    }
}
