//! `roomgate verify`: members that record what they send and receive, faults that are played to them, and a checker that reads the record.

pub mod checker;
pub mod history;
