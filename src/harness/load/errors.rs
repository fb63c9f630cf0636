//! What went wrong, by where and what, with counts.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::harness::ConnectionError;

/// What went wrong until now.
#[derive(Debug, Default)]
pub struct Errors {
    counts: RefCell<BTreeMap<(&'static str, String), u64>>,
}

/// One kind of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorCount {
    /// `rest`, `socket`, `close` or `connect`.
    pub at: &'static str,
    /// A code, or what the machine said.
    pub what: String,
    /// How often.
    pub count: u64,
}

impl Errors {
    /// Counts one.
    pub fn add(&self, at: &'static str, what: impl Into<String>) {
        *self.counts.borrow_mut().entry((at, what.into())).or_default() += 1;
    }

    /// Counts a member that did not come.
    pub fn add_connection(&self, error: &ConnectionError) {
        match error {
            ConnectionError::Refused { op, code, .. } => self.add("socket", format!("{code} to {op}")),
            ConnectionError::Broken(op, error) => self.add("connect", format!("{op}: {}", error.kind())),
            ConnectionError::Address(_) | ConnectionError::Handshake(_) | ConnectionError::Late { .. } => {
                self.add("connect", error.to_string());
            }
        }
    }

    /// All of them.
    pub fn list(&self) -> Vec<ErrorCount> {
        let counts = self.counts.borrow();
        counts.iter().map(|((at, what), count)| ErrorCount { at, what: what.clone(), count: *count }).collect()
    }
}
