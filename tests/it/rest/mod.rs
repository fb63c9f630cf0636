//! The signed server API.

mod batch;
mod directed;
mod forms;
mod hang_up;
mod http;
mod queue;
mod queue_batch;
mod queue_notices;
mod queue_rules;
mod robots;
mod room;
mod signature;
mod tag_mute;
mod tags;
mod tags_in_history;
mod to_room;
mod user;
