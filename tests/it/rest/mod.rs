//! The signed server API.

mod accounts;
mod batch;
mod batch_to_room;
mod broadcast;
mod contents;
mod directed;
mod forms;
mod high_priority;
mod history;
mod history_bounds;
mod http;
mod online_status;
mod rates;
mod recall;
mod room;
mod send_parameters;
mod signature;
mod silenced;
mod stats;
mod tag_history;
mod to_room;
mod user;
