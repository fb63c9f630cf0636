//! A whole run: sets the stage, plays the plan, hands what was recorded to the checker.

use std::sync::Arc;

use super::checker::{self, Invariant, Outcome, Verdict};
use super::history::{Bounds, Entry, History, Setup, What};
use super::plan::Plan;
use super::player::Player;
use super::recorder::Recorder;
use super::world::{Target, World, WorldError};

/// What is to be run.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which gateway.
    pub target: Target,
    /// What is done.
    pub plan: Plan,
    /// The bounds that the gateway keeps to.
    pub bounds: Bounds,
}

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Report {
    /// All that happened.
    pub history: History,
    /// A verdict for each invariant.
    pub verdicts: Vec<Verdict>,
}

impl Report {
    /// The invariants that did not hold.
    pub fn broken(&self) -> Vec<Invariant> {
        let is_broken = |verdict: &&Verdict| matches!(verdict.outcome, Outcome::Broken { .. });
        self.verdicts.iter().filter(is_broken).map(|verdict| verdict.invariant).collect()
    }
}

/// Runs it. `began` hears the name of each phase, with its number and how many there are.
pub async fn run(order: &Order, mut began: impl FnMut(&str, usize, usize)) -> Result<Report, WorldError> {
    let recorder = Recorder::begin();
    let plan = &order.plan;
    let world = Arc::new(World::open(&order.target, plan, recorder.clone()).await?);
    let setup = Setup { seed: plan.seed, reach: world.reach(), bounds: order.bounds };
    let player = Player::new(world.clone(), plan);
    for (number, phase) in plan.phases.iter().enumerate() {
        began(&phase.name, number + 1, plan.phases.len());
        player.phase(phase).await;
        if number == 0 && !recorder.look(|entries| entries.iter().any(is_login)) && !world.has_died().await {
            return Err(WorldError::Nobody(world.way().host));
        }
        if world.has_died().await {
            break;
        }
    }
    player.dismiss().await;
    drop(player);
    world.read_log();
    let history = History { setup, entries: recorder.take() };
    if let Some(world) = Arc::into_inner(world) {
        world.close().await;
    }
    // It reads much and asks nobody; the runtime's threads have nothing else to do now.
    let verdicts = checker::check(&history);
    Ok(Report { history, verdicts })
}

fn is_login(entry: &Entry) -> bool {
    matches!(entry.what, What::LoggedIn { .. })
}
