//! The worlds that may be: one, as a rule. Of two calls at the same time either may have been first, and a call that a crash cut off has
//! happened or not; what of that can't be seen at once is only known when it makes a difference.

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

    /// Each world becomes any of those that agree with what came. The complaint where none does.
    pub fn advance(&mut self, future: impl FnMut(&World) -> Result<Vec<World>, String>) -> Result<(), String> {
        let (mut worlds, mut complaints): (Vec<World>, _) = (Vec::new(), Vec::new());
        for result in self.0.iter().map(future) {
            match result {
                Ok(all) => {
                    for world in all {
                        if !worlds.contains(&world) {
                            worlds.push(world);
                        }
                    }
                }
                Err(complaint) => complaints.push(complaint),
            }
        }
        if worlds.is_empty() {
            return Err(complaints.join("\n  or, in another possible world: "));
        }
        self.0 = worlds;
        Ok(())
    }

    /// Keeps those that agree with what came, which may change them.
    pub fn keep(&mut self, agrees: impl Fn(&mut World) -> Result<(), String>) -> Result<(), String> {
        self.advance(|world| {
            let mut world = world.clone();
            agrees(&mut world).map(|()| vec![world])
        })
    }

    pub fn change(&mut self, change: impl Fn(&mut World)) {
        self.0.iter_mut().for_each(change);
    }
}
