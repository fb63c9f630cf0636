//! What happens beside the messages: members go and come, or all of them at once.

mod churn;
mod storm;

use std::cell::Cell;
use std::rc::Rc;

use tokio::task::JoinHandle;

use super::report::{Churn, Storm};
use super::run::Run;
use super::watch::Stop;

/// What is to happen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aside {
    /// Nothing.
    Nothing,
    /// Half of the members go and come, so many a second.
    Churn(f64),
    /// All are cut at once and come back.
    Storm {
        /// With the session they had.
        resume: bool,
    },
}

/// What has happened.
#[derive(Debug)]
pub enum Told {
    /// Nothing.
    Nothing,
    /// Until it is ended.
    Churn(JoinHandle<Churn>, Stop),
    /// Until it is over.
    Storm(JoinHandle<Storm>, Rc<Cell<bool>>),
}

impl Aside {
    /// Begins.
    pub fn start(self, run: &Rc<Run>) -> Told {
        match self {
            Aside::Nothing => Told::Nothing,
            Aside::Churn(per_second) => {
                let stop = Stop::default();
                Told::Churn(tokio::task::spawn_local(churn::go_and_come(run.clone(), per_second, stop.clone())), stop)
            }
            Aside::Storm { resume } => {
                let (run, over) = (run.clone(), Rc::new(Cell::new(false)));
                let is_over = over.clone();
                let storm = async move {
                    let storm = storm::cut_and_come_back(&run, resume).await;
                    is_over.set(true);
                    storm
                };
                Told::Storm(tokio::task::spawn_local(storm), over)
            }
        }
    }
}

impl Told {
    /// Whether it needs no more time.
    pub fn is_done(&self) -> bool {
        match self {
            Told::Nothing | Told::Churn(..) => true,
            Told::Storm(_, over) => over.get(),
        }
    }

    /// Ends it; nobody is in between afterwards.
    pub async fn end(self) -> (Option<Churn>, Option<Storm>) {
        match self {
            Told::Nothing => (None, None),
            Told::Churn(task, stop) => {
                stop.stop();
                (task.await.ok(), None)
            }
            Told::Storm(task, _) => (None, task.await.ok()),
        }
    }
}
