//! `roomgate verify`: members that record what they send and receive, faults that are played to them, and a checker that reads the record.

pub mod checker;
mod decoder;
pub mod history;
mod link;
mod parse;
pub mod plan;
pub mod recorder;
mod seat;
