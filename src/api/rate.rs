//! How often the application server may call an action (section 1.6). Only the REST door counts.

/// How often one action may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rate {
    /// As often a second as the operator allows every action, then not for ten seconds.
    PerSecond,
    /// So many times a minute, then not for a minute: for an action that costs much.
    PerMinute(u32),
}
