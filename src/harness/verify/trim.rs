//! Makes a failing plan smaller: leaves actions out as long as the same invariant breaks (delta debugging, with a bound on the runs).

use super::plan::{Phase, Plan};

/// Takes parts out of a plan for as long as `breaks` says of what is left that it still fails, and at most `runs` times.
pub async fn trim(plan: &Plan, runs: usize, mut breaks: impl AsyncFnMut(&Plan) -> bool) -> Plan {
    let mut left = runs;
    let mut plan = plan.clone();
    // Whole phases first, the last one first: what comes after the failure is the easiest to spare.
    for number in (0..plan.phases.len()).rev() {
        if left == 0 {
            return plan;
        }
        let mut fewer = plan.clone();
        fewer.phases.remove(number);
        if !fewer.is_empty() {
            left -= 1;
            if breaks(&fewer).await {
                plan = fewer;
            }
        }
    }
    let mut parts = 2;
    while left > 0 && plan.len() > 1 {
        let size = plan.len().div_ceil(parts);
        let mut smaller = None;
        for part in 0..parts {
            if left == 0 {
                break;
            }
            let fewer = without(&plan, part * size..(part + 1) * size);
            if fewer.len() == plan.len() || fewer.is_empty() {
                continue;
            }
            left -= 1;
            if breaks(&fewer).await {
                smaller = Some(fewer);
                break;
            }
        }
        match smaller {
            Some(fewer) => {
                plan = fewer;
                parts = (parts - 1).max(2);
            }
            None if size == 1 => break,
            None => parts = (parts * 2).min(plan.len()),
        }
    }
    plan
}

/// The plan without the actions of these numbers, counted through all phases; and without phases where nothing is left.
fn without(plan: &Plan, numbers: std::ops::Range<usize>) -> Plan {
    let mut number = 0;
    let mut phases = Vec::new();
    for phase in &plan.phases {
        let mut actions = Vec::new();
        for action in &phase.actions {
            if !numbers.contains(&number) {
                actions.push(action.clone());
            }
            number += 1;
        }
        if !actions.is_empty() {
            phases.push(Phase { actions, ..phase.clone() });
        }
    }
    Plan { phases, ..plan.clone() }
}

#[cfg(test)]
mod tests {
    use super::super::making::{Faults, Size, make};
    use super::super::plan::{Action, Actor, Deed};
    use super::*;

    fn marked() -> Plan {
        let mut plan = make(1, Size::quick(), Faults::all());
        for at in [3, 900] {
            let lurk = Action { at, by: Actor::Stranger(9), deed: Deed::Lurk { time: at } };
            plan.phases[2].actions.push(lurk);
        }
        plan
    }

    fn marks(plan: &Plan) -> usize {
        let is_mark = |by: Actor| by == Actor::Stranger(9);
        plan.phases.iter().flat_map(|phase| &phase.actions).filter(|action| is_mark(action.by)).count()
    }

    #[tokio::test]
    async fn what_does_not_matter_is_left_out() {
        let plan = marked();
        let small = trim(&plan, 500, async |plan: &Plan| marks(plan) == 2).await;
        assert_eq!((small.len(), marks(&small)), (2, 2), "{small}");
    }

    #[tokio::test]
    async fn there_are_no_more_runs_than_allowed_and_what_is_left_still_fails() {
        let plan = marked();
        let mut runs = 0;
        let small = trim(&plan, 12, async |plan: &Plan| {
            runs += 1;
            marks(plan) == 2
        })
        .await;
        assert_eq!(marks(&small), 2);
        assert!(runs <= 12 && small.len() < plan.len(), "{runs}");
    }
}
