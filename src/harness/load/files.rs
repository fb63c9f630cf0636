//! How many files this process may have open: a connection is one.

/// What else it has open.
const BESIDES: u64 = 64;

/// The machine's limit is in the way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("open files: {needed} are needed, the hard limit is {limit} (ulimit -Hn); raise it, or have fewer members")]
pub struct TooFewFiles {
    needed: u64,
    limit: u64,
}

/// Raises the soft limit as far as it goes, and sees that so many connections fit.
pub fn make_room(connections: usize) -> Result<(), TooFewFiles> {
    let needed = connections as u64 + BESIDES;
    // Where it can't be asked it can't be told either, and opening says what is wrong.
    let limit = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(u64::MAX);
    if limit < needed { Err(TooFewFiles { needed, limit }) } else { Ok(()) }
}
