//! Judges a recorded run: a pure function from what happened to a verdict for each invariant.

mod accounted;
mod after_kick;
mod before_login;
mod case;
mod directed_secrecy;
mod durable;
mod facts;
mod memory;
mod missing;
mod no_fabrication;
mod no_loss;
mod no_panic;
mod once;
mod order;
mod outcomes;
mod overtaking;
mod reading;
mod room_isolation;
mod sendings;
mod stays;
#[cfg(test)]
mod story;
#[cfg(test)]
mod tests;
mod time;
mod webhooks;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::history::{History, Micros};
use case::Case;

/// What a gateway promises, one verdict each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "`sentence` says what each is")]
pub enum Invariant {
    RoomIsolation,
    DirectedSecrecy,
    NoFabrication,
    Once,
    Order,
    Overtaking,
    NoLoss,
    Accounted,
    Memory,
    Durable,
    Webhooks,
    BeforeLogin,
    AfterKick,
    Time,
    NoPanic,
}

/// What became of one invariant in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Which.
    pub invariant: Invariant,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// How an invariant fared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// It held.
    Held {
        /// How many were judged; never 0.
        judged: u64,
        /// Of what: `messages of 48 senders`.
        of: String,
    },
    /// It did not.
    Broken {
        /// Every time it did not.
        offences: Vec<Offence>,
    },
    /// There was nothing to judge it by.
    Skipped {
        /// Why.
        why: String,
    },
}

/// One time when an invariant did not hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offence {
    /// When it was seen.
    pub at: Micros,
    /// Member, room, message id; what was expected and what came.
    pub text: String,
}

impl Invariant {
    /// All of them, in the order of the report.
    pub const ALL: [Invariant; 15] = [
        Invariant::RoomIsolation,
        Invariant::DirectedSecrecy,
        Invariant::NoFabrication,
        Invariant::Once,
        Invariant::Order,
        Invariant::Overtaking,
        Invariant::NoLoss,
        Invariant::Accounted,
        Invariant::Memory,
        Invariant::Durable,
        Invariant::Webhooks,
        Invariant::BeforeLogin,
        Invariant::AfterKick,
        Invariant::Time,
        Invariant::NoPanic,
    ];

    /// Its name in reports and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Invariant::RoomIsolation => "room-isolation",
            Invariant::DirectedSecrecy => "directed-secrecy",
            Invariant::NoFabrication => "no-fabrication",
            Invariant::Once => "once",
            Invariant::Order => "order",
            Invariant::Overtaking => "overtaking",
            Invariant::NoLoss => "no-loss",
            Invariant::Accounted => "accounted",
            Invariant::Memory => "memory",
            Invariant::Durable => "durable",
            Invariant::Webhooks => "webhooks",
            Invariant::BeforeLogin => "before-login",
            Invariant::AfterKick => "after-kick",
            Invariant::Time => "time",
            Invariant::NoPanic => "no-panic",
        }
    }

    /// By its name.
    pub fn named(name: &str) -> Option<Invariant> {
        Invariant::ALL.into_iter().find(|invariant| invariant.name() == name)
    }

    /// What it promises.
    pub fn sentence(self) -> &'static str {
        match self {
            Invariant::RoomIsolation => "a message of a room reaches nobody who is not in it",
            Invariant::DirectedSecrecy => "a directed message reaches sessions of the listed accounts and nobody else",
            Invariant::NoFabrication => {
                "what arrives was sent so, byte for byte, by who is named as its sender, and was not refused"
            }
            Invariant::Once => "nothing arrives twice at a session, sent again or across a resume",
            Invariant::Order => "messages of one sender, room and lane arrive in the order in which they were accepted",
            Invariant::Overtaking => {
                "an urgent frame waits behind no more normal bytes than is published, and the normal lane is not starved"
            }
            Invariant::NoLoss => "below the bound of its queue a session gets everything",
            Invariant::Accounted => {
                "what was addressed has arrived, was told as lost, or waited at the end; and outcomes are true"
            }
            Invariant::Memory => "memory is bounded and goes back after load",
            Invariant::Durable => "what was acknowledged survives kill -9",
            Invariant::Webhooks => {
                "every event comes at least once, always with the same id and body, and none of what was refused"
            }
            Invariant::BeforeLogin => "nothing is said to who has not logged in",
            Invariant::AfterKick => "nothing of a room reaches a session that was put out of it",
            Invariant::Time => "times in a room never go back",
            Invariant::NoPanic => "no panic, no internal error, no end that nobody asked for",
        }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A verdict for each invariant, in the order of [`Invariant::ALL`].
pub fn check(history: &History) -> Vec<Verdict> {
    let case = Case::of(history);
    let judge = |invariant| Verdict { invariant, outcome: judge(invariant, &case) };
    Invariant::ALL.into_iter().map(judge).collect()
}

fn judge(invariant: Invariant, case: &Case<'_>) -> Outcome {
    match invariant {
        Invariant::RoomIsolation => room_isolation::judge(case),
        Invariant::DirectedSecrecy => directed_secrecy::judge(case),
        Invariant::NoFabrication => no_fabrication::judge(case),
        Invariant::Once => once::judge(case),
        Invariant::Order => order::judge(case),
        Invariant::Overtaking => overtaking::judge(case),
        Invariant::NoLoss => no_loss::judge(case),
        Invariant::Accounted => accounted::judge(case),
        Invariant::Memory => memory::judge(case),
        Invariant::Durable => durable::judge(case),
        Invariant::Webhooks => webhooks::judge(case),
        Invariant::BeforeLogin => before_login::judge(case),
        Invariant::AfterKick => after_kick::judge(case),
        Invariant::Time => time::judge(case),
        Invariant::NoPanic => no_panic::judge(case),
    }
}
