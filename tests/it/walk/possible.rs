//! The worlds that may be: one, as a rule. A call that a crash cut off has happened or not, and what of it can't be seen at once is only
//! known when it makes a difference.

use super::model::World;

#[derive(Debug)]
pub struct Possible(Vec<World>);

impl Default for Possible {
    fn default() -> Possible {
        Possible(vec![World::default()])
    }
}

impl Possible {
    /// The one that calls are made up for.
    pub fn first(&self) -> &World {
        &self.0[0]
    }

    #[allow(dead_code)]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Keeps those that what came agrees with, as they are then. The complaint where there is none.
    pub fn keep(&mut self, agrees: impl FnMut(&World) -> Result<World, String>) -> Result<(), String> {
        let (kept, complaints) = self.agreeing(agrees);
        if kept.is_empty() {
            return Err(complaints.join("\n  or, in another possible world: "));
        }
        self.0 = kept;
        Ok(())
    }

    fn agreeing(&self, agrees: impl FnMut(&World) -> Result<World, String>) -> (Vec<World>, Vec<String>) {
        let (mut kept, mut complaints) = (Vec::new(), Vec::new());
        for result in self.0.iter().map(agrees) {
            match result {
                Ok(world) if kept.contains(&world) => {}
                Ok(world) => kept.push(world),
                Err(complaint) => complaints.push(complaint),
            }
        }
        (kept, complaints)
    }

    /// Any of these may have become of each.
    pub fn branch(&mut self, futures: impl Fn(&World) -> Vec<World>) {
        let all: Vec<World> = self.0.iter().flat_map(futures).collect();
        self.0.clear();
        for world in all {
            if !self.0.contains(&world) {
                self.0.push(world);
            }
        }
    }

    pub fn change(&mut self, change: impl Fn(&mut World)) {
        self.0.iter_mut().for_each(change);
    }
}
