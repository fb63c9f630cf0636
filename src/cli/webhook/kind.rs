//! The types of events, as they are shown.

use roomgate::base::event_kind;

/// In a word; an unknown one as its number.
pub(super) fn word(kind: &str) -> String {
    kind.parse().ok().and_then(event_kind).unwrap_or(kind).to_owned()
}
