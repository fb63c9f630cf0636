//! What an account is in a room (sections 5.1 and 5.2).

use super::time::Until;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    #[default]
    Guest,
    Common,
    Manager,
    Creator,
    Limited {
        blocked: bool,
        muted: bool,
    },
}

/// How a member looks in a room; what is not said there is its account's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looks {
    pub nick: Option<String>,
    pub ext: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing {
    pub role: Role,
    /// A mute for a time, beside whatever the role says.
    pub mute: Option<Until>,
    /// What a fixed member has saved.
    pub saved: Looks,
    /// The moment that lists show of a fixed member that is away. It is learnt, and must then stay.
    pub since: Option<u64>,
}

impl Role {
    pub fn word(self) -> &'static str {
        match self {
            Role::Guest => "TEMPORARY",
            Role::Common => "COMMON",
            Role::Manager => "MANAGER",
            Role::Creator => "CREATOR",
            Role::Limited { .. } => "LIMITED",
        }
    }

    pub fn is_fixed(self) -> bool {
        self != Role::Guest
    }

    pub fn manages(self) -> bool {
        matches!(self, Role::Manager | Role::Creator)
    }

    pub fn is_blocked(self) -> bool {
        matches!(self, Role::Limited { blocked: true, .. })
    }

    pub fn is_muted(self) -> bool {
        matches!(self, Role::Limited { muted: true, .. })
    }

    /// `setMemberRole` with this `opt`: a role is one value, but the two limits stand together. What is not there can't be cancelled.
    pub fn after(self, opt: i64, set: bool) -> Role {
        let (blocked, muted) = (self.is_blocked(), self.is_muted());
        match (opt, set) {
            (1, true) => Role::Manager,
            (2, true) => Role::Common,
            (-1, true) => Role::Limited { blocked: true, muted },
            (-2, true) => Role::Limited { blocked, muted: true },
            (1, false) if self == Role::Manager => Role::Guest,
            (2, false) if self == Role::Common => Role::Guest,
            (-1, false) if blocked && muted => Role::Limited { blocked: false, muted },
            (-2, false) if blocked && muted => Role::Limited { blocked, muted: false },
            (-1, false) if blocked => Role::Guest,
            (-2, false) if muted => Role::Guest,
            _ => self,
        }
    }

    /// Nobody acts on the creator, and a manager on no manager; only the creator makes managers.
    pub fn may_act_on(self, target: Role, opt: i64) -> bool {
        match self {
            Role::Creator => target != Role::Creator,
            Role::Manager => !target.manages() && opt != 1,
            _ => false,
        }
    }
}

impl Looks {
    pub fn or(self, other: &Looks) -> Looks {
        Looks { nick: self.nick.or_else(|| other.nick.clone()), ext: self.ext.or_else(|| other.ext.clone()) }
    }
}
