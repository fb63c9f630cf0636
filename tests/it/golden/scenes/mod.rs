//! Scenes in which every frame is said once. Each has a gateway of its own, so that its frames do not depend on the others'.

pub mod coming;
pub mod contents;
pub mod ending;
pub mod mutes;
pub mod queue;
pub mod refusals;
pub mod resume;
pub mod roles;
pub mod room;
pub mod sending;
pub mod tags;
