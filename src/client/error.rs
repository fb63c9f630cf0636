//! Why something asked of the gateway over a WebSocket did not happen.

use std::time::Duration;

use super::BadAddress;

/// What can go wrong for a [`Client`](super::Client).
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The address can't be used.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// No connection.
    #[error("no connection to {address}: {why}")]
    Connect {
        /// Where to.
        address: String,
        /// What was in the way.
        why: String,
    },
    /// The gateway answered the handshake with something else.
    #[error("the handshake was answered with HTTP status {0}")]
    Status(u16),
    /// The parameters of a request are something else than an object.
    #[error("the parameters of {op} must be an object")]
    Params {
        /// What was asked.
        op: String,
    },
    /// The gateway refused the request.
    #[error("{code} {desc}")]
    Refused {
        /// The status code.
        code: u16,
        /// What was wrong and what was expected.
        desc: String,
    },
    /// The connection is over.
    #[error("the connection is over: {}", describe_close(*code, reason))]
    Closed {
        /// The close code; `None` where the connection broke without one.
        code: Option<u16>,
        /// What was said, or how it broke.
        reason: String,
    },
    /// No answer in time.
    #[error("no answer to {op} within {} s", waited.as_secs())]
    NoAnswer {
        /// What was asked.
        op: String,
        /// How long we waited.
        waited: Duration,
    },
    /// The answer is not what the protocol says.
    #[error("the answer to {op} can't be read: {why}")]
    Answer {
        /// What was asked.
        op: String,
        /// What is wrong with it.
        why: String,
    },
}

impl ClientError {
    /// The status code of a refusal.
    pub fn code(&self) -> Option<u16> {
        match self {
            ClientError::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }
}

fn describe_close(code: Option<u16>, reason: &str) -> String {
    match code {
        Some(code) if reason.is_empty() => format!("close code {code}"),
        Some(code) => format!("close code {code}, {reason}"),
        None => reason.to_owned(),
    }
}
