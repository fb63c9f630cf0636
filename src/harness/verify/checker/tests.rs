//! Small histories, right ones and wrong ones, for each invariant.

mod deliveries;
mod doors;
mod lanes;
mod model;
mod state;
