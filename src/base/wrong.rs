//! Gateways that are wrong on purpose: the one fault that a process makes, so that a test can prove that `roomgate verify` finds it. Compiled only with the
//! feature `wrong-gateways`.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Invalid;

/// The environment variable that names the fault.
pub const VARIABLE: &str = "ROOMGATE_WRONG";

/// The fault of this process, once it is known.
static CHOSEN: OnceLock<Option<Wrong>> = OnceLock::new();
/// How often there was an occasion for it.
static OCCASIONS: AtomicU64 = AtomicU64::new(0);

macro_rules! wrongs {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What a gateway does wrong. Where it does so is one line each, at the place where a fault of that kind would be.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Wrong {
            $($(#[$doc])* $variant,)*
        }

        impl Wrong {
            /// All of them.
            pub const ALL: &[Wrong] = &[$(Wrong::$variant,)*];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Wrong::$variant => $name,)*
                }
            }
        }
    };
}

wrongs! {
    /// A directed message reaches one more member of its room.
    ExtraMember = "extra-member",
    /// A message to a room reaches a member of another one too.
    WrongRoom = "wrong-room",
    /// Whoever has left a room still gets what is said there, until the next one enters.
    DeliversToLeft = "delivers-to-left",
    /// One message is delivered after the next one of its sender.
    Swap = "swap",
    /// One delivery in 10,000 is forgotten.
    DropRare = "drop-rare",
    /// One recipient of a directed message in 20 does not get it, and is said to.
    DropDirected = "drop-directed",
    /// One delivery in 500 comes twice.
    DeliversTwice = "delivers-twice",
    /// Who comes back gets some frames again that it has.
    DuplicateAfterResume = "duplicate-after-resume",
    /// Who comes back does not get all that was sent meanwhile.
    LoseAfterResume = "lose-after-resume",
    /// A message that is sent again reaches those who have it.
    DuplicateResend = "duplicate-resend",
    /// A message comes in the name of somebody else.
    WrongSender = "wrong-sender",
    /// One letter of a content is changed.
    AlteredContent = "altered-content",
    /// A message comes that nobody sent.
    MadeUp = "made-up",
    /// Urgent frames take the normal lane.
    IgnoresHighLane = "ignores-high-lane",
    /// Normal frames wait until no urgent one is there.
    StarvesNormal = "starves-normal",
    /// What a full lane dropped is not told.
    ForgetsLost = "forgets-lost",
    /// `lost` tells of one frame too many.
    WrongLostCount = "wrong-lost-count",
    /// Normal frames are dropped, and told as lost, far below the lane's bound.
    LowBound = "low-bound",
    /// A change is answered before it is committed.
    AcknowledgesBeforeCommit = "acknowledges-before-commit",
    /// One message in 20 is missing in its room's history.
    ForgetsHistory = "forgets-history",
    /// Every connection that ends leaves 8 KiB behind.
    LeaksPerDisconnect = "leaks-per-disconnect",
    /// A connection hears a message before it has logged in.
    SpeaksBeforeLogin = "speaks-before-login",
    /// Who was put out of a room still hears it.
    SpeaksAfterKick = "speaks-after-kick",
    /// One message in 50 has a time of some seconds ago.
    TimeGoesBack = "time-goes-back",
    /// A recipient who is not in the room is said to have the message.
    ClaimsDelivery = "claims-delivery",
    /// A recipient who got a message is said not to be in the room.
    DeniesDelivery = "denies-delivery",
    /// An event that was not received is not sent again.
    WebhookLost = "webhook-lost",
    /// One event in 20 is never made.
    WebhookForgotten = "webhook-forgotten",
    /// An event that is sent again has another body.
    WebhookChangedBody = "webhook-changed-body",
    /// An event that is sent again has another id.
    WebhookChangedId = "webhook-changed-id",
    /// Messages that were refused are told too.
    WebhookTellsRefused = "webhook-tells-refused",
    /// One message in 200 makes its task panic.
    PanicsSometimes = "panics-sometimes",
    /// Who is muted may speak.
    MutedMaySpeak = "muted-may-speak",
}

impl Wrong {
    /// Whether this process has this fault.
    pub fn is(self) -> bool {
        CHOSEN.get().copied().flatten() == Some(self)
    }

    /// Whether this process has any fault.
    pub fn chosen() -> bool {
        CHOSEN.get().is_some_and(Option::is_some)
    }

    /// Whether this process has this fault, and the occasion is the last of so many.
    pub fn once_in(self, occasions: u64) -> bool {
        self.is() && OCCASIONS.fetch_add(1, Ordering::Relaxed) % occasions == occasions - 1
    }

    fn find(name: &str) -> Result<Wrong, Invalid> {
        let names = || Wrong::ALL.iter().map(|wrong| wrong.name()).collect::<Vec<_>>().join(", ");
        let found = Wrong::ALL.iter().find(|wrong| wrong.name() == name);
        found.copied().ok_or_else(|| Invalid::value(VARIABLE, format!("one of {}", names()), name))
    }
}

/// Reads which fault this process shall have; `None` where it is to be right. It keeps it.
pub fn choose() -> Result<Option<Wrong>, Invalid> {
    let name = std::env::var(VARIABLE).unwrap_or_default();
    let chosen = if name.is_empty() { None } else { Some(Wrong::find(&name)?) };
    Ok(*CHOSEN.get_or_init(|| chosen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_by_its_name_and_an_unknown_name_is_told_all() {
        assert!(Wrong::ALL.iter().all(|wrong| Wrong::find(wrong.name()) == Ok(*wrong)));
        let refused = Wrong::find("righteous").unwrap_err().to_string();
        assert!(refused.contains("extra-member, wrong-room"), "{refused}");
    }

    #[test]
    fn a_process_that_was_told_nothing_is_right() {
        assert!(!Wrong::ALL.iter().any(|wrong| wrong.is() || wrong.once_in(1)));
    }
}
