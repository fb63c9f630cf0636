//! `roomgate verify`: members that record what they send and receive, faults that are played to them, and a checker that reads the record.

pub mod checker;
mod content;
mod decoder;
mod desk;
pub mod history;
mod link;
pub mod making;
mod member;
mod parse;
mod passers;
pub mod plan;
mod player;
mod proxy;
mod read_back;
mod receiver;
pub mod recorder;
pub mod run;
mod seat;
pub mod trim;
pub mod world;
