//! The worlds that may be: one, as a rule. A call that a crash cut off has happened or not, and what of it can't be seen at once is only
//! known when it makes a difference.

use super::model::World;

#[derive(Debug)]
pub struct Possible {
    worlds: Vec<World>,
    /// Those in which nothing had happened are ruled out since the last branching.
    moved_on: bool,
}

impl Default for Possible {
    fn default() -> Possible {
        Possible { worlds: vec![World::default()], moved_on: false }
    }
}

impl Possible {
    /// The one that calls are made up for.
    pub fn first(&self) -> &World {
        &self.worlds[0]
    }

    /// Keeps those that what came agrees with, as they are then. The complaint where there is none.
    pub fn keep(&mut self, agrees: impl FnMut(&World) -> Result<World, String>) -> Result<(), String> {
        let (mut kept, mut complaints) = (Vec::new(), Vec::new());
        for (at, result) in self.worlds.iter().map(agrees).enumerate() {
            match result {
                Ok(world) if kept.contains(&world) => {}
                Ok(world) => kept.push(world),
                Err(complaint) => {
                    self.moved_on |= at == 0;
                    complaints.push(complaint);
                }
            }
        }
        if kept.is_empty() {
            return Err(complaints.join("\n  or, in another possible world: "));
        }
        self.worlds = kept;
        Ok(())
    }

    /// A world stays as it is, or one of these becomes of it.
    pub fn branch(&mut self, futures: impl Fn(&World) -> Vec<World>) {
        let all = self.worlds.iter().cloned().chain(self.worlds.iter().flat_map(futures));
        let mut worlds: Vec<World> = Vec::new();
        for world in all {
            if !worlds.contains(&world) {
                worlds.push(world);
            }
        }
        (self.worlds, self.moved_on) = (worlds, false);
    }

    pub fn change(&mut self, change: impl Fn(&mut World)) {
        self.worlds.iter_mut().for_each(change);
    }

    /// Whether what was cut off when the worlds branched has certainly happened.
    pub fn has_moved_on(&self) -> bool {
        self.moved_on
    }
}
