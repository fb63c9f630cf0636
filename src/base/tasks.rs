//! The tasks of one owner: started by it, waited for at its end, and cut short where they take too long.

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Clones share the same tasks.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    running: TaskTracker,
    cut: CancellationToken,
}

impl Tasks {
    /// Starts one. It is dropped where it stands when the tasks are cut.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        // Boxed, or the task would hold room for it once more, where it is handed on. Whether it ended or was cut is the same to whoever
        // waits.
        self.running.spawn(self.cut.clone().run_until_cancelled_owned(Box::pin(task)));
    }

    /// How many run.
    pub fn count(&self) -> usize {
        self.running.len()
    }

    /// Waits until none runs.
    pub async fn ended(&self) {
        self.running.close();
        self.running.wait().await;
    }

    /// Ends those that run, and all that would still be started.
    pub async fn cut(&self) {
        self.cut.cancel();
        self.ended().await;
    }
}
